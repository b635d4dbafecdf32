-- title = "Keys that are gone"
-- question = "Which keys were deleted, who asked for it, how long before, and what lay under them?"
-- severity = "medium"
-- false_positives = ["Planned retirement of a key that nothing uses any more"]
-- references = ["https://docs.aws.amazon.com/kms/latest/developerguide/deleting-keys.html"]
-- attack = ["T1485"]

SELECT
    k.key_id, k.start_at AS gone_at, k.root_actor AS by_actor, k.root_name AS by_call,
    list(DISTINCT d.name ORDER BY d.name) FILTER (WHERE d.name IS NOT NULL) AS databases,
    k.basis, k.key_arn, k.root_entry_index, k.entry_index
FROM key_state_at(asked_at()) AS k
LEFT JOIN copy_spans AS c ON c.key_arn = k.key_arn
LEFT JOIN databases AS d ON d.database_id = c.database_id
WHERE k.state = 'Deleted'
GROUP BY ALL
ORDER BY gone_at, k.key_arn
