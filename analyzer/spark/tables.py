"""Tables: those of the warehouse as frames of Spark, each made when a query asks for it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cached_property, partial
from typing import Any, Final

import pyarrow as pa

from analyzer.archive import Archive
from analyzer.errors import ShardError
from analyzer.spark.engine import Engine, failures, typed
from analyzer.warehouse.arrow import batch, schema_of, unpacked
from analyzer.warehouse.findings import findings
from analyzer.warehouse.pieces import (
    FACTS,
    FROM_FACTS,
    PACKED,
    Judging,
    Piece,
    facts,
    pieces,
    placed,
    records,
    rejects,
    replayed,
)
from analyzer.warehouse.schema import sums
from analyzer.warehouse.session import Session
from analyzer.warehouse.table import Table
from analyzer.warehouse.tables import FINDINGS, RECORDS, REJECTS, SCOPE, SOURCES, TABLES
from analyzer.warehouse.translation import Translator
from analyzer.warehouse.views import READINGS, View

PIECE: Final = 250_000
"""Entries that a task reads: a shard of any size is many tasks."""
_VIEWS: Final[Mapping[str, str]] = {
    "usage_parts": sums("true"),
    **{one.name: one.sql for one in READINGS if isinstance(one, View)},
}


class Tables:
    """What the shards of a fleet say within a cut, asked at one moment."""

    def __init__(self, engine: Engine, session: Session) -> None:
        """Take a cluster, and what is asked about; nothing is read yet."""
        self._engine = engine
        self.session = session
        self._archive: Archive = session.archive
        self._pieces = pieces(self._archive, session.cut, PIECE)
        self._lost = engine.noted()
        self._made: set[str] = set()
        names = {table.name for table in TABLES} | set(_VIEWS)
        self._translator = Translator(names, session.asked_at)

    def frame(self, sql: str, given: Mapping[str, Any] | None = None) -> Any:
        """Return the frame of a query in DuckDB's SQL.

        Raises:
            UntranslatableError: Spark has no equal of it.
            ClusterError: Spark refuses it.
            ShardError: a shard turned out to be damaged while facts were read.
        """
        spelled, asked = self._translator.spark(sql)
        for name in asked:
            self._make(name)
        with failures():
            return self._engine.session.sql(spelled, args=dict(given or {}) or None)

    def done(self, act: Callable[[], Any]) -> Any:
        """Have frames worked out; raises ShardError where a shard was damaged."""
        with failures():
            found = act()
        for number, error in self._lost.value:
            raise ShardError(number, error)
        return found

    def _make(self, name: str) -> None:
        if name in self._made:
            return
        frame = self.frame(_VIEWS[name]) if name in _VIEWS else self._table(name)
        self._made.add(name)
        frame.createOrReplaceTempView(name)

    def _table(self, name: str) -> Any:
        table = next(one for one in TABLES if one.name == name)
        if table in FROM_FACTS:
            rows = self._replayed.filter(self._replayed["name"] == name).select("rows")
            with failures():
                return rows.mapInArrow(_unpack, typed(schema_of(table)))
        if table is RECORDS:
            return self._read(records, schema_of(table))
        if table is REJECTS:
            return self._read(rejects, schema_of(table))
        return self._engine.table(batch(table, self._here(table)))

    def _here(self, table: Table) -> Iterator[tuple[Any, ...]]:
        """Yield the rows of a table that the driver works out by itself."""
        if table is FINDINGS:
            return findings(self.session.scope)
        if table is SCOPE:
            return iter([(self.session.asked_at, sum(self.session.cut))])
        assert table is SOURCES  # noqa: S101 - there is no other
        return self._archive.sources()

    def _read(self, work: Callable[[Piece], Iterator[pa.RecordBatch]], schema: pa.Schema) -> Any:
        return self._engine.pieces(self._pieces, partial(_told, work, self._lost), schema)

    @cached_property
    def _replayed(self) -> Any:
        """Every component of the facts, replayed apart, in parts of like size."""
        held = self._read(facts, FACTS).persist()
        tied = self.done(lambda: held.drop("payload").toArrow())
        with failures():
            where = self._engine.table(placed(tied, 3 * self._engine.parallelism))
            joined = where.join(held, "entry", "left")
        judging = Judging(silent=self.session.silent, rules=self.session.rules)
        work = partial(replayed, judging=judging)
        return self._engine.parts(joined, work, PACKED).persist()


def _told(
    work: Callable[[Piece], Iterator[pa.RecordBatch]], lost: Any, piece: Piece
) -> Iterator[pa.RecordBatch]:
    """Do work on a piece; of a damaged shard tell the driver, which asks again without it."""
    try:
        yield from work(piece)
    except ShardError as error:
        lost.add([(error.shard, error.error)])


def _unpack(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    for some in batches:
        for rows in some.column(0).to_pylist():
            yield from unpacked(rows).to_batches()
