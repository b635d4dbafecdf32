-- title = "Records that were sealed long after they happened"
-- question = "Which records came so late that an alert could not have been raised in time?"
-- references = [
--   "https://docs.aws.amazon.com/awscloudtrail/latest/userguide/how-cloudtrail-works.html",
-- ]
-- [params]
-- hours = { type = "number", about = "hours from which on a record is late", default = "24" }

SELECT
    event_time, event_name, sealed_at,
    date_diff('minute', event_time, sealed_at) AS minutes_late,
    source, coalesce(key_arn, database_id) AS resource, entry_index
FROM so_far()
WHERE lane = 'control' AND sealed_at > event_time + to_hours(CAST($hours AS INTEGER))
ORDER BY minutes_late DESC, entry_index
