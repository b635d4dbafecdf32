-- title = "Databases whose every copy hangs on one key"
-- question = "Which databases would be lost for good with a single key?"
-- severity = "medium"
-- false_positives = ["A database whose data can be made anew from elsewhere"]
-- references = ["https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Overview.Encryption.html"]

SELECT
    d.name, any_value(c.key_arn) AS key_arn, count(*) AS copies,
    list(DISTINCT c.kind ORDER BY c.kind) AS kinds, d.verdict,
    d.database_id, d.entry_index
FROM database_state_at(asked_at()) AS d
JOIN copies_at(asked_at()) AS c ON c.database_id = d.database_id
WHERE d.status <> 'deleted' AND c.kind <> 'export'
    AND c.condition IN ('usable', 'latent', 'unknown')
GROUP BY d.name, d.verdict, d.database_id, d.entry_index
HAVING count(DISTINCT coalesce(c.key_arn, 'none')) = 1 AND any_value(c.key_arn) IS NOT NULL
ORDER BY d.name, d.database_id
