-- title = "Who used a key, and from where"
-- question = "Who used this key, for what, from which addresses, how often, and until when?"
-- references = [
--   "https://docs.aws.amazon.com/kms/latest/developerguide/logging-using-cloudtrail.html",
-- ]
-- [params]
-- key = { type = "key", about = "ARN, id or alias of the key" }

SELECT
    coalesce(actor, 'nobody named') AS actor, source_ip, event_name AS operation,
    invoked_by AS service, count(*) AS calls, count(error_code) AS errors,
    min(event_time) AS first_at, max(event_time) AS last_at, min(entry_index) AS entry_index
FROM so_far()
WHERE key_arn = $key AND lane = 'usage' AND service = 'kms'
GROUP BY ALL
ORDER BY last_at DESC, actor, source_ip, operation, service
