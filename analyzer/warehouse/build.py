"""Build: from ledgers to a file, whole or by what is new; nothing here is evidence."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from hashlib import sha256
from typing import Any, Final

from analyzer.answers.shape import Scope
from analyzer.archive import Archive, Cut
from analyzer.knowledge import Knowledge
from analyzer.moment import Moment
from analyzer.volume import Volume
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
        archive: the evidence.
        knowledge: what was read from it.
        on_progress: told while entries are loaded; None to tell nobody.
    """

    archive: Archive
    knowledge: Knowledge
    on_progress: Progress | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """How far one ledger was loaded.

    Attributes:
        shard: its number in a fleet; 0 where it is asked alone.
        name: of the shard; None where it is asked alone.
        origin: of the ledger.
        size: entries that were loaded.
        root: of the tree over them, hex.
    """

    shard: int
    name: str | None
    origin: str
    size: int
    root: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamp:
    """What a file was made of, and by which code; a file with another stamp is made anew.

    Attributes:
        code: digest of the tables, views and macros.
        heads: how far each ledger was loaded, in the order of their shards.
    """

    code: str
    heads: tuple[Head, ...]

    @property
    def cut(self) -> Cut:
        """How many entries of each ledger were loaded."""
        return tuple(head.size for head in self.heads)


def code() -> str:
    """Digest what decides how a file looks and what is in it."""
    parts = (TABLES, READINGS, USAGE_SUMS, _FORMAT)
    return sha256(repr(parts).encode()).hexdigest()


_FORMAT: Final = 2
"""To be raised when the same ledger would give other rows in the same tables."""


def stamp_of(engine: Engine) -> Stamp | None:
    """Read the stamp of a file; None where it has none. Raises DamagedFileError."""
    tables = engine.rows("SELECT table_name FROM duckdb_tables() WHERE schema_name = 'main'")
    if ("stamp",) not in tables:
        return None
    rows = engine.rows("SELECT code, shard, name, origin, size, root FROM stamp ORDER BY shard")
    codes = {row[0] for row in rows}
    if len(codes) != 1:
        raise DamagedFileError("a stamp of no code, or of several")
    heads = (
        Head(shard=shard, name=name, origin=origin, size=size, root=root)
        for _, shard, name, origin, size, root in rows
    )
    return Stamp(code=codes.pop(), heads=tuple(heads))


def create(engine: Engine) -> None:
    """Make empty tables, views, macros, and their comments."""
    for table in TABLES:
        engine.execute(declaration(table))
    engine.execute(f"CREATE TABLE stamp ({_STAMP})")
    engine.execute(f"CREATE TABLE usage_parts AS {_sums('true')}")
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


_STAMP: Final = (
    "code VARCHAR, shard BIGINT, name VARCHAR, origin VARCHAR, size BIGINT, root VARCHAR"
)
_OTHERS: Final = {
    "stamp": "One row a ledger: which one, up to which entry, this file was made from; in a fleet "
    "the entries of a shard have numbers from shard * 1000000000000 on.",
    "usage_parts": "Sums of which the view usage is made.",
}


def extend(engine: Engine, material: Material, old: Stamp, wanted: Stamp) -> bool:
    """Add what is new in each ledger to the tables that grow.

    Returns:
        Whether it could be added: an order to erase earlier entries is in it otherwise.
    """
    starts = {head.shard: head.size for head in old.heads}
    told = material.on_progress or (lambda _done, _total: None)
    done, total = 0, sum(wanted.cut)
    for volume, stop in material.archive.cut(wanted.cut):
        start = starts.get(volume.shard, 0)
        if not _extend(engine, volume, start, stop, partial(_tell, told, done, total)):
            return False
        done += stop
    return True


def _tell(told: Progress, before: int, total: int, done: int) -> None:
    told(before + done, total)


def _extend(
    engine: Engine, volume: Volume, start: int, stop: int, on_progress: Callable[[int], None]
) -> bool:
    """Add the entries [start, stop) of one ledger; False where an order to erase is among them."""
    with volume.reading():
        sources, reasons = volume.ledger.sources(), volume.ledger.notes()
    names: dict[bytes, str] = {one.digest: one.name for one in reversed(sources)}
    noted = {volume.base + index: reason for index, reason in reasons.items()}
    held = Records(names)
    rejects: list[tuple[Any, ...]] = []
    for stretch in volume.stretches(start, stop):
        if start and Kind.REDACTION in stretch.kinds:
            return False
        held.add(stretch)
        rejects += reject_rows(stretch, names, noted)
        if len(held) >= BATCH:
            engine.load(RECORDS, held.table(), _TAKEN)
            held = Records(names)
        on_progress(stretch.indexes[-1] + 1 - volume.base)
    engine.load(RECORDS, held.table(), _TAKEN)
    engine.load_rows(REJECTS, iter(rejects))
    engine.execute(f"INSERT INTO usage_parts {_sums(_within(volume, start, stop))}")
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


def finish(engine: Engine, archive: Archive, stamp: Stamp, asked_at: Moment) -> None:
    """Write what belongs to the file as a whole."""
    engine.execute("TRUNCATE sources")
    engine.load_rows(
        SOURCES,
        (
            (one.digest.hex(), one.name, one.recorded_at)
            for volume in archive.volumes
            for one in volume.ledger.sources()
        ),
    )
    engine.execute("TRUNCATE scope")
    engine.load_rows(SCOPE, iter([(asked_at, sum(stamp.cut))]))
    engine.execute("TRUNCATE stamp")
    for head in stamp.heads:
        values = {"code": stamp.code, **asdict(head)}
        engine.execute(
            "INSERT INTO stamp VALUES ($code, $shard, $name, $origin, $size, $root)", values
        )


def forget(engine: Engine, archive: Archive, cut: Cut) -> None:
    """Let a session see the first entries of each ledger only."""
    known = within(archive, cut)
    for name in (RECORDS.name, REJECTS.name):
        query = f"SELECT * FROM warehouse.{name} WHERE {known}"
        engine.execute(f"CREATE TEMPORARY VIEW {name} AS {query}")
    engine.execute(f"CREATE TEMPORARY VIEW usage_parts AS {_sums('true')}")


def within(archive: Archive, cut: Cut) -> str:
    """Spell that an entry is one of the first of its ledger."""
    return " OR ".join(_within(volume, 0, size) for volume, size in archive.cut(cut)) or "false"


def _within(volume: Volume, start: int, stop: int) -> str:
    """Spell that an entry is one of [start, stop) of a ledger."""
    first, last = volume.base + start, volume.base + stop
    return f"(entry_index >= {first} AND entry_index < {last})"


def ask_at(engine: Engine, at: Moment, size: int) -> None:
    """Say which moment a session asks about."""
    engine.execute(declaration(SCOPE, "TEMPORARY"))
    engine.load_rows(SCOPE, iter([(at, size)]))


def declaration(table: Table, kind: str = "") -> str:
    """Spell CREATE TABLE."""
    columns = ", ".join(f"{column.name} {column.type.value}" for column in table.columns)
    return f"CREATE {kind} TABLE {table.name} ({columns})"


def _sums(within: str) -> str:
    return USAGE_SUMS.format(within=within)


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
