-- title = "Known principals from new addresses"
-- question = "Which principals acted from an address that they had never used before?"
-- severity = "low"
-- false_positives = ["People who travel; hosts that come and go behind one role"]
-- references = [
--   "https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html",
-- ]
-- attack = ["T1078"]
-- [params]
-- days = { type = "number", about = "days before the moment asked about", default = "30" }

WITH met AS (
    SELECT
        actor, source_ip, min(event_time) AS first_seen, count(*) AS calls,
        list(DISTINCT event_name ORDER BY event_name) AS did,
        arg_min(entry_index, row(event_time, entry_index)) AS entry_index
    FROM so_far()
    WHERE actor_type IN ('IAMUser', 'AssumedRole', 'Root', 'IdentityCenterUser', 'FederatedUser')
        AND regexp_matches(source_ip, '^[0-9a-fA-F.:]+$')
    GROUP BY actor, source_ip
)
SELECT actor, source_ip, first_seen, calls, did, entry_index
FROM met
WHERE first_seen > asked_at() - to_days(CAST($days AS INTEGER))
    AND EXISTS (
        FROM met AS earlier
        WHERE earlier.actor = met.actor AND earlier.first_seen < met.first_seen
    )
ORDER BY first_seen, actor, source_ip
