-- title = "The copies of a database and their keys"
-- question = "From which copies can this database be brought back, up to which moment, and under which key?"
-- references = [
--   "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Overview.Encryption.html",
--   "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_WorkingWithAutomatedBackups.html",
-- ]
-- [params]
-- database = { type = "database", about = "identifier, resource id or ARN of the database" }

SELECT
    kind, condition, restorable_to, expires, key_arn, copy_id, since, cause_name, root_actor,
    entry_index
FROM copies_at(asked_at())
WHERE database_id = $database
ORDER BY
    list_position(['usable', 'latent', 'unknown', 'dead', 'gone'], condition),
    restorable_to DESC, copy_id
