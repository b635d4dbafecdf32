-- title = "Failures of RDS that name KMS or a key"
-- question = "What did RDS refuse or fail to do because of a key?"
-- severity = "high"
-- false_positives = ["A create or restore call that named a key of another Region by mistake"]
-- references = [
--   "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Overview.Encryption.html",
--   "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_Events.Messages.html",
-- ]
-- attack = ["T1486", "T1485"]

SELECT
    event_time, event_name, actor, error_code,
    coalesce(
        error_message, payload ->> '$.detail.Message', payload ->> '$.Message'
    ) AS message,
    database_id, entry_index
FROM so_far()
WHERE service = 'rds' AND (
        error_code LIKE '%KMS%'
        OR regexp_matches(coalesce(error_message, ''), '(?i)kms|encryption key')
        OR event_name IN ('RDS-EVENT-0418', 'RDS-EVENT-0419')
        OR regexp_matches(
            coalesce(payload ->> '$.detail.Message', payload ->> '$.Message', ''),
            '(?i)kms|encryption (key|credentials)'
        )
    )
ORDER BY event_time, entry_index
