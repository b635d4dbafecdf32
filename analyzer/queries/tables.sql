-- title = "Everything there is to ask"
-- question = "Which tables, views and macros are there, and what do their columns mean?"

SELECT "table", "column", "type", about, entry_index
FROM (
    SELECT
        table_name AS "table", 0 AS place, NULL AS "column", NULL AS "type", comment AS about
    FROM duckdb_tables() WHERE table_name NOT IN ('stamp', 'usage_parts', 'records', 'subjects')
    UNION ALL
    SELECT view_name, 0, NULL, NULL, comment FROM duckdb_views() WHERE NOT internal
    UNION ALL
    SELECT c.table_name, c.column_index, c.column_name, c.data_type, c.comment
    FROM duckdb_columns() AS c
    WHERE NOT c.internal
        AND c.table_name NOT IN ('stamp', 'usage_parts', 'records', 'subjects')
    UNION ALL
    SELECT DISTINCT function_name || '()', 0, NULL, 'macro', comment
    FROM duckdb_functions() WHERE NOT internal AND comment IS NOT NULL
), (SELECT CAST(NULL AS BIGINT) AS entry_index)
ORDER BY "table", place, "column"
