-- title = "Calls that destroy or lock away, by whom"
-- question = "Who deleted, disabled or scheduled what, and which of it was refused?"
-- severity = "medium"
-- false_positives = ["Planned clean-up"]
-- references = [
--   "https://docs.aws.amazon.com/kms/latest/developerguide/deleting-keys.html",
--   "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Overview.Encryption.html",
-- ]
-- attack = ["T1485", "T1489", "T1490"]

SELECT
    event_time, actor, session, event_name, error_code, source_ip,
    coalesce(key_arn, database_id) AS resource, region, account, entry_index
FROM so_far()
WHERE actor_type IS NOT NULL AND event_name IN (
        'ScheduleKeyDeletion', 'DisableKey', 'DeleteImportedKeyMaterial',
        'DisconnectCustomKeyStore', 'DeleteAlias', 'RevokeGrant', 'RetireGrant',
        'DeleteDBInstance', 'DeleteDBCluster', 'DeleteDBSnapshot',
        'DeleteDBClusterSnapshot', 'DeleteDBInstanceAutomatedBackup',
        'DeleteDBClusterAutomatedBackup', 'DeleteRecoveryPoint', 'StopLogging',
        'DeleteTrail', 'StopDBInstanceAutomatedBackupsReplication'
    )
ORDER BY event_time, entry_index
