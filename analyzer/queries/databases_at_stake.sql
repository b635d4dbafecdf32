-- title = "Databases that are lost, or will be"
-- question = "Which databases are unrecoverable, at risk, or only to be saved by somebody acting now?"
-- severity = "critical"
-- false_positives = ["A database that was retired on purpose together with its key"]
-- references = [
--   "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Overview.Encryption.html",
--   "https://docs.aws.amazon.com/kms/latest/developerguide/deleting-keys.html",
-- ]
-- attack = ["T1485", "T1486"]

SELECT
    name, verdict, status, unrecoverable_since, recoverable_until,
    root_name AS by_call, root_actor AS by_actor, database_id, key_arn, entry_index
FROM database_state_at(asked_at())
WHERE seen IN ('unrecoverable', 'at-risk', 'recoverable', 'recoverable-with-action')
ORDER BY
    list_position(
        ['at-risk', 'recoverable-with-action', 'recoverable', 'unrecoverable'], seen
    ),
    recoverable_until, name, database_id
