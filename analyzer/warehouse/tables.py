"""Tables: what the warehouse holds, column by column; the one definition of names, types, meaning.

Arrow schemas, DuckDB's tables and the comments in its catalogue are all made from it. Every row
that stems from a record names it in `entry_index`.
"""

from __future__ import annotations

from typing import Final

from analyzer.warehouse.table import Column, Table, Type

_ENTRY = Column("entry_index", Type.NUMBER, "place in the ledger of the record it rests on")
_KEY = Column("key_arn", Type.TEXT, "ARN of the KMS key")
_DATABASE = Column(
    "database_id",
    Type.TEXT,
    "immutable resource id of the database (db-…, cluster-…); its ARN where no record tells the id",
)
_START = Column("start_at", Type.TIME, "from then on; null where it began before the ledger does")
_END = Column("end_at", Type.TIME, "until then, exclusive; null where it lasts")
_BASIS = Column(
    "basis", Type.TEXT, "how the beginning is known: observed, derived, bounded, inferred"
)
_EARLIEST = Column("earliest", Type.TIME, "lower bound of the beginning")
_LATEST = Column("latest", Type.TIME, "upper bound of the beginning; null where there is none")
_CAUSE = (
    Column("cause_name", Type.TEXT, "name of the record in entry_index"),
    Column("cause_actor", Type.TEXT, "who made that call"),
    Column("root_entry_index", Type.NUMBER, "place of the accountable call behind it"),
    Column("root_name", Type.TEXT, "name of the accountable call"),
    Column("root_actor", Type.TEXT, "who made the accountable call"),
)

RECORDS: Final = Table(
    name="records",
    about="One row a sealed record, as it speaks for itself; events adds what follows from others.",
    columns=(
        Column("entry_index", Type.NUMBER, "place in the ledger"),
        Column("event_id", Type.TEXT, "CloudTrail's eventID, or the envelope's id"),
        Column("event_time", Type.TIME, "when it happened, UTC"),
        Column("event_source", Type.TEXT, "service that was called, as written: kms.amazonaws.com"),
        Column("service", Type.TEXT, "its first label: kms, rds, backup, cloudtrail"),
        Column("event_name", Type.TEXT, "the API operation; the EventID or kind of a native event"),
        Column("actor", Type.TEXT, "human or role to ask; the service where there is nobody else"),
        Column("session", Type.TEXT, "ARN of the session of an assumed role"),
        Column(
            "actor_type", Type.TEXT, "userIdentity.type: AssumedRole, IAMUser, Root, AWSService, …"
        ),
        Column("actor_account", Type.TEXT, "account of the caller"),
        Column("invoked_by", Type.TEXT, "service that called on behalf of the actor"),
        Column("has_mfa", Type.FLAG, "whether the session was opened with MFA; null if unsaid"),
        Column("source_ip", Type.TEXT, "address or service from which the call came"),
        Column("user_agent", Type.TEXT, "what the client called itself; the client's choice"),
        Column("region", Type.TEXT, "Region of the record"),
        Column("account", Type.TEXT, "account whose trail told of it"),
        Column("error_code", Type.TEXT, "why the call failed; null where it succeeded"),
        Column("error_message", Type.TEXT, "the same in AWS's words"),
        Column("read_only", Type.FLAG, "whether the call only reads; null if unsaid"),
        Column("key_arn", Type.TEXT, "first KMS key among the record's resources"),
        Column("context_database", Type.TEXT, "database that an encryption context names"),
        Column("resources", Type.TEXTS, "ARNs of the record's resources, as written"),
        Column("encryption_context", Type.TEXT, "encryption context of a cryptographic call, JSON"),
        Column("request", Type.TEXT, "requestParameters, JSON"),
        Column("response", Type.TEXT, "responseElements, JSON"),
        Column("additional", Type.TEXT, "additionalEventData, JSON"),
        Column("shared_event_id", Type.TEXT, "links records of one call in several accounts"),
        Column("lane", Type.TEXT, "control (may move state) or usage"),
        Column("is_conflict", Type.FLAG, "contradicts an earlier record of the same identity"),
        Column("sealed_at", Type.TIME, "when it was sealed, by the clock of whoever ingested, UTC"),
        Column("source", Type.TEXT, "name of the file or stream it came from"),
        Column(
            "payload", Type.TEXT, "the whole record, JSON; null in the usage lane, see the ledger"
        ),
    ),
)

SUBJECTS: Final = Table(
    name="subjects",
    about="The key and the database that a record is about, as far as the replay could tell.",
    columns=(_ENTRY, _KEY, _DATABASE),
)

