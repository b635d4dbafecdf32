-- title = "Everything that happened around a moment"
-- question = "What else happened, anywhere, within minutes of this moment?"
-- [params]
-- moment = { type = "time", about = "the moment: 2026-01-08T03:00:00Z, -2h, end" }
-- minutes = { type = "number", about = "minutes before and after it", default = "30" }

SELECT
    event_time, event_name, actor, session, source_ip, error_code,
    coalesce(key_arn, database_id) AS resource, region, account, entry_index
FROM events
WHERE lane = 'control'
    AND abs(date_diff('second', event_time, CAST($moment AS TIMESTAMP)))
        <= 60 * CAST($minutes AS BIGINT)
ORDER BY event_time, entry_index
