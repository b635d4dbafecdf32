-- title = "Keys that were taken out of use although they were in use"
-- question = "Which keys were disabled or scheduled for deletion shortly after somebody had used them?"
-- severity = "high"
-- false_positives = ["A key whose data was moved to another key within those days"]
-- references = [
--   "https://docs.aws.amazon.com/kms/latest/developerguide/key-state.html",
--   "https://docs.aws.amazon.com/kms/latest/developerguide/deleting-keys.html",
-- ]
-- attack = ["T1485", "T1489"]
-- [params]
-- days = { type = "number", about = "days before the change in which a use counts", default = "30" }

SELECT
    s.key_arn, s.state, s.start_at AS since, s.root_actor AS by_actor,
    sum(u.calls) AS calls_before, max(u.last_at) AS last_used,
    list(DISTINCT coalesce(u.service, u.actor) ORDER BY coalesce(u.service, u.actor)) AS users,
    s.entry_index
FROM key_spans AS s
JOIN usage AS u
    ON u.key_arn = s.key_arn
    AND u.first_at < s.start_at
    AND u.last_at >= s.start_at - to_days(CAST($days AS INTEGER))
WHERE s.state IN ('Disabled', 'PendingDeletion', 'PendingReplicaDeletion')
    AND s.start_at = s.since AND s.start_at <= asked_at()
GROUP BY ALL
ORDER BY since, s.key_arn, s.entry_index
