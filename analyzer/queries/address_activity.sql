-- title = "Everything that came from one address"
-- question = "Who acted from this address, and what did they do?"
-- references = [
--   "https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html",
-- ]
-- [params]
-- address = { type = "text", about = "the address, as the records spell it" }

SELECT
    event_time, event_name, actor, session, user_agent, error_code,
    coalesce(key_arn, database_id) AS resource, region, account, entry_index
FROM so_far()
WHERE source_ip = $address
ORDER BY event_time, entry_index
