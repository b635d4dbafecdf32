"""Build: from ledgers to a file, whole or by what is new; nothing here is evidence."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from analyzer.answers.shape import Scope
from analyzer.archive import Archive, Cut
from analyzer.knowledge import Knowledge
from analyzer.moment import Moment
from analyzer.progress import Progress
from analyzer.volume import Volume
from analyzer.warehouse.derived import derived
from analyzer.warehouse.engine import Engine
from analyzer.warehouse.findings import findings
from analyzer.warehouse.records import Records
from analyzer.warehouse.rejects import reject_rows
from analyzer.warehouse.schema import declaration, sums
from analyzer.warehouse.stamp import Stamp, put
from analyzer.warehouse.table import Table
from analyzer.warehouse.tables import (
    DERIVED,
    FINDINGS,
    RECORDS,
    REJECTS,
    SCOPE,
    SOURCES,
)
from ledger.entry import Kind

BATCH: Final = 20_000
"""Records that travel at once, each batch in a transaction of its own: DuckDB keeps what is not
committed in memory, and nobody sees the file before it is whole."""

_COUNTED: Final = 200_000
"""Entries whose uses are counted at once, so that they fit into memory whatever they are."""

_Rejects = list[tuple[Any, ...]]
_JSON: Final = ("request", "response", "additional", "payload")
_TAKEN: Final = "* REPLACE ({})".format(
    ", ".join(
        f"CASE WHEN {name} IS NULL OR json_valid({name}) THEN {name} ELSE to_json({name}) END"
        f" AS {name}"
        for name in _JSON
    )
)
"""What DuckDB's stricter parser refuses is kept as one JSON text: no record can fail a query."""


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
    held, rejects, counted = Records(names), _Rejects(), start
    for stretch in volume.stretches(start, stop):
        if start and Kind.REDACTION in stretch.kinds:
            return False
        held.add(stretch)
        rejects += reject_rows(stretch, names, noted)
        done = stretch.indexes[-1] + 1 - volume.base
        if len(held) + len(rejects) >= BATCH:
            _load(engine, held, rejects)
            held, rejects = Records(names), _Rejects()
            if done - counted >= _COUNTED:
                _count(engine, volume, counted, done)
                counted = done
        on_progress(done)
    _load(engine, held, rejects)
    _count(engine, volume, counted, stop)
    return True


def _load(engine: Engine, held: Records, rejects: _Rejects) -> None:
    engine.load(RECORDS, held.table(), _TAKEN)
    if rejects:
        engine.load_rows(REJECTS, iter(rejects))


def _count(engine: Engine, volume: Volume, start: int, stop: int) -> None:
    """Count the uses among the entries [start, stop); the view `usage` adds the counts up."""
    engine.execute(f"INSERT INTO usage_parts {sums(_within(volume, start, stop))}")


def derive(
    engine: Engine, scope: Scope, tables: Sequence[Table] = DERIVED, *, is_temporary: bool = False
) -> None:
    """Fill tables that follow from all that is known, of the file or of a session."""
    for table in tables:
        if is_temporary:
            engine.execute(declaration(table, "TEMPORARY"))
        else:
            engine.execute(f"TRUNCATE {table.name}")
        is_of_moment = table is FINDINGS
        engine.load_rows(table, findings(scope) if is_of_moment else derived(table, scope.history))


def finish(engine: Engine, archive: Archive, stamp: Stamp, asked_at: Moment) -> None:
    """Write what belongs to the file as a whole."""
    engine.execute("TRUNCATE sources")
    engine.load_rows(SOURCES, archive.sources())
    engine.execute("TRUNCATE scope")
    engine.load_rows(SCOPE, iter([(asked_at, sum(stamp.cut))]))
    put(engine, stamp)


def forget(engine: Engine, archive: Archive, cut: Cut) -> None:
    """Let a session see the first entries of each ledger only."""
    known = within(archive, cut)
    for name in (RECORDS.name, REJECTS.name):
        query = f"SELECT * FROM warehouse.{name} WHERE {known}"
        engine.execute(f"CREATE TEMPORARY VIEW {name} AS {query}")
    engine.execute(f"CREATE TEMPORARY VIEW usage_parts AS {sums('true')}")


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
