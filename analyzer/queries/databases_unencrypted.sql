-- title = "Databases that are not encrypted at rest"
-- question = "Which databases lie under no key at all?"
-- severity = "low"
-- false_positives = ["Data that needs no protection"]
-- references = ["https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Overview.Encryption.html"]

SELECT d.name, d.kind, d.engine, d.database_id, d.account, d.region, d.entry_index
FROM databases AS d JOIN database_state_at(asked_at()) AS s ON s.database_id = d.database_id
WHERE d.is_encrypted = false AND s.status <> 'deleted'
ORDER BY d.name, d.database_id
