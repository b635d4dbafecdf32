-- title = "Findings that stand"
-- question = "What needs somebody's attention now, the gravest first, and which of it belongs together?"

SELECT
    severity, since, title, detail, actor, resource, incident, rule, entries, entry_index
FROM findings
WHERE is_open
ORDER BY
    list_position(['critical', 'high', 'medium', 'low'], severity),
    since, rule, resource, entry_index
