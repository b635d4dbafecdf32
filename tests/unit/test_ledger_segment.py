from __future__ import annotations

from contextlib import suppress

import numpy as np
import pytest
import zstandard

from ledger.columns import Columns
from ledger.entry import MAX_PAYLOAD
from ledger.errors import MalformedError
from ledger.hashing import Digest, sha256
from ledger.packed import Packed
from ledger.segment import (
    MAX_BYTES,
    MAX_ENTRIES,
    cuts,
    deflate,
    inflate,
    pack_columns,
    pack_frames,
    pack_numbers,
    unpack_columns,
    unpack_frame,
    unpack_numbers,
)


def columns(count: int, **changed: object) -> Columns:
    fields: dict[str, object] = {
        "kinds": np.full(count, 1, np.uint8),
        "lanes": np.arange(count, dtype=np.uint8) % 2,
        "steps": np.zeros(count, np.uint64),
        "sources": (sha256(b"a"), sha256(b"b")),
        "source": np.arange(count, dtype=np.uint32) % 2,
        "positions": np.arange(count, dtype=np.uint64)[::-1].copy(),
        "offsets": np.arange(count, dtype=np.uint64) * np.uint64(7),
        "lengths": np.full(count, 5, np.uint64),
    }
    return Columns(**(fields | changed))  # type: ignore[arg-type]


def numbers(*values: int) -> object:
    return np.array(values, np.uint64)


def test_payloads_of_one_lane_lie_in_one_frame() -> None:
    payloads = [b"first", b"other", b"third"]
    run = columns(3)
    frames = pack_frames(run.lanes, Packed.of(payloads), np.arange(len(payloads)))
    assert {lane: unpack_frame(frame, run, lane) for lane, frame in frames.items()} == {
        0: b"firstthird", 1: b"other",
    }  # fmt: skip
    assert run.starts().tolist() == [0, 0, 5]


IMPOSSIBLE = {
    "a position of 2^63": columns(2, positions=numbers(0, 1 << 63)),
    "an offset of 2^63": columns(2, offsets=numbers(0, 1 << 63)),
    "a payload too long": columns(2, lengths=numbers(0, MAX_PAYLOAD + 1)),
    "a run too long": columns(2, lengths=numbers(MAX_BYTES, 1)),
    "an unknown kind": columns(2, kinds=np.array([1, 9], np.uint8)),
    "an unknown step": columns(2, steps=numbers(0, 9 << 56)),
    "a gap between steps": columns(2, steps=numbers(0, 2)),
    "a source not listed": columns(2, sources=(sha256(b"a"),)),
    "a source not used": columns(2, source=np.array([0, 0], np.uint32)),
}


@pytest.mark.parametrize("run", IMPOSSIBLE.values(), ids=IMPOSSIBLE.keys())
def test_columns_of_values_that_nothing_sealed_are_refused(run: Columns) -> None:
    with pytest.raises(MalformedError):
        unpack_columns(pack_columns(run), len(run))


def test_columns_are_read_for_their_own_count_only() -> None:
    packed = pack_columns(columns(5))
    assert len(unpack_columns(packed, 5)) == 5
    for count in (-1, 0, 4, 6, MAX_ENTRIES + 1):
        with pytest.raises(MalformedError):
            unpack_columns(packed, count)


@pytest.mark.parametrize(
    "packed",
    [
        b"",
        b"\x01",
        b"\x02" + pack_columns(columns(5))[1:],
        pack_columns(columns(5))[:-1],
        pack_columns(columns(5)) + b"\0",
        b"\x01" + deflate(b""),
        b"\x01" + deflate(b"\x05\0\0\0\xff\xff\xff\xff"),
        b"\x01" + deflate(bytes(1 << 20)),
    ],
)
def test_columns_that_are_damaged_are_refused(packed: bytes) -> None:
    with pytest.raises(MalformedError):
        unpack_columns(packed, 5)


def test_every_flipped_bit_of_columns_is_refused_or_changes_nothing() -> None:
    packed = bytearray(pack_columns(columns(5)))
    before = pack_columns(unpack_columns(bytes(packed), 5))
    for place in range(len(packed)):
        for bit in range(8):
            packed[place] ^= 1 << bit
            with suppress(MalformedError):
                assert pack_columns(unpack_columns(bytes(packed), 5)) == before
            packed[place] ^= 1 << bit


def test_a_frame_is_inflated_no_further_than_it_may() -> None:
    bomb = deflate(bytes(50 << 20))
    assert len(bomb) < 10_000
    with pytest.raises(MalformedError, match="states"):
        inflate(bomb, at_most=1000)


def test_a_frame_that_hides_its_size_is_refused() -> None:
    hidden = zstandard.ZstdCompressor(write_content_size=False).compress(b"payload")
    with pytest.raises(MalformedError):
        inflate(hidden, at_most=1000)


def test_nothing_may_follow_a_frame() -> None:
    frame = deflate(b"payload")
    assert inflate(frame, at_most=7) == b"payload"
    for trailing in (b"\0", frame):
        with pytest.raises(MalformedError):
            inflate(frame + trailing, at_most=100)


def test_a_run_is_cut_by_entries_and_by_bytes() -> None:
    assert cuts(np.full(MAX_ENTRIES + 1, 1, np.uint64)) == [
        (0, MAX_ENTRIES), (MAX_ENTRIES, MAX_ENTRIES + 1),
    ]  # fmt: skip
    lengths = np.array([MAX_BYTES, 1, MAX_BYTES - 1, 1, MAX_BYTES + 9, 0, 0], np.uint64)
    assert cuts(lengths) == [(0, 1), (1, 3), (3, 4), (4, 5), (5, 7)]
    assert cuts(np.array([], np.uint64)) == []


def test_a_part_lists_the_sources_that_it_uses() -> None:
    run = columns(4, source=np.array([0, 1, 1, 1], np.uint32))
    assert run.at(slice(1, 4)).sources == (Digest(sha256(b"b")),)
    assert run.at(slice(1, 4)).source.tolist() == [0, 0, 0]


def test_rows_of_numbers_are_read_for_their_own_count_only() -> None:
    row = np.array([5, 3, 2**64 - 1, 0], np.uint64)
    packed = pack_numbers(row)
    assert unpack_numbers(packed, 4, np.uint64).tolist() == row.tolist()
    for count in (3, 5):
        with pytest.raises(MalformedError):
            unpack_numbers(packed, count, np.uint64)
