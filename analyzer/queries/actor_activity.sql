-- title = "Everything that one principal did"
-- question = "What did this user, role or session do?"
-- references = [
--   "https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html",
-- ]
-- [params]
-- actor = { type = "text", about = "part of the ARN of the principal or of its session" }

SELECT
    event_time, event_name, session, source_ip, user_agent, error_code, has_mfa,
    coalesce(key_arn, database_id) AS resource, region, account, entry_index
FROM so_far()
WHERE (lane = 'control' OR error_code IS NOT NULL)
    AND (contains(actor, $actor) OR contains(session, $actor))
ORDER BY event_time, entry_index
