"""Stamp: what a file was made of and by which code; says whether it has to be made anew."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from hashlib import sha256
from typing import Final

from analyzer.archive import Cut
from analyzer.warehouse.engine import Engine
from analyzer.warehouse.errors import DamagedFileError
from analyzer.warehouse.tables import TABLES
from analyzer.warehouse.views import READINGS, USAGE_SUMS

COLUMNS: Final = (
    "code VARCHAR, shard BIGINT, name VARCHAR, origin VARCHAR, size BIGINT, root VARCHAR"
)
"""Of the table `stamp`; a row for each ledger."""

_FORMAT: Final = 2
"""To be raised when the same ledger would give other rows in the same tables."""


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


def code(lost: Iterable[str] = ()) -> str:
    """Digest what decides how a file looks and what is in it, but for the ledgers themselves.

    Args:
        lost: the names of shards without which verdicts are what they are.
    """
    parts = (TABLES, READINGS, USAGE_SUMS, _FORMAT, *sorted(lost))
    return sha256(repr(parts).encode()).hexdigest()


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


def put(engine: Engine, stamp: Stamp) -> None:
    """Write the stamp of a file in the place of the one that it had."""
    engine.execute("TRUNCATE stamp")
    for head in stamp.heads:
        values = {"code": stamp.code, **asdict(head)}
        engine.execute(
            "INSERT INTO stamp VALUES ($code, $shard, $name, $origin, $size, $root)", values
        )
