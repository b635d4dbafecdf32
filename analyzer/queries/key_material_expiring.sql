-- title = "Imported key material that expires or was deleted"
-- question = "Which keys live on material that somebody has to import again, and until when?"
-- severity = "medium"
-- false_positives = ["Material that is imported anew on schedule"]
-- references = ["https://docs.aws.amazon.com/kms/latest/developerguide/importing-keys.html"]
-- attack = ["T1485"]

SELECT
    event_time, event_name, actor, key_arn,
    coalesce(request ->> '$.validTo', additional ->> '$.validTo') AS valid_to,
    request ->> '$.expirationModel' AS expiration, error_code, entry_index
FROM so_far()
WHERE event_source = 'kms.amazonaws.com' AND (
        event_name IN ('DeleteImportedKeyMaterial', 'DeleteExpiredKeyMaterial')
        OR (event_name = 'ImportKeyMaterial'
            AND request ->> '$.expirationModel' IS DISTINCT FROM 'KEY_MATERIAL_DOES_NOT_EXPIRE')
    )
    OR event_name = 'KMS Imported Key Material Expiration'
ORDER BY event_time, entry_index
