-- title = "Use of keys by other accounts"
-- question = "Which other accounts use our keys, for what, and since when?"
-- severity = "medium"
-- false_positives = ["Accounts of the same organisation that share data under one key"]
-- references = ["https://docs.aws.amazon.com/kms/latest/developerguide/key-policies.html"]
-- attack = ["T1078.004", "T1537"]

SELECT
    key_arn, actor_account, actor, operation, sum(calls) AS calls, sum(errors) AS errors,
    min(first_at) AS first_at, max(last_at) AS last_at, min(entry_index) AS entry_index
FROM usage
WHERE actor_account <> account_of(key_arn) AND first_at <= asked_at()
GROUP BY ALL
ORDER BY first_at, key_arn, actor, operation, actor_account