KEYS: Final = Table(
    name="keys",
    about="One row a KMS key that a record names.",
    columns=(
        _KEY,
        Column("key_id", Type.TEXT, "its id"),
        Column("account", Type.TEXT, "account that owns it"),
        Column("region", Type.TEXT, "its Region"),
        Column("manager", Type.TEXT, "CUSTOMER or AWS; null where no record tells"),
        Column("origin", Type.TEXT, "AWS_KMS, EXTERNAL, AWS_CLOUDHSM, EXTERNAL_KEY_STORE; or null"),
        Column("multi_region", Type.FLAG, "whether it is a multi-Region key; null if unsaid"),
        Column("created_at", Type.TIME, "its creation; null where no record tells"),
        Column("entry_index", Type.NUMBER, "place in the ledger of the first record about it"),
    ),
)

KEY_SPANS: Final = Table(
    name="key_spans",
    about="One row a stretch of time in which a key was in one state; without gaps or overlaps.",
    columns=(
        _KEY,
        Column("key_id", Type.TEXT, "id of the key"),
        Column("state", Type.TEXT, "AWS's KeyState, Deleted, or Unknown"),
        Column("usable", Type.FLAG, "whether it could decrypt; null where that is unknown"),
        Column("since", Type.TIME, "when the state began: an earlier span may have it already"),
        _START,
        _END,
        _BASIS,
        _EARLIEST,
        _LATEST,
        Column("deletion_date", Type.TIME, "after which KMS deletes it, or deleted it"),
        Column("entry_index", Type.NUMBER, "place of the record that made the state"),
        *_CAUSE,
    ),
)

DATABASES: Final = Table(
    name="databases",
    about="One row a database, as it was last seen.",
    columns=(
        _DATABASE,
        Column("database_arn", Type.TEXT, "its ARN"),
        Column("name", Type.TEXT, "its identifier"),
        Column("kind", Type.TEXT, "instance, cluster or global-cluster"),
        Column("engine", Type.TEXT, "postgres, mysql, …; null where no record tells"),
        Column("account", Type.TEXT, "account that owns it"),
        Column("region", Type.TEXT, "its Region"),
        Column("key_arn", Type.TEXT, "the key under its storage; null where there is none"),
        Column("is_encrypted", Type.FLAG, "whether its storage is; null where no record tells"),
        Column("retention_days", Type.NUMBER, "days of automated backups; null if unsaid"),
        Column("entry_index", Type.NUMBER, "place in the ledger of the first record about it"),
    ),
)

DATABASE_SPANS: Final = Table(
    name="database_spans",
    about="One row a stretch of time in which status and verdict of a database were the same.",
    columns=(
        _DATABASE,
        Column("database_arn", Type.TEXT, "ARN of the database then"),
        Column("name", Type.TEXT, "identifier of the database then"),
        Column("kind", Type.TEXT, "instance, cluster or global-cluster"),
        Column("engine", Type.TEXT, "postgres, mysql, …"),
        Column("resource_id", Type.TEXT, "immutable resource id; null where no record tells it"),
        Column("key_arn", Type.TEXT, "the key under its storage"),
        Column("status", Type.TEXT, "RDS's status literal, deleted, or unknown"),
        Column("verdict", Type.TEXT, "healthy, at-risk, recoverable, recoverable-with-action, …"),
        Column("seen", Type.TEXT, "the verdict by what is seen; another only for lost shards"),
        Column("since", Type.TIME, "when the status began: an earlier span may have it already"),
        _START,
        _END,
        _BASIS,
        _EARLIEST,
        _LATEST,
        Column(
            "unrecoverable_since",
            Type.TIME,
            "since when nothing brings the data back, as seen; or null",
        ),
        Column("recoverable_until", Type.TIME, "last moment at which an action saves the data"),
        Column("data_loss_seconds", Type.NUMBER, "age of the newest copy left when it was lost"),
        Column("entry_index", Type.NUMBER, "place of the record behind the verdict, or the status"),
        *_CAUSE,
    ),
)

