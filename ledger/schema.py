"""Schema: the tables of a ledger's file, and the guard rails on those that hold evidence.

The proof is the tree; triggers are a seat belt. Evidence tables take no UPDATE and no DELETE (tiles
may grow at their end), and an INSERT only where it continues what is there: `INSERT OR REPLACE`
walks around UPDATE and DELETE triggers, so every existing key is refused before it comes to that.

A frame takes one UPDATE for each redaction whose order has just been sealed, and no other.

Derived tables are plain: they can be rebuilt, and are when they are missing or damaged.
"""

from __future__ import annotations

from collections import Counter
from typing import Final

from sqlite_utils import Database, Migrations

from ledger.connection import APPLICATION_ID, FORMAT, Connection
from ledger.errors import UnreadableError
from ledger.hashing import Digest, sha256

_GROWS: Final = "the ledger only grows"

_TABLES: Final = {
    "meta": """CREATE TABLE meta (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  origin TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  digest BLOB NOT NULL CHECK (length(digest) = 32)
) STRICT""",
    "segments": """CREATE TABLE segments (
  first INTEGER PRIMARY KEY CHECK (first >= 0),
  count INTEGER NOT NULL CHECK (count BETWEEN 1 AND 4096),
  sealed_at INTEGER NOT NULL CHECK (sealed_at >= 0),
  previous BLOB NOT NULL CHECK (length(previous) = 32),
  link BLOB NOT NULL CHECK (length(link) = 32),
  columns BLOB NOT NULL
) STRICT""",
    "frames": """CREATE TABLE frames (
  first INTEGER NOT NULL,
  lane INTEGER NOT NULL CHECK (lane BETWEEN 0 AND 255),
  payloads BLOB NOT NULL,
  PRIMARY KEY (first, lane)
) STRICT, WITHOUT ROWID""",
    "tiles": """CREATE TABLE tiles (
  level INTEGER NOT NULL CHECK (level BETWEEN 0 AND 7),
  n INTEGER NOT NULL CHECK (n >= 0),
  nodes BLOB NOT NULL CHECK (length(nodes) BETWEEN 32 AND 8192 AND length(nodes) % 32 = 0),
  PRIMARY KEY (level, n)
) STRICT, WITHOUT ROWID""",
    "checkpoints": """CREATE TABLE checkpoints (
  size INTEGER PRIMARY KEY CHECK (size >= 0),
  made_at INTEGER NOT NULL,
  note TEXT NOT NULL
) STRICT""",
    # Which payloads were erased, and by which entry's order.
    "redactions": """CREATE TABLE redactions (
  entry INTEGER PRIMARY KEY CHECK (entry >= 0),
  lane INTEGER NOT NULL,
  ordered_by INTEGER NOT NULL CHECK (ordered_by > entry),
  is_done INTEGER NOT NULL CHECK (is_done IN (0, 1))
) STRICT""",
}

_CONTINUES: Final = {
    "meta": "NOT EXISTS (SELECT 1 FROM meta)",
    "segments": """NEW.first = coalesce(
    (SELECT first + count FROM segments ORDER BY first DESC LIMIT 1), 0)
  AND NEW.previous = coalesce(
    (SELECT link FROM segments ORDER BY first DESC LIMIT 1), zeroblob(32))
  AND NOT EXISTS (SELECT 1 FROM redactions WHERE NOT is_done)""",
    "frames": """NEW.first = (SELECT max(first) FROM segments)
  AND NOT EXISTS (SELECT 1 FROM frames WHERE first = NEW.first AND lane = NEW.lane)""",
    "tiles": """NOT EXISTS (SELECT 1 FROM tiles WHERE level = NEW.level AND n = NEW.n)
  AND (NEW.n = 0 OR EXISTS (
    SELECT 1 FROM tiles WHERE level = NEW.level AND n = NEW.n - 1 AND length(nodes) = 8192))""",
    "checkpoints": """NEW.size > coalesce((SELECT max(size) FROM checkpoints), -1)
  AND NEW.size <= coalesce(
    (SELECT first + count FROM segments ORDER BY first DESC LIMIT 1), 0)""",
    # The order is the last entry, alone in its segment (lane 255), and has ordered nothing else.
    "redactions": """NEW.is_done = 0
  AND NEW.ordered_by = (SELECT max(first) FROM segments)
  AND (SELECT count FROM segments WHERE first = NEW.ordered_by) = 1
  AND EXISTS (SELECT 1 FROM frames WHERE first = NEW.ordered_by AND lane = 255)
  AND NOT EXISTS (
    SELECT 1 FROM redactions WHERE entry = NEW.entry OR ordered_by >= NEW.ordered_by)""",
}
"""What must hold for a new row. Anything but TRUE refuses it, NULL too."""

_MAY_CHANGE: Final = {
    "tiles": """NEW.level = OLD.level AND NEW.n = OLD.n
  AND length(NEW.nodes) > length(OLD.nodes)
  AND substr(NEW.nodes, 1, length(OLD.nodes)) = OLD.nodes""",
    # The one door through which a segment is rewritten: open for one frame, once.
    "frames": """NEW.first = OLD.first AND NEW.lane = OLD.lane AND OLD.lane <> 255
  AND EXISTS (
    SELECT 1 FROM redactions JOIN segments ON entry >= first AND entry < first + count
    WHERE first = OLD.first AND lane = OLD.lane AND NOT is_done
      AND ordered_by = (SELECT max(first) FROM segments))""",
    "redactions": """NEW.entry = OLD.entry AND NEW.lane = OLD.lane
  AND NEW.ordered_by = OLD.ordered_by AND OLD.is_done = 0 AND NEW.is_done = 1""",
}
"""What must hold for a row to be changed; rows of other tables never are."""

