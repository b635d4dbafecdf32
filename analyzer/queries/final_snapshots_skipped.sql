-- title = "Databases deleted without a last snapshot"
-- question = "Which databases were deleted without a final snapshot, or together with their backups?"
-- severity = "medium"
-- false_positives = ["Test databases, replicas and members of a cluster"]
-- references = ["https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_DeleteInstance.html"]
-- attack = ["T1485", "T1490"]

SELECT
    event_time, actor, session, event_name,
    coalesce(
        request ->> '$.dBInstanceIdentifier', request ->> '$.dBClusterIdentifier'
    ) AS name,
    lower(request ->> '$.deleteAutomatedBackups') IS DISTINCT FROM 'false' AS backups_deleted_too,
    error_code, database_id, entry_index
FROM so_far()
WHERE event_name IN ('DeleteDBInstance', 'DeleteDBCluster')
    AND lower(request ->> '$.skipFinalSnapshot') = 'true'
ORDER BY event_time, entry_index
