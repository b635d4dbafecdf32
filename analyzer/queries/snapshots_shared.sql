-- title = "Snapshots that others may copy and restore"
-- question = "Which snapshots were shared with other accounts or with everybody, and by whom?"
-- severity = "high"
-- false_positives = [
--   "Sharing with another account of the same organisation",
--   "A refused attempt: error_code says so",
-- ]
-- references = ["https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_ShareSnapshot.html"]
-- attack = ["T1537", "T1530"]

SELECT
    event_time, actor,
    coalesce(
        request ->> '$.dBSnapshotIdentifier', request ->> '$.dBClusterSnapshotIdentifier'
    ) AS snapshot,
    shared.value ->> '$' AS with_account, error_code, region, account, entry_index
FROM so_far(), json_each(coalesce(request -> '$.valuesToAdd', '[]')) AS shared
WHERE event_name IN ('ModifyDBSnapshotAttribute', 'ModifyDBClusterSnapshotAttribute')
    AND request ->> '$.attributeName' = 'restore'
ORDER BY event_time, entry_index, with_account
