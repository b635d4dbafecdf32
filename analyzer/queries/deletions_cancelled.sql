-- title = "Deletions of keys that were cancelled"
-- question = "Which scheduled deletions were taken back, how close to the end, and is the key usable again?"
-- references = ["https://docs.aws.amazon.com/kms/latest/developerguide/deleting-keys.html"]

SELECT
    c.event_time, c.actor, s.root_actor AS scheduled_by, s.start_at AS scheduled_at,
    s.deletion_date,
    round(date_diff('second', c.event_time, s.deletion_date) / 86400.0, 1) AS days_left,
    n.state AS state_now, c.key_arn, c.entry_index
FROM so_far() AS c
JOIN key_spans AS s
    ON s.key_arn = c.key_arn AND s.state = 'PendingDeletion' AND s.end_at = c.event_time
LEFT JOIN key_state_at(asked_at()) AS n ON n.key_arn = c.key_arn
WHERE c.event_name = 'CancelKeyDeletion' AND c.error_code IS NULL
ORDER BY c.event_time, c.entry_index