_CLOSES_THE_DOOR: Final = {
    "frames_erased": """CREATE TRIGGER frames_erased AFTER UPDATE ON frames
BEGIN UPDATE redactions SET is_done = 1 WHERE NOT is_done; END""",
}


def _triggers(table: str) -> dict[str, str]:
    refuse = f"BEGIN SELECT RAISE(ABORT, '{_GROWS}'); END"
    change = _MAY_CHANGE.get(table)
    allowed = f"WHEN ({change}) IS NOT TRUE\n" if change else ""
    return {
        f"{table}_append": f"CREATE TRIGGER {table}_append BEFORE INSERT ON {table}\n"
        f"WHEN ({_CONTINUES[table]}) IS NOT TRUE\n{refuse}",
        f"{table}_update": f"CREATE TRIGGER {table}_update BEFORE UPDATE ON {table}\n"
        f"{allowed}{refuse}",
        f"{table}_delete": f"CREATE TRIGGER {table}_delete BEFORE DELETE ON {table}\n{refuse}",
    }


EVIDENCE: Final[dict[str, str]] = {
    name: sql
    for table, made in _TABLES.items()
    for name, sql in {table: made, **_triggers(table)}.items()
} | _CLOSES_THE_DOOR
"""Name to SQL of everything that belongs to the evidence tables, triggers included."""

DERIVED: Final[dict[str, str]] = {
    # 64-bit prefixes of identities, sorted, one row per run of entries.
    "derived_identities": """CREATE TABLE derived_identities (
  first INTEGER PRIMARY KEY,
  count INTEGER NOT NULL,
  checksum INTEGER NOT NULL,
  prefixes BLOB NOT NULL,
  places BLOB NOT NULL
) STRICT""",
    # Range of the times that callers gave for the entries of a segment.
    "derived_spans": """CREATE TABLE derived_spans (
  first INTEGER PRIMARY KEY,
  earliest INTEGER NOT NULL,
  latest INTEGER NOT NULL
) STRICT""",
    # Under which names a source was met.
    "derived_sources": """CREATE TABLE derived_sources (
  digest BLOB NOT NULL,
  name TEXT NOT NULL,
  recorded_at INTEGER NOT NULL,
  PRIMARY KEY (digest, name)
) STRICT, WITHOUT ROWID""",
    # Why an entry was rejected.
    "derived_notes": """CREATE TABLE derived_notes (
  entry INTEGER PRIMARY KEY,
  note TEXT NOT NULL
) STRICT""",
    # What a caller has taken whole and need not offer again, once there were so many entries.
    "derived_marks": """CREATE TABLE derived_marks (
  mark BLOB PRIMARY KEY,
  size INTEGER NOT NULL
) STRICT, WITHOUT ROWID""",
}

MIGRATIONS: Final = Migrations("ledger")


@MIGRATIONS(name="0001-evidence")
def evidence(db: Database) -> None:
    """Make the tables that hold evidence, with their guards."""
    for sql in EVIDENCE.values():
        db.execute(sql)
    db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    db.execute(f"PRAGMA user_version = {FORMAT}")


def meta_digest(origin: str, created_at: int) -> Digest:
    """Hash the schema of the evidence tables together with what the ledger says of itself."""
    parts = [*EVIDENCE.values(), str(FORMAT), origin, str(created_at)]
    return sha256(b"".join(len(part.encode()).to_bytes(8) + part.encode() for part in parts))


def create_tables(connection: Connection) -> bool:
    """Make the evidence tables in an empty file, inside a write transaction.

    Returns:
        False where they are there already.
    """
    if connection.rows("PRAGMA application_id") == [(APPLICATION_ID,)]:
        return False
    with connection.mapping():
        MIGRATIONS.apply(connection.database)
    return True


def _place(name: str) -> tuple[str, str]:
    """What a part of the evidence is, and which table it belongs to."""
    return ("table", name) if name in _TABLES else ("trigger", name.rpartition("_")[0])


def schema_faults(connection: Connection) -> list[str]:
    """Compare the evidence tables and their guards with what they must be.

    Returns:
        One sentence per difference, in a stable order.
    """
    sql = "SELECT type, name, tbl_name, sql, rootpage FROM sqlite_master ORDER BY name, type"
    try:
        found = connection.rows(sql)
    except UnreadableError as error:
        return [f"the schema cannot be read: {error.detail}"]
    there = {name: (kind, table, text) for kind, name, table, text, _ in found}
    pages = Counter(page for *_, page in found if page)
    faults = [f"{name} is missing" for name in EVIDENCE if name not in there]
    faults += [
        f"{name} was changed"
        for name, sql in EVIDENCE.items()
        if name in there and there[name] != (*_place(name), sql)
    ]
    faults += [
        f"{kind} {name!r} on {table} does not belong there"
        for kind, name, table, _, _ in found
        if table in _TABLES and name not in EVIDENCE
    ]
    # Else a table could be read from the pages of another, and would seem to be empty.
    faults += [
        f"{name} lies where another table lies"
        for _, name, _, _, page in found
        if name in _TABLES and pages[page] > 1
    ]
    return faults
