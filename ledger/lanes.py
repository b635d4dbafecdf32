"""Lanes: which segments have payloads of some lanes, and these payloads, found by walking.

To look a frame up, SQLite reads whole frames on its way to it, of any lane; to walk over very many
it reads none that is not asked for.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

from ledger.connection import Connection


class Bounds(NamedTuple):
    """Where a segment lies, and whether it has a frame of the lanes that were asked for."""

    first: int
    size: int
    is_wanted: bool

    @property
    def stop(self) -> int:
        """Index behind its last entry."""
        return self.first + self.size


def frames_between(
    connection: Connection, first: int, last: int, lanes: Collection[int]
) -> dict[int, dict[int, bytes]]:
    """Frames of some lanes of the segments from *first* to *last*, by first entry and lane.

    To look one up, SQLite reads whole frames on its way to it; to walk over many it does not.
    """
    sql = (
        "SELECT first, lane, CASE WHEN lane IN (SELECT value FROM json_each(?)) THEN payloads END"
        " FROM frames WHERE first >= ? ORDER BY first"
    )
    found: dict[int, dict[int, bytes]] = {}
    types = (int, int, bytes | None)
    for at, lane, payloads in connection.walk(sql, (_listed(lanes), first), types, last):
        if payloads is not None:
            found.setdefault(at, {})[lane] = bytes(payloads)
    return found


def bounds_between(
    connection: Connection, start: int, stop: int, lanes: Collection[int]
) -> list[Bounds]:
    """Segments that may hold entries [start, stop), and whether each has a frame of a lane."""
    sql = (
        "SELECT first, count FROM segments WHERE first < ?1 AND first >= coalesce("
        "(SELECT max(first) FROM segments WHERE first <= ?2), 0) ORDER BY first"
    )
    bounds = connection.typed_rows(sql, (stop, start), (int, int))
    having = "SELECT first, lane FROM frames WHERE first >= ? ORDER BY first"
    lowest = min((first for first, _ in bounds), default=stop)
    held = connection.walk(having, (lowest,), (int, int), stop - 1)
    with_frames = {first for first, lane in held if lane in lanes}
    return [Bounds(first, count, first in with_frames) for first, count in bounds]


def leaf_tiles(connection: Connection, low: int, high: int) -> dict[int, bytes]:
    """Tiles of leaves from *low* to *high*, as far as they are there, by their numbers.

    To see whether a tile is still of level 0, SQLite would read it whole: hence the limit.
    """
    sql = "SELECT level, n, nodes FROM tiles WHERE (level, n) >= (0, ?) ORDER BY level, n LIMIT ?"
    found = connection.typed_rows(sql, (low, high - low + 1), (int, int, bytes))
    return {n: bytes(nodes) for level, n, nodes in found if level == 0 and n <= high}


def _listed(lanes: Collection[int]) -> str:
    """Spell lanes as a JSON list, for a statement that is the same whatever lanes are meant."""
    return str(sorted(map(int, lanes)))
