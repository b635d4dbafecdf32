-- title = "Calls that were denied"
-- question = "Who was refused for lack of permission, on what, how often?"
-- severity = "low"
-- false_positives = ["An application whose permissions are wrong"]
-- references = [
--   "https://docs.aws.amazon.com/kms/latest/developerguide/logging-using-cloudtrail.html",
-- ]
-- attack = ["T1580", "T1526"]

SELECT
    actor, event_name, count(*) AS calls, min(event_time) AS first_at, max(event_time) AS last_at,
    list(DISTINCT source_ip ORDER BY source_ip) AS addresses,
    list(DISTINCT coalesce(key_arn, database_id) ORDER BY coalesce(key_arn, database_id))
        FILTER (WHERE coalesce(key_arn, database_id) IS NOT NULL) AS resources,
    min(entry_index) AS entry_index
FROM so_far()
WHERE regexp_matches(error_code, '(?i)denied|unauthorized|notauthorized|invalidclienttoken')
GROUP BY actor, event_name
ORDER BY calls DESC, actor, event_name
