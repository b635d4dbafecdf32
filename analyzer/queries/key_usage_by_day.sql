-- title = "The use of a key day by day"
-- question = "Since when is this key used less, or not at all?"
-- references = [
--   "https://docs.aws.amazon.com/kms/latest/developerguide/logging-using-cloudtrail.html",
-- ]
-- [params]
-- key = { type = "key", about = "ARN, id or alias of the key" }

SELECT
    day, sum(calls) AS calls, sum(errors) AS errors,
    count(DISTINCT coalesce(service, actor)) AS users, min(entry_index) AS entry_index
FROM usage
WHERE key_arn = $key AND first_at <= asked_at()
GROUP BY day
ORDER BY day
