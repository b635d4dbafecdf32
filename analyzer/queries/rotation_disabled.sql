-- title = "Keys that are no longer rotated"
-- question = "Who switched the yearly rotation of a key off?"
-- severity = "low"
-- false_positives = ["Keys that are replaced by hand"]
-- references = ["https://docs.aws.amazon.com/kms/latest/developerguide/rotate-keys.html"]
-- attack = ["T1562"]

SELECT event_time, actor, session, key_arn, error_code, entry_index
FROM so_far()
WHERE event_name = 'DisableKeyRotation'
ORDER BY event_time, entry_index
