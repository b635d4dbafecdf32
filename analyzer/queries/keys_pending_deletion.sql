-- title = "Keys that wait for their deletion, and what lies under them"
-- question = "Which keys will be deleted, when, by whose call, and which databases and copies go with them?"
-- severity = "high"
-- false_positives = ["Planned retirement of a key that nothing uses any more"]
-- references = ["https://docs.aws.amazon.com/kms/latest/developerguide/deleting-keys.html"]
-- attack = ["T1485"]

SELECT
    k.key_id, k.deletion_date, k.root_actor AS by_actor,
    count(DISTINCT c.database_id) AS databases,
    count(c.copy_id) AS copies,
    list(DISTINCT d.name ORDER BY d.name) FILTER (WHERE d.name IS NOT NULL) AS names,
    k.key_arn, k.entry_index
FROM key_state_at(asked_at()) AS k
LEFT JOIN copies_at(asked_at()) AS c ON c.key_arn = k.key_arn AND c.condition <> 'gone'
LEFT JOIN databases AS d ON d.database_id = c.database_id
WHERE k.state IN ('PendingDeletion', 'PendingReplicaDeletion')
GROUP BY ALL
ORDER BY databases DESC, k.deletion_date, k.key_arn
