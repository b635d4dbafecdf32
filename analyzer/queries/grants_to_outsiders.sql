-- title = "Grants that let another account use a key"
-- question = "Who outside of the key's account may use it by a grant, and since when?"
-- severity = "high"
-- false_positives = ["A partner or a vault account that is meant to have it"]
-- references = ["https://docs.aws.amazon.com/kms/latest/developerguide/grants.html"]
-- attack = ["T1098", "T1537"]

SELECT
    created_at, grantee, account_of(grantee) AS grantee_account, key_arn, operations, actor,
    ended_at, grant_id, entry_index
FROM grants
WHERE created_at <= asked_at() AND account_of(grantee) IS NOT NULL
    AND account_of(grantee) <> account_of(key_arn)
ORDER BY created_at, entry_index
