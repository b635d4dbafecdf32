-- title = "Copies deleted close to a change of their key"
-- question = "Were backups or snapshots deleted within days of a key being disabled or scheduled for deletion?"
-- severity = "high"
-- false_positives = ["Retirement of a database with its backups and its key"]
-- references = [
--   "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Overview.Encryption.html",
--   "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_WorkingWithAutomatedBackups.html",
-- ]
-- attack = ["T1490", "T1485"]
-- [params]
-- days = { type = "number", about = "days before and after the change of the key", default = "7" }

SELECT
    b.event_time, b.event_name, b.actor, b.error_code,
    k.state AS key_became, k.start_at AS key_changed_at, k.root_actor AS key_changed_by,
    d.name, b.database_id, b.entry_index, k.entry_index AS key_entry_index
FROM so_far() AS b
JOIN databases AS d ON d.database_id = b.database_id
JOIN key_spans AS k ON k.key_arn = d.key_arn
WHERE b.event_name IN (
        'DeleteDBSnapshot', 'DeleteDBClusterSnapshot', 'DeleteDBInstanceAutomatedBackup',
        'DeleteDBClusterAutomatedBackup', 'DeleteRecoveryPoint', 'DeleteDBInstance',
        'DeleteDBCluster', 'StopDBInstanceAutomatedBackupsReplication'
    )
    AND k.state IN ('Disabled', 'PendingDeletion', 'PendingImport', 'Deleted')
    AND k.start_at = k.since
    AND abs(date_diff('second', b.event_time, k.start_at)) <= 86400 * CAST($days AS BIGINT)
ORDER BY b.event_time, b.entry_index, key_changed_at, key_entry_index, key_became
