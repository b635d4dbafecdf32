-- title = "Snapshots that were exported to S3"
-- question = "Whose data left RDS for a bucket, under which key, by whose call?"
-- severity = "medium"
-- false_positives = ["Exports to the organisation's own data lake"]
-- references = ["https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_ExportSnapshot.html"]
-- attack = ["T1530", "T1537"]

SELECT
    event_time, actor, request ->> '$.sourceArn' AS source,
    request ->> '$.s3BucketName' AS bucket, request ->> '$.kmsKeyId' AS export_key,
    error_code, region, account, entry_index
FROM so_far()
WHERE event_name = 'StartExportTask' AND event_source = 'rds.amazonaws.com'
ORDER BY event_time, entry_index
