-- title = "Stretches about which the evidence is silent"
-- question = "For which time does this ledger not know what happened, and who saw to that?"
-- severity = "high"
-- false_positives = [
--   "A trail that another one replaces: a gap ends with the first record that shows it",
-- ]
-- references = [
--   "https://docs.aws.amazon.com/awscloudtrail/latest/userguide/logging-management-events-with-cloudtrail.html",
-- ]
-- attack = ["T1562.008"]

SELECT
    account, start_at, end_at,
    CASE WHEN of_kms_only THEN 'KMS events' ELSE 'everything' END AS missing,
    actor, entry_index
FROM gaps
WHERE start_at <= asked_at()
ORDER BY start_at, entry_index
