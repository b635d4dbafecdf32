-- title = "Databases without any copy but the volume"
-- question = "Which living databases have no backup, snapshot or replica that could be restored?"
-- severity = "high"
-- false_positives = ["A database whose data can be made anew from elsewhere"]
-- references = [
--   "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_WorkingWithAutomatedBackups.html",
-- ]
-- attack = ["T1490"]

SELECT
    d.name, d.status, d.verdict, d.database_id, d.key_arn,
    s.retention_days, d.entry_index
FROM database_state_at(asked_at()) AS d
JOIN databases AS s ON s.database_id = d.database_id
WHERE d.status <> 'deleted' AND NOT EXISTS (
    FROM copies_at(asked_at()) AS c
    WHERE c.database_id = d.database_id AND c.kind NOT IN ('volume', 'export')
        AND c.condition IN ('usable', 'latent', 'unknown')
)
ORDER BY d.name, d.database_id
