-- title = "Backups that are kept for less long than before"
-- question = "Whose backup retention was shortened or switched off, by whom?"
-- severity = "medium"
-- false_positives = ["A database that is about to be retired"]
-- references = [
--   "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_WorkingWithAutomatedBackups.html",
-- ]
-- attack = ["T1490"]

WITH told AS (
    SELECT
        event_time, event_name, actor, database_id, error_code, entry_index,
        TRY_CAST(
            coalesce(
                request ->> '$.backupRetentionPeriod',
                response ->> '$.backupRetentionPeriod',
                response ->> '$.dBCluster.backupRetentionPeriod'
            ) AS INTEGER
        ) AS days
    FROM so_far()
    WHERE event_source = 'rds.amazonaws.com' AND database_id IS NOT NULL AND error_code IS NULL
        AND event_name NOT LIKE 'Describe%'
), compared AS (
    SELECT
        *, lag(days) OVER (PARTITION BY database_id ORDER BY event_time, entry_index) AS before
    FROM told
    WHERE days IS NOT NULL
)
SELECT
    c.event_time, d.name, c.before AS days_before, c.days AS days_after, c.actor, c.event_name,
    c.database_id, c.entry_index
FROM compared AS c JOIN databases AS d ON d.database_id = c.database_id
WHERE c.days < c.before
ORDER BY c.event_time, c.entry_index
