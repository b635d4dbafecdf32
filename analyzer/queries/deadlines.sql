-- title = "Deadlines that still run"
-- question = "What has to be done by when, and what is lost at that moment?"
-- severity = "high"
-- false_positives = ["A copy that expires as planned while newer ones are left"]
-- references = [
--   "https://docs.aws.amazon.com/kms/latest/developerguide/deleting-keys.html",
--   "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Overview.Encryption.html",
-- ]
-- attack = ["T1485"]

SELECT due, what, resource, name, entry_index
FROM (
    SELECT
        recoverable_until AS due, 'last moment to save the data' AS what,
        database_id AS resource, name, entry_index
    FROM database_state_at(asked_at())
    WHERE verdict <> 'unrecoverable' AND recoverable_until > asked_at()
    UNION ALL
    SELECT deletion_date, 'KMS deletes the key', key_arn, key_id, entry_index
    FROM key_state_at(asked_at())
    WHERE state IN ('PendingDeletion', 'PendingReplicaDeletion')
        AND deletion_date > asked_at()
    UNION ALL
    SELECT expires, 'a copy expires', copy_id, kind, entry_index
    FROM copies_at(asked_at())
    WHERE condition NOT IN ('gone', 'dead') AND expires > asked_at()
)
ORDER BY due, what, resource, entry_index