COPY_SPANS: Final = Table(
    name="copy_spans",
    about="One row a stretch of time in which the condition of one copy of the data was the same.",
    columns=(
        _DATABASE,
        Column("copy_id", Type.TEXT, "ARN or another stable name of the copy"),
        Column("kind", Type.TEXT, "volume, automated-backup, snapshot, snapshot-copy, replica, …"),
        Column("key_arn", Type.TEXT, "the copy's own key; null where it is not encrypted"),
        Column("condition", Type.TEXT, "usable, latent, dead, gone or unknown"),
        Column("since", Type.TIME, "when the condition began"),
        _START,
        _END,
        _BASIS,
        Column("restorable_to", Type.TIME, "newest moment whose data it holds"),
        Column("expires", Type.TIME, "when it goes by itself"),
        Column("entry_index", Type.NUMBER, "place of the record that made the condition"),
        *_CAUSE,
    ),
)

ALIASES: Final = Table(
    name="aliases",
    about="One row a stretch of time in which an alias pointed at one key.",
    columns=(
        Column("alias_arn", Type.TEXT, "ARN of the alias"),
        Column("alias", Type.TEXT, "its name: alias/orders"),
        Column("key_arn", Type.TEXT, "the key it pointed at; null once it was deleted"),
        _START,
        _END,
        Column("actor", Type.TEXT, "who pointed it there"),
        Column("entry_index", Type.NUMBER, "place of the record that did it"),
    ),
)

GAPS: Final = Table(
    name="gaps",
    about="One row a stretch of time about which the evidence is silent.",
    columns=(
        Column("account", Type.TEXT, "account whose trail fell silent"),
        _START,
        _END,
        Column("of_kms_only", Type.FLAG, "whether only KMS events are missing"),
        Column("actor", Type.TEXT, "who silenced it"),
        Column("entry_index", Type.NUMBER, "place of the record that did it"),
    ),
)

FINDINGS: Final = Table(
    name="findings",
    about="One row a finding up to the moment asked about, also one that does not stand any more.",
    columns=(
        Column("rule", Type.TEXT, "name of the rule: database.unrecoverable, snapshot.shared, …"),
        Column("severity", Type.TEXT, "low, medium, high or critical"),
        Column("resource", Type.TEXT, "ARN, or the immutable id where no record tells an ARN"),
        Column("title", Type.TEXT, "what the rule finds"),
        Column("detail", Type.TEXT, "one sentence in plain words"),
        Column("is_open", Type.FLAG, "whether it stands; a cancelled deletion does not"),
        Column("since", Type.TIME, "from when on it holds"),
        Column("until", Type.TIME, "when it was withdrawn or ended"),
        Column("changes", Type.TEXTS, "what was changed: the difference of two policies"),
        Column("incident", Type.TEXT, "names the findings that belong together"),
        Column("actor", Type.TEXT, "who made the first of the calls that show it"),
        Column("entries", Type.NUMBERS, "places in the ledger of all records that show it"),
        Column("entry_index", Type.NUMBER, "place of the first of them"),
    ),
)

SOURCES: Final = Table(
    name="sources",
    about="One row a name under which a source was met; names are narration, the digest is sealed.",
    columns=(
        Column("sha256", Type.TEXT, "of the inflated source, hex"),
        Column("name", Type.TEXT, "file or stream, as it was given"),
        Column("recorded_at", Type.TIME, "when it was first met, UTC"),
    ),
)

REJECTS: Final = Table(
    name="rejects",
    about="One row a piece of a source that is no record, kept verbatim.",
    columns=(
        Column("entry_index", Type.NUMBER, "place in the ledger"),
        Column("source", Type.TEXT, "name of the file or stream it came from"),
        Column("position", Type.NUMBER, "ordinal within the source"),
        Column("reason", Type.TEXT, "why it is no record"),
        Column("sealed_at", Type.TIME, "when it was sealed, UTC"),
        Column("payload", Type.TEXT, "how it begins; bytes that are no text are escaped"),
    ),
)

SCOPE: Final = Table(
    name="scope",
    about="One row: what is asked about.",
    columns=(
        Column("asked_at", Type.TIME, "the moment asked about: --at, or the newest event"),
        Column("known_at", Type.NUMBER, "how many entries of the ledger are known"),
    ),
)

GROWING: Final = (RECORDS, REJECTS)
"""Tables to which the entries that are new are added."""

SPANS: Final = (KEY_SPANS, DATABASE_SPANS, COPY_SPANS)
"""Tables of what holds for a stretch of time; neighbours that say the same are one row."""

DERIVED: Final = (
    SUBJECTS, KEYS, KEY_SPANS, DATABASES, DATABASE_SPANS, COPY_SPANS, ALIASES, GAPS,
    FINDINGS,
)  # fmt: skip
"""Tables that follow from all that is known; a late record may change any row of them."""

TABLES: Final = (*GROWING, *DERIVED, SOURCES, SCOPE)
