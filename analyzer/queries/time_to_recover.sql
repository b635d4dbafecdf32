-- title = "How long databases were out, and whether they came back"
-- question = "How long was each database without its key, and when was it healthy again?"
-- references = ["https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Overview.Encryption.html"]

WITH out AS (
    SELECT
        name, database_id, min(start_at) AS lost_at,
        arg_min(entry_index, start_at) AS entry_index
    FROM database_spans
    WHERE seen IN ('at-risk', 'recoverable-with-action', 'recoverable', 'unrecoverable')
        AND start_at <= asked_at()
    GROUP BY name, database_id
), back AS (
    SELECT out.database_id, out.name, min(h.start_at) AS healthy_again_at
    FROM out JOIN database_spans AS h ON h.database_id = out.database_id
    WHERE h.verdict = 'healthy' AND h.start_at > out.lost_at AND h.start_at <= asked_at()
    GROUP BY ALL
)
SELECT
    out.name, out.lost_at, back.healthy_again_at,
    date_diff('minute', out.lost_at, coalesce(back.healthy_again_at, asked_at())) AS minutes,
    back.healthy_again_at IS NOT NULL AS is_back,
    out.database_id, out.entry_index
FROM out LEFT JOIN back ON back.database_id = out.database_id AND back.name = out.name
ORDER BY out.lost_at, out.database_id, out.name
