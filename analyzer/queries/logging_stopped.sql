-- title = "Trails that were stopped, deleted or narrowed"
-- question = "Who made CloudTrail write less, and since when?"
-- severity = "high"
-- false_positives = ["A trail that another one replaces"]
-- references = [
--   "https://docs.aws.amazon.com/awscloudtrail/latest/userguide/logging-management-events-with-cloudtrail.html",
-- ]
-- attack = ["T1562.008"]

SELECT
    event_time, event_name, actor, session, source_ip,
    coalesce(request ->> '$.name', request ->> '$.trailName') AS trail,
    request -> '$.eventSelectors' AS selectors, error_code, region, account, entry_index
FROM so_far()
WHERE event_source = 'cloudtrail.amazonaws.com' AND event_name IN (
        'StopLogging', 'DeleteTrail', 'PutEventSelectors', 'UpdateTrail', 'PutInsightSelectors',
        'DeleteEventDataStore', 'StopEventDataStoreIngestion', 'UpdateEventDataStore'
    )
ORDER BY event_time, entry_index
