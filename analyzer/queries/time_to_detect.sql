-- title = "How long until somebody noticed"
-- question = "How much time went by between a database losing its key, RDS noticing it, and people acting?"
-- references = ["https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Overview.Encryption.html"]

WITH lost AS (
    SELECT
        database_id, name, min(start_at) AS lost_at,
        arg_min(entry_index, start_at) AS entry_index
    FROM database_spans
    WHERE seen IN ('at-risk', 'recoverable-with-action', 'recoverable', 'unrecoverable')
        AND start_at <= asked_at()
    GROUP BY ALL
), noticed AS (
    SELECT
        l.database_id,
        min(e.event_time) FILTER (WHERE e.event_name = 'RDS-EVENT-0418') AS rds_noticed_at,
        min(e.event_time) FILTER (WHERE e.actor_type IS NOT NULL) AS first_call_at,
        arg_min(e.actor, e.event_time) FILTER (WHERE e.actor_type IS NOT NULL) AS first_caller
    FROM lost AS l
    JOIN databases AS d ON d.database_id = l.database_id
    JOIN so_far() AS e
        ON (e.database_id = l.database_id OR (e.key_arn = d.key_arn AND e.lane = 'control'))
        AND e.event_time > l.lost_at
    GROUP BY ALL
)
SELECT
    l.name, l.lost_at, n.rds_noticed_at, n.first_call_at, n.first_caller,
    date_diff('minute', l.lost_at, n.rds_noticed_at) AS minutes_to_rds,
    date_diff('minute', l.lost_at, n.first_call_at) AS minutes_to_people,
    l.database_id, l.entry_index
FROM lost AS l LEFT JOIN noticed AS n ON n.database_id = l.database_id
ORDER BY l.lost_at, l.database_id
