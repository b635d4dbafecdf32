"""Entries are read wherever they lie, by slices, lanes, columns and bytes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from ledger.store import Ledger
from ledger.stretch import Stretch
from tests.ledger_support import append, erase, records


def test_any_slice_of_the_entries_is_read(ledger: Ledger) -> None:
    for start in range(0, 700, 100):
        append(ledger, records(100, start=start))
    for start, stop in ((0, 700), (0, 1), (99, 101), (250, 650), (699, 900), (300, 300), (9, 3)):
        read = [entry.header.index for entry in ledger.entries(start, stop)]
        assert read == list(range(start, min(stop, 700)))


def test_one_lane_is_read_without_touching_the_frames_of_others(ledger: Ledger, path: Path) -> None:
    append(ledger, records(300))
    ledger.rows.connection.execute("DROP TRIGGER frames_update")
    ledger.rows.connection.execute("UPDATE frames SET payloads = x'00' WHERE lane = 1")
    control = list(ledger.entries(lanes={0}))
    assert [entry.header.index for entry in control] == list(range(0, 300, 5))
    assert {entry.header.lane for entry in control} == {0}
    assert list(ledger.entries(lanes={7})) == []
    assert [e.header.index for e in ledger.entries(7, 26, lanes={0, 7})] == [10, 15, 20, 25]


@pytest.mark.parametrize("lanes", [{0}, {1}, {0, 1}, {7}, {0, 7}])
@pytest.mark.parametrize("bounds", [(0, 700), (7, 26), (99, 101), (250, 650), (699, 900), (9, 3)])
def test_what_is_read_of_a_lane_by_columns_is_what_is_read_entry_by_entry(
    ledger: Ledger, lanes: set[int], bounds: tuple[int, int]
) -> None:
    for start in range(0, 700, 100):
        append(ledger, records(100, start=start))
    erase(ledger, 250, 255, 301)
    whole = list(ledger.entries(*bounds, lanes=lanes))
    stretches = list(ledger.stretches(*bounds, lanes=lanes))
    assert [row for stretch in stretches for row in _rows(stretch)] == [
        (header.index, header.sealed_at, header.kind, header.lane, header.source, header.position,
         entry.payload, header.payload)
        for entry in whole for header in [entry.header] if entry.payload is not None
    ]  # fmt: skip
    erased = {index: found for one in stretches for index, found in one.erased.items()}
    assert erased == {one.header.index: one.erased for one in whole if one.payload is None}


def _rows(stretch: Stretch) -> Iterator[tuple[object, ...]]:
    for row in zip(
        stretch.indexes, stretch.kinds, stretch.lanes, stretch.sources, stretch.positions,
        stretch.payloads, stretch.digests, strict=True,
    ):  # fmt: skip
        yield row[0], stretch.sealed_at, *row[1:]


def test_a_reader_sees_the_ledger_as_of_its_call(ledger: Ledger) -> None:
    append(ledger, records(5))
    reading = ledger.entries()
    append(ledger, records(5, start=5))
    assert len(list(reading)) == 5


def test_an_entry_that_is_not_there_is_an_index_error(ledger: Ledger) -> None:
    append(ledger, records(3))
    for index in (-1, 3):
        with pytest.raises(IndexError):
            ledger.entry(index)


@pytest.mark.parametrize("needle", [b"id-00137", b"value 1", b"ue 4|", b"9id-", b"nowhere"])
def test_entries_with_certain_bytes_are_found_without_looking_through_the_others(
    ledger: Ledger, needle: bytes
) -> None:
    for start in range(0, 400, 100):
        append(ledger, records(100, start))
    for lanes in (None, {1}):
        found = list(ledger.entries(50, 390, lanes=lanes, needle=needle))
        whole = ledger.entries(50, 390, lanes=lanes)
        assert found == [one for one in whole if one.payload and needle in one.payload]
