"""Build: from a ledger to a file, whole or by what is new; nothing here is evidence."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Final

from analyzer.answers.shape import Scope
from analyzer.knowledge import Knowledge
from analyzer.moment import Moment
from analyzer.warehouse import spans, subjects
from analyzer.warehouse.engine import Engine
from analyzer.warehouse.errors import DamagedFileError
from analyzer.warehouse.findings import findings
from analyzer.warehouse.records import Records
from analyzer.warehouse.rejects import reject_rows
from analyzer.warehouse.tables import (
    COPY_SPANS,
    DERIVED,
    FINDINGS,
    RECORDS,
    REJECTS,
    SCOPE,
    SOURCES,
    SPANS,
    TABLES,
    Table,
)
from analyzer.warehouse.views import READINGS, USAGE_SUMS, Macro, View
from ledger.entry import Kind
from ledger.store import Ledger

BATCH: Final = 20_000
"""Records that travel at once, each batch in a transaction of its own: DuckDB keeps what is not
committed in memory, and nobody sees the file before it is whole."""

_ROWS: Final = {
    "subjects": subjects.subjects,
    "keys": spans.keys,
    "key_spans": spans.key_spans,
    "databases": spans.databases,
    "database_spans": spans.database_spans,
    "copy_spans": spans.copy_spans,
    "aliases": subjects.aliases,
    "gaps": subjects.gaps,
}
_JSON: Final = ("request", "response", "additional", "payload")
_TAKEN: Final = "* REPLACE ({})".format(
    ", ".join(
        f"CASE WHEN {name} IS NULL OR json_valid({name}) THEN {name} ELSE to_json({name}) END"
        f" AS {name}"
        for name in _JSON
    )
)
"""What DuckDB's stricter parser refuses is kept as one JSON text: no record can fail a query."""

