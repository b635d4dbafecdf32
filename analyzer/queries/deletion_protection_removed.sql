-- title = "Deletion protection that was switched off"
-- question = "Who made a database deletable?"
-- severity = "medium"
-- false_positives = ["A database that is about to be retired"]
-- references = ["https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_DeleteInstance.html"]
-- attack = ["T1562", "T1485"]

SELECT
    event_time, actor, session, event_name,
    coalesce(
        request ->> '$.dBInstanceIdentifier', request ->> '$.dBClusterIdentifier'
    ) AS name,
    error_code, database_id, entry_index
FROM so_far()
WHERE event_name IN ('ModifyDBInstance', 'ModifyDBCluster', 'ModifyGlobalCluster')
    AND lower(request ->> '$.deletionProtection') = 'false'
ORDER BY event_time, entry_index
