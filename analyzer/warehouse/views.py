"""Views and macros: what people ask; all of it follows from the tables, in SQL.

A view or macro reads whatever tables its session sees: a session about an earlier state of
knowledge lays its own tables over those of the file, and the same views speak of that.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """A view: its name, what a row is, its query, and what those columns mean that it adds."""

    name: str
    about: str
    sql: str
    columns: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Macro:
    """A macro: its name, its parameters, what it answers, and its body."""

    name: str
    parameters: tuple[str, ...]
    about: str
    sql: str
    is_table: bool = True

    @property
    def signature(self) -> str:
        """The macro as it is called."""
        return f"{self.name}({', '.join(self.parameters)})"


USAGE_SUMS: Final = """
SELECT
    key_arn, CAST(event_time AS DATE) AS day, event_name AS operation, actor, actor_account,
    invoked_by AS service, encryption_context, context_database AS database_id, account, region,
    count(*) AS calls,
    count(*) FILTER (WHERE error_code IS NOT NULL) AS errors,
    min(event_time) AS first_at,
    max(event_time) AS last_at,
    max(event_time) FILTER (WHERE error_code IS NULL) AS last_success_at,
    arg_min(entry_index, row(event_time, entry_index)) AS entry_index,
    arg_max(entry_index, row(event_time, entry_index)) AS last_entry_index
FROM records
WHERE {within} AND service = 'kms' AND lane = 'usage'
    AND key_arn IS NOT NULL AND NOT is_conflict
    AND NOT regexp_matches(event_name, '^(Describe|List|Get)')
GROUP BY ALL
"""
"""Sums of the usage lane `{within}` some entries; what is added to a file adds its own sums."""

USAGE_BY_MINUTE: Final = """
SELECT
    key_arn, CAST(date_trunc('minute', event_time) AS TIMESTAMP) AS minute, count(*) AS calls,
    count(*) FILTER (WHERE error_code IS NOT NULL) AS errors
FROM records
WHERE service = 'kms' AND lane = 'usage' AND key_arn IS NOT NULL AND NOT is_conflict
    AND NOT regexp_matches(event_name, '^(Describe|List|Get)')
GROUP BY ALL
"""
"""How often each key was used in each minute; the same records as the view `usage`."""

READINGS: Final[tuple[View | Macro, ...]] = (
    View(
        name="events",
        about="One row a sealed record, with the key and the database that it is about.",
        sql="""
SELECT
    r.* EXCLUDE (key_arn, context_database),
    coalesce(s.key_arn, r.key_arn) AS key_arn,
    coalesce(s.database_id, r.context_database) AS database_id
FROM records AS r LEFT JOIN subjects AS s USING (entry_index)
""",
        columns=(
            ("key_arn", "ARN of the KMS key that it is about"),
            ("database_id", "database that it is about, or that used the key; see databases"),
        ),
    ),
    View(
        name="usage",
        about="One row a key, day, operation, caller, service and encryption context: its use.",
        sql="""
SELECT
    key_arn, day, operation, actor, actor_account, service, encryption_context, database_id,
    account, region,
    CAST(sum(calls) AS BIGINT) AS calls,
    CAST(sum(errors) AS BIGINT) AS errors,
    min(first_at) AS first_at,
    max(last_at) AS last_at,
    max(last_success_at) AS last_success_at,
    arg_min(entry_index, row(first_at, entry_index)) AS entry_index,
    arg_max(last_entry_index, row(last_at, last_entry_index)) AS last_entry_index
FROM usage_parts
GROUP BY ALL
""",
        columns=(
            ("key_arn", "ARN of the KMS key"),
            ("day", "day in UTC"),
            ("operation", "Decrypt, GenerateDataKey, …"),
            ("actor", "human or role that called; the service where there is nobody else"),
            ("actor_account", "account of the caller"),
            ("service", "service that called on behalf of the actor; null if none"),
            ("encryption_context", "what the call was for, JSON"),
            ("database_id", "database that the encryption context names"),
            ("account", "account whose trail told of it"),
            ("region", "Region of the records"),
            ("calls", "how many, failed ones included"),
            ("errors", "how many of them failed"),
            ("first_at", "the first of them"),
            ("last_at", "the last of them"),
            ("last_success_at", "the last that succeeded"),
            ("entry_index", "place in the ledger of the first"),
            ("last_entry_index", "place in the ledger of the last"),
        ),
    ),
    View(
        name="grants",
        about="One row a grant on a key; what a failed call asked for is none.",
        sql="""
WITH given AS (
    SELECT
        key_arn, response ->> '$.grantId' AS grant_id,
        request ->> '$.granteePrincipal' AS grantee,
        request ->> '$.retiringPrincipal' AS retiring,
        request -> '$.operations' AS operations,
        request -> '$.constraints' AS constraints,
        database_id, actor, event_time, entry_index
    FROM events
    WHERE event_source = 'kms.amazonaws.com' AND event_name = 'CreateGrant'
        AND error_code IS NULL AND NOT is_conflict
), taken AS (
    SELECT
        key_arn, coalesce(request ->> '$.grantId', additional ->> '$.grantId') AS grant_id,
        min(event_time) AS ended_at, arg_min(event_name, event_time) AS ended_by,
        arg_min(entry_index, event_time) AS ended_entry_index
    FROM events
    WHERE event_source = 'kms.amazonaws.com' AND event_name IN ('RevokeGrant', 'RetireGrant')
        AND error_code IS NULL AND NOT is_conflict
    GROUP BY ALL
)
SELECT
    coalesce(given.key_arn, taken.key_arn) AS key_arn,
    coalesce(given.grant_id, taken.grant_id) AS grant_id,
    grantee, retiring, operations, constraints,
    coalesce(database_id, constraints ->> '$.encryptionContextSubset."aws:rds:db-id"',
        constraints ->> '$.encryptionContextSubset."aws:rds:dbc-id"',
        constraints ->> '$.encryptionContextEquals."aws:rds:db-id"',
        constraints ->> '$.encryptionContextEquals."aws:rds:dbc-id"') AS database_id,
    actor, event_time AS created_at, ended_at, ended_by, ended_entry_index,
    coalesce(entry_index, ended_entry_index) AS entry_index
