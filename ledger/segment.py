"""Segment: how a run of entries lies on disk. Readers address entries and never see one.

The payloads of a run are grouped by lane, one zstd frame each, so that a reader of one lane never
inflates another. What the headers say beside them lies in columns: deltas, cut into byte planes,
one zstd frame. Payload digests are not kept, they follow from the payloads; leaves lie in tiles.

Both directions are strict: bytes that could not have been written here are refused, and nothing is
inflated beyond what its run may hold.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import zstandard

from ledger.columns import Columns, Numbers, distinct, steps_bytes
from ledger.entry import MAX_NUMBER, MAX_PAYLOAD, Kind, decode_steps
from ledger.errors import MalformedError
from ledger.hashing import DIGEST_BYTES, Digest
from ledger.packed import Packed

MAX_ENTRIES: Final = 4096
MAX_BYTES: Final = 16 << 20
"""Payload bytes of a segment; a single larger payload gets one of its own."""

COLUMNS_VERSION: Final = 1
_LEVEL: Final = 1
"""Measured on records of 1.3 kB in runs of 4,096: a tenth smaller than level 3, and quicker."""
_U8: Final = np.dtype("u1")
U32: Final = np.dtype("<u4")
U64: Final = np.dtype("<u8")
_WIDTHS: Final[tuple[np.dtype[Any], ...]] = (_U8, _U8, U64, U32, U64, U64, U64)
_ROW_BYTES: Final = sum(dtype.itemsize for dtype in _WIDTHS)
_COUNTS_BYTES: Final = 8
_KINDS: Final = frozenset(kind.value for kind in Kind)


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentRow:
    """One row of `segments`.

    Attributes:
        first: index of its first entry.
        count: entries.
        sealed_at: microseconds since the epoch, the same for all of them.
        previous: leaf of the entry before the first.
        link: leaf of the last entry.
        columns: as `pack_columns` wrote them.
    """

    first: int
    count: int
    sealed_at: int
    previous: Digest
    link: Digest
    columns: bytes

    @property
    def stop(self) -> int:
        """Index behind its last entry."""
        return self.first + self.count


def cuts(lengths: Numbers) -> list[tuple[int, int]]:
    """Divide entries with payloads of these lengths into runs that fit into segments."""
    ends = np.cumsum(lengths)
    found: list[tuple[int, int]] = []
    start = 0
    while start < len(lengths):
        before = int(ends[start - 1]) if start else 0
        fitting = int(np.searchsorted(ends, before + MAX_BYTES, side="right"))
        stop = min(max(fitting, start + 1), start + MAX_ENTRIES)
        found.append((start, stop))
        start = stop
    return found


def pack_columns(columns: Columns) -> bytes:
    """Spell columns as they lie on disk."""
    gaps = columns.offsets.copy()
    gaps[1:] -= columns.offsets[:-1] + columns.lengths[:-1]  # records lie end to end, mostly
    fields = (
        columns.kinds,
        columns.lanes,
        columns.steps,
        columns.source,
        _deltas(columns.positions),
        gaps,
        columns.lengths,
    )
    counts = np.array([len(columns), len(columns.sources)], U32).tobytes()
    planes = b"".join(
        _planes(field.astype(dtype)) for field, dtype in zip(fields, _WIDTHS, strict=True)
    )
    return bytes([COLUMNS_VERSION]) + deflate(counts + b"".join(columns.sources) + planes)


def unpack_columns(packed: bytes, count: int) -> Columns:
    """Read the columns of *count* entries back.

    Raises:
        MalformedError: they are not what `pack_columns` writes for a run of that many entries.
    """
    sources, planes = opened(packed, count)
    kinds, lanes, steps, source, positions, gaps, lengths = map(joined, planes, _WIDTHS)
    columns = Columns(
        kinds=kinds,
        lanes=lanes,
        steps=steps,
        sources=sources,
        source=source,
        positions=np.cumsum(positions, dtype=U64),
        offsets=offsets_of(gaps, lengths),
        lengths=lengths,
    )
    _check(columns)
    return columns


def opened(packed: bytes, count: int) -> tuple[tuple[Digest, ...], list[Numbers]]:
    """Inflate columns: the sources that they list, and the byte planes of each."""
    if not packed or packed[0] != COLUMNS_VERSION or not 0 < count <= MAX_ENTRIES:
        raise MalformedError("columns are of no known version, or of no possible count")
    raw = inflate(packed[1:], at_most=_COUNTS_BYTES + count * (DIGEST_BYTES + _ROW_BYTES))
    if len(raw) < _COUNTS_BYTES:
        raise MalformedError("columns are cut short")
    stated, distinct = np.frombuffer(raw, U32, 2).tolist()
    at = _COUNTS_BYTES + distinct * DIGEST_BYTES
    if stated != count or len(raw) != at + count * _ROW_BYTES:
        raise MalformedError(f"columns are not those of {count} entries")
    sources = tuple(
        Digest(raw[start : start + DIGEST_BYTES])
        for start in range(_COUNTS_BYTES, at, DIGEST_BYTES)
    )
    bytes_, planes = np.frombuffer(raw, _U8), []
    for dtype in _WIDTHS:
        end = at + count * dtype.itemsize
        planes.append(bytes_[at:end].reshape(dtype.itemsize, count))
        at = end
    return sources, planes


def offsets_of(gaps: Numbers, lengths: Numbers) -> Numbers:
    """Byte offsets within sources, from the bytes between a record's end and the next."""
    shifted = gaps.copy()
    shifted[1:] += lengths[:-1]
    offsets: Numbers = np.cumsum(shifted, dtype=U64)
    return offsets


