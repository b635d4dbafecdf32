-- title = "Snapshots that were copied under a key of another account"
-- question = "Which copies of snapshots lie under a key that another account decides about?"
-- severity = "high"
-- false_positives = ["A vault account of the same organisation"]
-- references = ["https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_CopySnapshot.html"]
-- attack = ["T1537", "T1486"]

SELECT
    event_time, actor,
    coalesce(
        request ->> '$.targetDBSnapshotIdentifier',
        request ->> '$.targetDBClusterSnapshotIdentifier'
    ) AS copy,
    request ->> '$.kmsKeyId' AS under_key, account_of(request ->> '$.kmsKeyId') AS key_account,
    account, error_code, entry_index
FROM so_far()
WHERE event_name IN ('CopyDBSnapshot', 'CopyDBClusterSnapshot')
    AND account_of(request ->> '$.kmsKeyId') <> account
ORDER BY event_time, entry_index