FROM given FULL JOIN taken
    ON given.key_arn = taken.key_arn AND given.grant_id = taken.grant_id
    AND taken.ended_at >= given.event_time
""",
        columns=(
            ("key_arn", "ARN of the KMS key"),
            ("grant_id", "id of the grant"),
            ("grantee", "who may use the key by it"),
            ("retiring", "who may retire it"),
            ("operations", "what it allows, JSON"),
            ("constraints", "under which encryption context, JSON"),
            ("database_id", "database that the encryption context names"),
            ("actor", "who gave it"),
            ("created_at", "when it was given; null where no record tells"),
            ("ended_at", "when it was revoked or retired; null while it lasts"),
            ("ended_by", "RevokeGrant or RetireGrant"),
            ("ended_entry_index", "place in the ledger of the record of its end"),
            ("entry_index", "place of the record of its beginning, else of its end"),
        ),
    ),
    Macro(
        name="asked_at",
        parameters=(),
        about="The moment asked about: --at, or the newest event.",
        sql="(SELECT asked_at FROM scope)",
        is_table=False,
    ),
    Macro(
        name="holds_at",
        parameters=("start_at", "end_at", "t"),
        about="Whether a stretch of time holds at t.",
        sql="coalesce(start_at <= CAST(t AS TIMESTAMP), true) "
        "AND coalesce(CAST(t AS TIMESTAMP) < end_at, true)",
        is_table=False,
    ),
    Macro(
        name="key_id_of",
        parameters=("arn",),
        about="The id in the ARN of a key.",
        sql="regexp_extract(arn, '[^/]*$')",
        is_table=False,
    ),
    Macro(
        name="account_of",
        parameters=("arn",),
        about="The account in an ARN; null where it names none.",
        sql="nullif(split_part(arn, ':', 5), '')",
        is_table=False,
    ),
    Macro(
        name="person",
        parameters=("actor", "session"),
        about="Whom to ask: the session where there is one, else the actor.",
        sql="coalesce(session, actor)",
        is_table=False,
    ),
    Macro(
        name="key_state_at",
        parameters=("t",),
        about="One row a key that existed at t: the same answer as `keyledger state --at t`.",
        sql="SELECT * FROM key_spans WHERE holds_at(start_at, end_at, t)",
    ),
    Macro(
        name="database_state_at",
        parameters=("t",),
        about="One row a database known at t: the same answer as `keyledger state --at t`.",
        sql="SELECT * FROM database_spans WHERE holds_at(start_at, end_at, t)",
    ),
    Macro(
        name="copies_at",
        parameters=("t",),
        about="One row a copy of a database's data that had been made by t, with its condition.",
        sql="SELECT * FROM copy_spans WHERE holds_at(start_at, end_at, t)",
    ),
    Macro(
        name="aliases_at",
        parameters=("t",),
        about="One row an alias that pointed at a key at t.",
        sql="SELECT * FROM aliases WHERE key_arn IS NOT NULL AND holds_at(start_at, end_at, t)",
    ),
    Macro(
        name="grants_at",
        parameters=("t",),
        about="One row a grant that was in force at t.",
        sql="SELECT * FROM grants WHERE holds_at(created_at, ended_at, t)",
    ),
    Macro(
        name="events_between",
        parameters=("a", "b"),
        about="The records of what happened from a to b, b excluded.",
        sql="SELECT * FROM events "
        "WHERE event_time >= CAST(a AS TIMESTAMP) AND event_time < CAST(b AS TIMESTAMP)",
    ),
    Macro(
        name="so_far",
        parameters=(),
        about="The records of what happened up to the moment asked about; contradictions left out.",
        sql="SELECT * FROM events WHERE event_time <= asked_at() AND NOT is_conflict",
    ),
    Macro(
        name="events_of_key",
        parameters=("arn",),
        about="The records about one key; usage too.",
        sql="SELECT * FROM events WHERE key_arn = arn",
    ),
    Macro(
        name="events_of_database",
        parameters=("id",),
        about="The records about one database, and of the use of its key for it.",
        sql="SELECT * FROM events WHERE database_id = id",
    ),
    Macro(
        name="under_key",
        parameters=("arn", "t"),
        about="One row a copy that lay under a key at t and was not gone: the volume is one too.",
        sql="SELECT * FROM copies_at(t) WHERE key_arn = arn AND condition <> 'gone'",
    ),
    View(
        name="copies",
        about="One row a copy of a database's data, as it stood at the moment asked about.",
        sql="SELECT * FROM copies_at(asked_at())",
    ),
)
"""Views and macros, each after those that it rests on."""
