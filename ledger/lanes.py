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


def frames_between(
    connection: Connection, first: int, last: int, lanes: Collection[int]
) -> dict[int, dict[int, bytes]]:
    """Frames of some lanes of the segments from *first* to *last*, by first entry and lane.

    To look one up, SQLite reads whole frames on its way to it; to walk over many it does not.
    """
    sql = (
        "SELECT first, lane, payloads FROM frames WHERE first BETWEEN ? AND ?"
        " AND lane IN (SELECT value FROM json_each(?)) ORDER BY first"
    )
    found: dict[int, dict[int, bytes]] = {}
    wanted = (first, last, _listed(lanes))
    for at, lane, payloads in connection.typed_rows(sql, wanted, (int, int, bytes)):
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
    having = (
        "SELECT first FROM frames WHERE first >= ? AND first < ?"
        " AND lane IN (SELECT value FROM json_each(?))"
    )
    lowest = min((first for first, _ in bounds), default=stop)
    held = connection.typed_rows(having, (lowest, stop, _listed(lanes)), (int,))
    with_frames = {first for (first,) in held}
    return [Bounds(first, count, first in with_frames) for first, count in bounds]


def _listed(lanes: Collection[int]) -> str:
    """Spell lanes as a JSON list, for a statement that is the same whatever lanes are meant."""
    return str(sorted(map(int, lanes)))
