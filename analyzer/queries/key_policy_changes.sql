-- title = "Key policies and what each change added and took away"
-- question = "Who changed a key policy, and what does the new one allow or no longer allow?"
-- severity = "medium"
-- false_positives = [
--   "A policy that is kept in code and put again unchanged: added and removed are empty",
-- ]
-- references = ["https://docs.aws.amazon.com/kms/latest/developerguide/key-policies.html"]
-- attack = ["T1098", "T1531"]

WITH put AS (
    SELECT
        event_time, actor, session, key_arn, error_code, entry_index,
        CASE json_type(TRY(CAST(request ->> '$.policy' AS JSON) -> '$.Statement'))
            WHEN 'ARRAY' THEN from_json(request ->> '$.policy', '{"Statement": ["JSON"]}').Statement
            WHEN 'OBJECT' THEN [CAST(request ->> '$.policy' AS JSON) -> '$.Statement']
            ELSE []
        END AS statements,
        request ->> '$.bypassPolicyLockoutSafetyCheck' AS bypassed_check
    FROM so_far()
    WHERE event_name = 'PutKeyPolicy'
), compared AS (
    SELECT
        *,
        lag(statements) OVER (
            PARTITION BY key_arn, error_code IS NULL ORDER BY event_time, entry_index
        ) AS before
    FROM put
)
SELECT
    event_time, actor, session, key_arn, error_code, bypassed_check,
    list_filter(statements, lambda one: NOT list_contains(coalesce(before, []), one)) AS added,
    list_filter(coalesce(before, []), lambda one: NOT list_contains(statements, one)) AS removed,
    before IS NULL AS is_first_seen, entry_index
FROM compared
ORDER BY event_time, entry_index
