-- title = "Principals that appear for the first time"
-- question = "Who changed keys, databases or trails that had never been seen in this ledger before?"
-- severity = "low"
-- false_positives = ["Somebody new, or a ledger that begins within these days"]
-- references = [
--   "https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html",
-- ]
-- attack = ["T1078", "T1136"]
-- [params]
-- days = { type = "number", about = "days before the moment asked about", default = "30" }

SELECT
    actor, min(event_time) AS first_seen, count(*) AS calls,
    list(DISTINCT event_name ORDER BY event_name) AS did,
    list(DISTINCT source_ip ORDER BY source_ip) AS addresses,
    arg_min(entry_index, row(event_time, entry_index)) AS entry_index
FROM so_far()
WHERE lane = 'control' AND actor_type IS NOT NULL AND read_only IS NOT TRUE
GROUP BY actor
HAVING min(event_time) > asked_at() - to_days(CAST($days AS INTEGER))
ORDER BY first_seen, actor
