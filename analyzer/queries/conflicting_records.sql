-- title = "Records that contradict an earlier one of the same id"
-- question = "Was a record delivered twice with different content?"
-- severity = "high"
-- false_positives = ["None is known: CloudTrail does not correct its records"]
-- references = [
--   "https://docs.aws.amazon.com/awscloudtrail/latest/userguide/how-cloudtrail-works.html",
-- ]
-- attack = ["T1565.001"]

SELECT
    c.event_id, c.event_name, c.event_time, c.source, f.source AS first_source,
    f.entry_index AS first_entry_index, c.entry_index
FROM events AS c
LEFT JOIN events AS f
    ON f.event_id = c.event_id AND f.account IS NOT DISTINCT FROM c.account AND NOT f.is_conflict
WHERE c.is_conflict
ORDER BY c.entry_index, first_entry_index