Progress = Callable[[int, int], None]
"""Told how many entries of how many are loaded."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """What a file is made from.

    Attributes:
        ledger: the evidence.
        knowledge: what was read from the same ledger.
        on_progress: told while entries are loaded; None to tell nobody.
    """

    ledger: Ledger
    knowledge: Knowledge
    on_progress: Progress | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamp:
    """What a file was made of, and by which code; a file with another stamp is made anew.

    Attributes:
        code: digest of the tables, views and macros.
        origin: of the ledger.
        size: entries that were loaded.
        root: of the tree over them, hex.
    """

    code: str
    origin: str
    size: int
    root: str


def code() -> str:
    """Digest what decides how a file looks and what is in it."""
    parts = (TABLES, READINGS, USAGE_SUMS, _FORMAT)
    return sha256(repr(parts).encode()).hexdigest()


_FORMAT: Final = 1
"""To be raised when the same ledger would give other rows in the same tables."""


def stamp_of(engine: Engine) -> Stamp | None:
    """Read the stamp of a file; None where it has none. Raises DamagedFileError."""
    tables = engine.rows("SELECT table_name FROM duckdb_tables() WHERE schema_name = 'main'")
    if ("stamp",) not in tables:
        return None
    try:
        [row] = engine.rows("SELECT code, origin, size, root FROM stamp")
    except ValueError as error:
        raise DamagedFileError("a stamp of several rows") from error
    return Stamp(code=row[0], origin=row[1], size=row[2], root=row[3])


def create(engine: Engine) -> None:
    """Make empty tables, views, macros, and their comments."""
    for table in TABLES:
        engine.execute(declaration(table))
    engine.execute("CREATE TABLE stamp (code VARCHAR, origin VARCHAR, size BIGINT, root VARCHAR)")
    engine.execute(f"CREATE TABLE usage_parts AS {_sums(0)}")
    for reading in READINGS:
        engine.execute(_spelled(reading))
    for table in TABLES:
        _comment(engine, "TABLE", table.name, table.about)
        for column in table.columns:
            _comment(engine, "COLUMN", f"{table.name}.{column.name}", column.about)
    for reading in READINGS:
        if isinstance(reading, View):
            _comment_view(engine, reading)
        else:
            kind = "MACRO TABLE" if reading.is_table else "MACRO"
            _comment(engine, kind, reading.name, f"{reading.signature}: {reading.about}")
    for name, about in _OTHERS.items():
        _comment(engine, "TABLE", name, about)


_OTHERS: Final = {
    "stamp": "One row: which ledger, up to which entry, this file was made from.",
    "usage_parts": "Sums of which the view usage is made.",
}


def extend(engine: Engine, material: Material, start: int, stop: int) -> bool:
    """Add the entries [start, stop) to the tables that grow.

    Returns:
        Whether they could be added: an order to erase earlier entries is among them otherwise.
    """
    ledger = material.ledger
    names: dict[bytes, str] = {one.digest: one.name for one in reversed(ledger.sources())}
    reasons = ledger.notes()
    held = Records(names)
    rejects: list[tuple[Any, ...]] = []
    for stretch in ledger.stretches(start, stop):
        if start and Kind.REDACTION in stretch.kinds:
            return False
        held.add(stretch)
        rejects += reject_rows(stretch, names, reasons)
        if len(held) >= BATCH:
            engine.load(RECORDS, held.table(), _TAKEN)
            held = Records(names)
        if material.on_progress is not None:
            material.on_progress(stretch.indexes[-1] + 1, stop)
    engine.load(RECORDS, held.table(), _TAKEN)
    engine.load_rows(REJECTS, iter(rejects))
    engine.execute(f"INSERT INTO usage_parts {_sums(start)}")
    return True


def derive(
    engine: Engine, scope: Scope, tables: Sequence[Table] = DERIVED, *, is_temporary: bool = False
) -> None:
    """Fill tables that follow from all that is known, of the file or of a session."""
    for table in tables:
        if is_temporary:
            engine.execute(declaration(table, "TEMPORARY"))
        else:
            engine.execute(f"TRUNCATE {table.name}")
        rows = _rows(table, scope)
        engine.load_rows(table, spans.joined(table, rows) if table in SPANS else rows)


def _rows(table: Table, scope: Scope) -> Iterator[tuple[Any, ...]]:
    return findings(scope) if table is FINDINGS else _ROWS[table.name](scope.history)


def finish(engine: Engine, ledger: Ledger, stamp: Stamp, asked_at: Moment) -> None:
    """Write what belongs to the file as a whole."""
    engine.execute("TRUNCATE sources")
    engine.load_rows(
        SOURCES, ((one.digest.hex(), one.name, one.recorded_at) for one in ledger.sources())
    )
    engine.execute("TRUNCATE scope")
    engine.load_rows(SCOPE, iter([(asked_at, stamp.size)]))
    engine.execute("TRUNCATE stamp")
    values = {"code": stamp.code, "origin": stamp.origin, "size": stamp.size, "root": stamp.root}
    engine.execute("INSERT INTO stamp VALUES ($code, $origin, $size, $root)", values)


def forget(engine: Engine, size: int) -> None:
    """Let a session see the first *size* entries only."""
    for name in (RECORDS.name, REJECTS.name):
        query = f"SELECT * FROM warehouse.{name} WHERE entry_index < {size}"
        engine.execute(f"CREATE TEMPORARY VIEW {name} AS {query}")
    engine.execute(f"CREATE TEMPORARY VIEW usage_parts AS {_sums(0)}")


def ask_at(engine: Engine, at: Moment, size: int) -> None:
    """Say which moment a session asks about."""
    engine.execute(declaration(SCOPE, "TEMPORARY"))
    engine.load_rows(SCOPE, iter([(at, size)]))


def declaration(table: Table, kind: str = "") -> str:
    """Spell CREATE TABLE."""
    columns = ", ".join(f"{column.name} {column.type.value}" for column in table.columns)
    return f"CREATE {kind} TABLE {table.name} ({columns})"


def _sums(start: int) -> str:
    return USAGE_SUMS.format(start=start)


def _spelled(reading: View | Macro) -> str:
    if isinstance(reading, View):
        return f"CREATE VIEW {reading.name} AS {reading.sql}"
    kind = "TABLE " if reading.is_table else ""
    return f"CREATE MACRO {reading.signature} AS {kind}{reading.sql}"


def _comment(engine: Engine, kind: str, name: str, text: str) -> None:
    quoted = text.replace("'", "''")
    engine.execute(f"COMMENT ON {kind} {name} IS '{quoted}'")


def _comment_view(engine: Engine, view: View) -> None:
    _comment(engine, "VIEW", view.name, view.about)
    described = {column.name: column.about for column in (*RECORDS.columns, *COPY_SPANS.columns)}
    described |= dict(view.columns)
    present = engine.rows(
        f"SELECT column_name FROM duckdb_columns() WHERE table_name = '{view.name}'"
    )
    for (name,) in present:
        if name in described:
            _comment(engine, "COLUMN", f"{view.name}.{name}", described[name])
