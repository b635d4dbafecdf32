-- title = "Keys without any recorded use"
-- question = "Which living keys does no record show in use, and may nevertheless hold data?"
-- severity = "low"
-- false_positives = [
--   "A key of a running database: RDS asks KMS only when a volume is attached",
--   "A key that is used in a Region or account whose trail is not in this ledger",
-- ]
-- references = ["https://docs.aws.amazon.com/kms/latest/developerguide/deleting-keys.html"]

SELECT
    k.key_id, k.state, k.since,
    count(DISTINCT c.copy_id) AS copies_under_it,
    k.key_arn, k.entry_index
FROM key_state_at(asked_at()) AS k
LEFT JOIN copies_at(asked_at()) AS c ON c.key_arn = k.key_arn AND c.condition <> 'gone'
WHERE k.state <> 'Deleted'
    AND NOT EXISTS (
        FROM usage AS u WHERE u.key_arn = k.key_arn AND u.first_at <= asked_at()
    )
GROUP BY ALL
ORDER BY copies_under_it DESC, k.key_arn
