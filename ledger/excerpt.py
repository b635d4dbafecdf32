"""Excerpt: the entries of one segment that lie in some lanes, and nothing else of it.

Readers of one lane ask for a few entries in a thousand. What the columns say of the others is left
packed as far as it can be, and of the leaves only those are looked at with which these are checked.
As with `run.Run`, what does not hash to its leaf is never handed out.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ledger.columns import Columns, Numbers
from ledger.entry import MAX_PAYLOAD
from ledger.errors import BrokenError, MalformedError
from ledger.hashing import DIGEST_BYTES, NO_LINK, hasher
from ledger.leaves import hashed, spelled
from ledger.merkle import TILE_WIDTH
from ledger.redaction import Erased
from ledger.segment import (
    MAX_BYTES,
    U32,
    U64,
    SegmentRow,
    check_values,
    inflate_whole,
    joined,
    offsets_of,
    opened,
)
from ledger.stretch import Stretch


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A segment as far as a reader of some lanes needs it.

    Attributes:
        row: the segment.
        frames: its payloads in these lanes, still compressed.
        tiles: the leaves of the tree by tile, as far as they are the segment's.
    """

    row: SegmentRow
    frames: Mapping[int, bytes]
    tiles: Mapping[int, bytes]


Erasures = Callable[[Sequence[int], Sequence[bytes]], Mapping[int, Erased]]
"""Tells which of some entries, by index and payload, were erased, and by which orders."""


def excerpt(part: Part, lanes: Collection[int], asked: slice, erasures: Erasures) -> Stretch | None:
    """Return the entries of a segment that lie in some lanes.

    Args:
        part: the segment.
        lanes: which entries are asked for,
        asked: and among which places of the segment.
        erasures: asked for what it does not show.

    Returns:
        None where no entry is asked for.

    Raises:
        MalformedError: what is needed of it is damaged, or not there.
        BrokenError: an entry does not hash to its stored leaf.
    """
    row = part.row
    cited = cite(row.columns, row.count, lanes, asked)
    if cited is None:
        return None
    indexes = (cited.places + row.first).tolist()
    payloads = _payloads(cited, part.frames)
    erased = erasures(indexes, payloads)
    digests = _digests(indexes, payloads, erased)
    _check(part, indexes, cited.columns, digests)
    kept = [number for number, index in enumerate(indexes) if index not in erased]
    columns = cited.columns.at(np.asarray(kept, np.intp)) if erased else cited.columns
    return Stretch(
        indexes=[indexes[number] for number in kept],
        sealed_at=row.sealed_at,
        kinds=columns.kinds.tolist(),
        lanes=columns.lanes.tolist(),
        sources=[columns.sources[which] for which in columns.source.tolist()],
        positions=columns.positions.tolist(),
        payloads=[payloads[number] for number in kept],
        digests=[digests[number] for number in kept],
        erased=erased,
    )


def _digests(
    indexes: Sequence[int], payloads: Sequence[bytes], erased: Mapping[int, Erased]
) -> list[bytes]:
    """What the headers say of payloads, also of those that were erased."""
    digests: list[bytes] = [hasher(payload).digest() for payload in payloads]
    for number, index in enumerate(indexes) if erased else ():
        if index in erased:
            digests[number] = erased[index].redaction.payload
    return digests


def _payloads(cited: Cited, frames: Mapping[int, bytes]) -> list[bytes]:
    lanes = cited.columns.lanes.tolist()
    inflated = {}
    for lane in set(lanes):
        if lane not in frames:
            raise MalformedError(f"the frame of lane {lane} is not there")
        inflated[lane] = inflate_whole(frames[lane], cited.sizes[lane])
    ends = (cited.starts + cited.columns.lengths).tolist()
    return [
        inflated[lane][start:end]
        for lane, start, end in zip(lanes, cited.starts.tolist(), ends, strict=True)
    ]


def _check(part: Part, indexes: Sequence[int], columns: Columns, digests: Sequence[bytes]) -> None:
    """Compare entries with their leaves; raises BrokenError."""
    previous = [_leaf(part.tiles, index - 1) if index else NO_LINK for index in indexes]
    stored = [_leaf(part.tiles, index) for index in indexes]
    if any(len(leaf) != DIGEST_BYTES for leaf in (*previous, *stored)):
        raise BrokenError(part.row.first, "link", "leaves of its segment are not stored")
    inputs = spelled(indexes, part.row.sealed_at, columns, b"".join(digests), b"".join(previous))
    computed = hashed(inputs)
    for index, leaf, kept in zip(indexes, computed, stored, strict=True):
        if leaf != kept:
            raise BrokenError(index, "payload", "it does not hash to its stored leaf")


def _leaf(tiles: Mapping[int, bytes], index: int) -> bytes:
    at = index % TILE_WIDTH * DIGEST_BYTES
    return tiles.get(index // TILE_WIDTH, b"")[at : at + DIGEST_BYTES]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cited:
    """What is asked for of the columns of a run; what the others hold was not looked at.

    Attributes:
        places: of the entries, counted from the first of the run.
        columns: of these entries.
        starts: where each payload begins in the inflated frame of its lane.
        sizes: bytes of the whole frame by lane.
    """

    places: npt.NDArray[np.intp]
    columns: Columns
    starts: Numbers
    sizes: Mapping[int, int]


def cite(packed: bytes, count: int, lanes: Collection[int], asked: slice) -> Cited | None:
    """Read back what columns of *count* entries say of those in some lanes.

    Args:
        packed: as `pack_columns` wrote them.
        count: entries of the whole run.
        lanes: which entries are asked for,
        asked: and among which places of the run.

    Returns:
        None where no entry is asked for.

    Raises:
        MalformedError: they say what no header can hold.
    """
    sources, planes = opened(packed, count)
    lengths = joined(planes[6], U64)
    if int(lengths.max()) > MAX_PAYLOAD or (count > 1 and int(lengths.sum()) > MAX_BYTES):
        raise MalformedError("a run of entries is longer than any")
    held = [np.flatnonzero(planes[1][0] == lane) for lane in lanes]
    ends = [np.cumsum(lengths[places]) for places in held]
    sizes = {lane: int(row[-1]) if len(row) else 0 for lane, row in zip(lanes, ends, strict=True)}
    places, behind = np.concatenate(held), np.concatenate(ends)
    inside = np.flatnonzero((places >= asked.start) & (places < asked.stop))
    if not len(inside):
        return None
    order = inside if len(held) == 1 else inside[np.argsort(places[inside])]
    places, starts = places[order], behind[order] - lengths[places[order]]
    columns = Columns(
        kinds=planes[0][0][places],
        lanes=planes[1][0][places],
        steps=joined(planes[2][:, places], U64),
        sources=sources,
        source=joined(planes[3][:, places], U32),
        positions=np.cumsum(joined(planes[4], U64), dtype=U64)[places],
        offsets=offsets_of(joined(planes[5], U64), lengths)[places],
        lengths=lengths[places],
    )
    check_values(columns)
    return Cited(places=places, columns=columns, starts=starts, sizes=sizes)