def pack_frames(
    lanes: Numbers, payloads: Packed, places: npt.NDArray[np.integer[Any]]
) -> dict[int, bytes]:
    """Compress payloads into one frame per lane.

    Args:
        lanes: of the entries of the run.
        payloads: theirs, and others'.
        places: which of them are the run's, ascending.
    """
    return {lane: deflate(payloads.picked(places[lanes == lane])) for lane in distinct(lanes)}


def unpack_frame(frame: bytes, columns: Columns, lane: int) -> bytes:
    """Inflate the payloads of one lane, end to end.

    Raises:
        MalformedError: the frame is damaged, or does not hold as many bytes as the columns say.
    """
    return inflate_whole(frame, int(columns.lengths[columns.lanes == lane].sum()))


def inflate_whole(frame: bytes, expected: int) -> bytes:
    """Inflate a frame to as many bytes as its columns say; raises MalformedError."""
    raw = inflate(frame, at_most=expected)
    if len(raw) != expected:
        raise MalformedError(f"a frame holds {len(raw)} bytes, its columns say {expected}")
    return raw


def pack_numbers(numbers: Numbers) -> bytes:
    """Spell a sorted or unsorted row of numbers compactly (deltas, byte planes, zstd)."""
    return deflate(_planes(_deltas(numbers)))


def unpack_numbers(packed: bytes, count: int, dtype: npt.DTypeLike) -> Numbers:
    """Read *count* numbers back.

    Raises:
        MalformedError: they are not that many.
    """
    kind = np.dtype(dtype)
    raw = inflate(packed, at_most=count * kind.itemsize)
    if len(raw) != count * kind.itemsize:
        raise MalformedError(f"a row of numbers does not hold {count}")
    numbers: Numbers = np.cumsum(_from_planes(raw, kind), dtype=kind)
    return numbers


def deflate(data: bytes) -> bytes:
    """Compress into one zstd frame that states its size and carries a checksum."""
    return zstandard.ZstdCompressor(level=_LEVEL, write_checksum=True).compress(data)


def inflate(frame: bytes, *, at_most: int) -> bytes:
    """Inflate one whole zstd frame.

    Raises:
        MalformedError: it is damaged, followed by something, or larger than allowed.
    """
    try:
        size = zstandard.get_frame_parameters(frame).content_size
        if not 0 <= size <= at_most:  # asked first: a frame may state any size it likes
            raise MalformedError(f"a frame states {size} bytes where at most {at_most} belong")
        return zstandard.ZstdDecompressor().decompress(
            frame, max_output_size=at_most, allow_extra_data=False
        )
    except zstandard.ZstdError as error:
        raise MalformedError(f"a frame cannot be inflated: {error}") from error


def _deltas(numbers: Numbers) -> Numbers:
    deltas = numbers.copy()
    deltas[1:] -= numbers[:-1]  # wraps around where it falls; so does the sum that undoes it
    return deltas


def _planes(numbers: Numbers) -> bytes:
    """All first bytes, then all second bytes, …: equal high bytes come together."""
    return numbers.view(_U8).reshape(-1, numbers.itemsize).T.tobytes()


def _from_planes(planes: bytes, dtype: np.dtype[Any]) -> Numbers:
    rows = np.frombuffer(planes, _U8).reshape(dtype.itemsize, len(planes) // dtype.itemsize)
    return joined(rows, dtype)


def joined(planes: Numbers, dtype: np.dtype[Any]) -> Numbers:
    """Numbers of their byte planes."""
    numbers: Numbers = np.ascontiguousarray(planes.T).view(dtype).reshape(-1)
    return numbers


def _check(columns: Columns) -> None:
    """Refuse values that no header can hold, and runs that no segment may hold."""
    check_values(columns)
    total = int(columns.lengths.max()) * len(columns)
    if len(columns) > 1 and total > MAX_BYTES and int(columns.lengths.sum()) > MAX_BYTES:
        raise MalformedError(f"a run of entries is longer than {MAX_BYTES} bytes")
    if not np.bincount(columns.source, minlength=len(columns.sources)).all():
        raise MalformedError("the sources that are listed are not those that entries name")


def check_values(columns: Columns) -> None:
    """Refuse values that no header can hold."""
    for numbers in (columns.positions, columns.offsets):
        if int(numbers.max()) > MAX_NUMBER:
            raise MalformedError("a number is not below 2^63")
    if int(columns.lengths.max()) > MAX_PAYLOAD:
        raise MalformedError(f"a payload is longer than {MAX_PAYLOAD} bytes")
    if not _KINDS.issuperset(distinct(columns.kinds)):
        raise MalformedError("an entry is of no known kind")
    for number in np.unique(columns.steps).tolist() if columns.steps.any() else ():
        decode_steps(steps_bytes(number))
    if int(columns.source.max()) >= len(columns.sources):
        raise MalformedError("the sources that are listed are not those that entries name")
