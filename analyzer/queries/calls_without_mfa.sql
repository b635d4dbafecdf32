-- title = "Changes by people without MFA"
-- question = "Which destructive calls came from sessions without a second factor?"
-- severity = "low"
-- false_positives = ["Roles of machines, which have no second factor"]
-- references = [
--   "https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html",
-- ]
-- attack = ["T1078"]

SELECT
    event_time, actor, session, event_name, source_ip, error_code,
    coalesce(key_arn, database_id) AS resource, entry_index
FROM so_far()
WHERE has_mfa = false AND lane = 'control' AND invoked_by IS NULL
    AND actor_type IN ('IAMUser', 'Root', 'AssumedRole')
    AND regexp_matches(event_name, '^(Delete|Disable|Schedule|Disconnect|Revoke|Stop|PutKeyPolicy)')
ORDER BY event_time, entry_index
