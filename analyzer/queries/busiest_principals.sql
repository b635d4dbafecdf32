-- title = "Who does most, and how much of it fails"
-- question = "Who is behind the traffic in this ledger?"
-- references = [
--   "https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html",
-- ]

SELECT
    actor, count(*) AS calls, count(error_code) AS errors,
    count(DISTINCT event_name) AS operations, count(DISTINCT source_ip) AS addresses,
    min(event_time) AS first_at, max(event_time) AS last_at, min(entry_index) AS entry_index
FROM so_far()
GROUP BY actor
ORDER BY calls DESC, actor
