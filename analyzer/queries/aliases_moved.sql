-- title = "Aliases that were pointed at another key, or removed"
-- question = "Which name means another key than before? It hides a lost key, and never brings it back."
-- severity = "low"
-- false_positives = ["A key that was replaced on schedule, after its data was encrypted anew"]
-- references = ["https://docs.aws.amazon.com/kms/latest/developerguide/kms-alias.html"]
-- attack = ["T1036"]

WITH moved AS (
    SELECT
        alias, alias_arn, start_at, key_arn, actor, entry_index,
        lag(key_arn) OVER (PARTITION BY alias_arn ORDER BY start_at, entry_index) AS key_before
    FROM aliases
)
SELECT start_at AS event_time, alias, key_before, key_arn AS key_after, actor, entry_index
FROM moved
WHERE key_before IS NOT NULL AND key_arn IS DISTINCT FROM key_before AND start_at <= asked_at()
ORDER BY event_time, entry_index
