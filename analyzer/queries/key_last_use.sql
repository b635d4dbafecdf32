-- title = "The last use of each key"
-- question = "When was each key last used, by whom, and for what?"
-- references = [
--   "https://docs.aws.amazon.com/kms/latest/developerguide/logging-using-cloudtrail.html",
-- ]

SELECT
    k.key_id, k.state, max(u.last_success_at) AS last_used,
    arg_max(coalesce(u.service, u.actor), row(u.last_success_at, u.last_entry_index))
        FILTER (WHERE u.last_success_at IS NOT NULL) AS last_user,
    arg_max(u.operation, row(u.last_success_at, u.last_entry_index))
        FILTER (WHERE u.last_success_at IS NOT NULL) AS operation,
    sum(u.calls) AS calls, k.key_arn,
    arg_max(u.last_entry_index, row(u.last_success_at, u.last_entry_index))
        FILTER (WHERE u.last_success_at IS NOT NULL) AS entry_index
FROM key_state_at(asked_at()) AS k
LEFT JOIN usage AS u ON u.key_arn = k.key_arn AND u.first_at <= asked_at()
GROUP BY ALL
ORDER BY last_used DESC NULLS LAST, k.key_arn
