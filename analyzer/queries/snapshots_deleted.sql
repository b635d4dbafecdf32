-- title = "Snapshots that were deleted, and whether another copy was left"
-- question = "Who deleted which snapshots, and what could still be restored right after?"
-- severity = "low"
-- false_positives = ["Snapshots that are rotated"]
-- references = [
--   "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_WorkingWithAutomatedBackups.html",
-- ]
-- attack = ["T1490"]

SELECT
    s.event_time, s.actor, s.session, s.event_name,
    coalesce(
        s.request ->> '$.dBSnapshotIdentifier', s.request ->> '$.dBClusterSnapshotIdentifier',
        s.request ->> '$.recoveryPointArn'
    ) AS snapshot,
    s.error_code,
    (
        SELECT count(*) FROM copy_spans AS c
        WHERE c.database_id = s.database_id AND c.kind <> 'export'
            AND c.condition IN ('usable', 'latent')
            AND holds_at(c.start_at, c.end_at, s.event_time)
    ) AS copies_left,
    s.database_id, s.entry_index
FROM so_far() AS s
WHERE s.event_name IN ('DeleteDBSnapshot', 'DeleteDBClusterSnapshot', 'DeleteRecoveryPoint')
ORDER BY s.event_time, s.entry_index
