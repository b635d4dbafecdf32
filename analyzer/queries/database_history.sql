-- title = "Every status and verdict of a database"
-- question = "What became of this database over time, and by which records?"
-- references = ["https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Overview.Encryption.html"]
-- [params]
-- database = { type = "database", about = "identifier, resource id or ARN of the database" }

SELECT
    start_at, end_at, status, verdict, basis, cause_name, cause_actor, root_name, root_actor,
    recoverable_until, entry_index
FROM database_spans
WHERE database_id = $database AND coalesce(start_at <= asked_at(), true)
ORDER BY start_at, entry_index
