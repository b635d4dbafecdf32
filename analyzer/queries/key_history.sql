-- title = "Every state that a key was in, and by whose call"
-- question = "What became of this key over time?"
-- references = ["https://docs.aws.amazon.com/kms/latest/developerguide/key-state.html"]
-- [params]
-- key = { type = "key", about = "ARN, id or alias of the key" }

SELECT
    start_at, end_at, state, usable, basis, cause_name, cause_actor, root_name, root_actor,
    deletion_date, entry_index
FROM key_spans
WHERE key_arn = $key AND coalesce(start_at <= asked_at(), true)
ORDER BY start_at NULLS FIRST, entry_index
