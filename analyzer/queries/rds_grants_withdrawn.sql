-- title = "Grants of databases that were withdrawn"
-- question = "Which databases lost the grant by which RDS uses their key?"
-- severity = "high"
-- false_positives = ["RDS retires the grant of a database that was deleted"]
-- references = [
--   "https://docs.aws.amazon.com/kms/latest/developerguide/grants.html",
--   "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Overview.Encryption.html",
-- ]
-- attack = ["T1531"]

SELECT
    g.ended_at, d.name, g.ended_by, e.actor, g.grantee, g.key_arn, g.grant_id,
    g.database_id, g.ended_entry_index AS entry_index
FROM grants AS g
JOIN events AS e ON e.entry_index = g.ended_entry_index
LEFT JOIN databases AS d ON d.database_id = g.database_id
WHERE g.database_id IS NOT NULL AND g.ended_at <= asked_at()
ORDER BY g.ended_at, entry_index
