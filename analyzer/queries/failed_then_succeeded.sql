-- title = "Failed attempts before a success"
-- question = "Which calls that change keys, databases or trails were refused first and then succeeded?"
-- severity = "medium"
-- false_positives = ["A deployment that is repeated until its permissions are right"]
-- references = [
--   "https://docs.aws.amazon.com/kms/latest/developerguide/logging-using-cloudtrail.html",
-- ]
-- attack = ["T1078", "T1548"]
-- [params]
-- hours = { type = "number", about = "hours within which the success came", default = "72" }

SELECT
    f.actor, f.event_name, count(*) AS failures, min(f.event_time) AS first_failure,
    list(DISTINCT f.error_code ORDER BY f.error_code) AS errors,
    s.event_time AS succeeded_at, s.actor AS succeeded_as,
    coalesce(s.key_arn, s.database_id) AS resource,
    min(f.entry_index) AS entry_index, s.entry_index AS success_entry_index
FROM so_far() AS f
JOIN so_far() AS s
    ON s.event_name = f.event_name AND s.account = f.account AND s.error_code IS NULL
    AND s.event_time >= f.event_time
    AND s.event_time <= f.event_time + to_hours(CAST($hours AS INTEGER))
    AND coalesce(s.key_arn, s.database_id) = coalesce(f.key_arn, f.database_id)
WHERE f.error_code IS NOT NULL AND f.lane = 'control' AND f.read_only IS NOT TRUE
GROUP BY ALL
ORDER BY first_failure, s.entry_index, f.actor, f.event_name
