-- title = "Calls by the root user"
-- question = "What did anybody do as root of an account?"
-- severity = "medium"
-- false_positives = ["Break-glass work that somebody announced"]
-- references = ["https://docs.aws.amazon.com/IAM/latest/UserGuide/root-user-best-practices.html"]
-- attack = ["T1078.004"]

SELECT
    event_time, event_name, source_ip, user_agent, has_mfa, error_code,
    coalesce(key_arn, database_id) AS resource, account, entry_index
FROM so_far()
WHERE actor_type = 'Root' AND read_only IS NOT TRUE
ORDER BY event_time, entry_index
