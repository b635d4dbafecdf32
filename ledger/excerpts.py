"""Excerpts: the entries of some lanes, gathered from the file in walks over many segments."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Final

from ledger.errors import BrokenError, MalformedError
from ledger.excerpt import Part, excerpt
from ledger.lanes import Bounds, bounds_between, frames_between, leaf_tiles
from ledger.merkle import TILE_WIDTH
from ledger.redaction import Erased
from ledger.rows import Rows
from ledger.run import erased_by, orders_between
from ledger.stretch import Stretch

_TOGETHER: Final = 32
"""Segments that are read at once: some 6 MB, most of it leaves."""


def excerpts(rows: Rows, start: int, stop: int, lanes: Sequence[int]) -> Iterator[Stretch]:
    """Yield entries [start, stop) of some lanes; segments without them are not even looked at.

    Raises:
        BrokenError: the ledger contradicts itself on the way.
    """
    if start >= stop:
        return
    wanted: list[Bounds] = []
    reached = start
    for one in bounds_between(rows.connection, start, stop, lanes):
        if not one.first <= reached < one.stop:
            break
        reached = one.stop
        if one.is_wanted:
            wanted.append(one)
    for at in range(0, len(wanted), _TOGETHER):
        group = wanted[at : at + _TOGETHER]
        erasures = partial(_erasures, rows, orders_between(rows, group[0].first, group[-1].stop))
        for part in _parts(rows, group, lanes):
            asked = slice(start - part.row.first, stop - part.row.first)
            try:
                found = excerpt(part, lanes, asked, erasures)
            except MalformedError as error:
                raise BrokenError(part.row.first, "payload", error.detail) from error
            if found is not None:
                yield found
    if reached < stop:
        raise BrokenError(reached, "gap", "no segment holds it")


def _parts(rows: Rows, group: Sequence[Bounds], lanes: Sequence[int]) -> Iterator[Part]:
    first, last = group[0].first, group[-1].first
    frames = frames_between(rows.connection, first, last, lanes)
    segments = rows.segments_between(first, last)
    tiles: dict[int, bytes] = {}
    for low, high in _tiles_of(group):
        tiles |= leaf_tiles(rows.connection, low, high)
    for one in group:
        if one.first not in segments:
            raise BrokenError(one.first, "gap", "no segment holds it")
        yield Part(row=segments[one.first], frames=frames.get(one.first, {}), tiles=tiles)


def _tiles_of(group: Sequence[Bounds]) -> list[tuple[int, int]]:
    """From which tile of leaves to which the leaves of segments lie, and the ones before them."""
    found: list[tuple[int, int]] = []
    for one in group:
        low, high = max(one.first - 1, 0) // TILE_WIDTH, (one.stop - 1) // TILE_WIDTH
        if found and low <= found[-1][1] + 1:
            found[-1] = (found[-1][0], high)
        else:
            found.append((low, high))
    return found


def _erasures(
    rows: Rows, orders: Mapping[int, int], indexes: Sequence[int], payloads: Sequence[bytes]
) -> dict[int, Erased]:
    if not orders:
        return {}
    return {
        index: found
        for index, payload in zip(indexes, payloads, strict=True)
        if (found := erased_by(rows, orders, index, payload)) is not None
    }
