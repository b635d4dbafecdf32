-- title = "Databases under keys of other accounts"
-- question = "Which databases lie under a key that another account can take away?"
-- severity = "medium"
-- false_positives = ["A central key account of the same organisation"]
-- references = [
--   "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Overview.Encryption.html",
--   "https://docs.aws.amazon.com/kms/latest/developerguide/key-policies.html",
-- ]

SELECT
    d.name, d.key_arn, account_of(d.key_arn) AS key_account, d.account, d.database_id,
    d.entry_index
FROM databases AS d JOIN database_state_at(asked_at()) AS s ON s.database_id = d.database_id
WHERE account_of(d.key_arn) <> d.account AND s.status <> 'deleted'
ORDER BY d.name, d.database_id
