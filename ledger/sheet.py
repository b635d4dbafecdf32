"""Sheet: one segment with all that its check needs, so that another process can do it. Pure.

Checking answers whether a segment is whole by what it says itself: its payloads hash into its
headers, its headers into the leaves that are stored. Whether it follows on the segment before is
for the audit to compare, and what exactly is wrong with one that is not whole, for its scrutiny.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from ledger.columns import Columns, distinct
from ledger.entry import OWN_LANE, Kind
from ledger.errors import MalformedError
from ledger.folding import full_tiles
from ledger.hashing import DIGEST_BYTES, hasher
from ledger.leaves import hashed, spelled
from ledger.segment import SegmentRow, unpack_columns, unpack_frame


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A segment as it lies on disk.

    Attributes:
        row: the segment.
        frames: its payloads by lane, still compressed.
        leaves: as the tiles have them, in a row.
    """

    row: SegmentRow
    frames: Mapping[int, bytes]
    leaves: bytes


def check(sheet: Sheet) -> dict[int, bytes] | None:
    """Recompute every leaf of a segment from its bytes.

    Returns:
        The roots of the full tiles of leaves that lie in it, by their numbers; None if anything is
        not as it was sealed, or was erased, and where the ledger says something of itself: keys and
        orders to erase have to be read.
    """
    row = sheet.row
    if OWN_LANE in sheet.frames:
        return None
    try:
        columns = unpack_columns(row.columns, row.count)
        digests = _digests(sheet, columns)
    except MalformedError:
        return None
    is_whole = set(distinct(columns.lanes)) == sheet.frames.keys()
    if not is_whole or np.any(columns.kinds == Kind.REDACTION):
        return None
    previous = row.previous + sheet.leaves[:-DIGEST_BYTES]
    if len(sheet.leaves) != len(columns) * DIGEST_BYTES:
        return None
    indexes = np.arange(row.first, row.stop)
    leaves = hashed(spelled(indexes, row.sealed_at, columns, digests, previous))
    if leaves[-1] != row.link or b"".join(leaves) != sheet.leaves:
        return None
    return full_tiles(row.first, sheet.leaves)


def _digests(sheet: Sheet, columns: Columns) -> bytes:
    """SHA-256 of every payload, in a row."""
    new = hasher
    digests = np.empty((len(columns), DIGEST_BYTES), np.uint8)
    for lane, packed in sheet.frames.items():
        frame, mask = memoryview(unpack_frame(packed, columns, lane)), columns.lanes == lane
        ends = np.cumsum(columns.lengths[mask]).tolist()
        hashed = [
            new(frame[start:end]).digest() for start, end in zip([0, *ends], ends, strict=False)
        ]
        digests[mask] = np.frombuffer(b"".join(hashed), np.uint8).reshape(-1, DIGEST_BYTES)
    return digests.tobytes()
