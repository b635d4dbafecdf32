"""One bit flipped anywhere in the file: the audit finds it, or it was no evidence."""

from __future__ import annotations

from collections import defaultdict
from contextlib import closing
from pathlib import Path

import pytest

from ledger.store import Ledger
from tests.ledger_support import first_break, make, records, sqlite3
from tests.tamper.anatomy import Anatomy
from tests.tamper.flips import evidence_of, flip_each, is_found, small_ledger

STEP = 97
PARTS = 4
"""So that test workers share them."""


@pytest.fixture(params=range(PARTS))
def part(request: pytest.FixtureRequest) -> int:
    number: int = request.param
    return number


@pytest.fixture
def small(tmp_path: Path) -> Path:
    return small_ledger(tmp_path / "small.db")


@pytest.fixture
def made(tmp_path: Path) -> Path:
    batches = [records(150), records(150, start=150), records(3, start=300)]
    return make(tmp_path / "made.db", batches)


def test_any_flipped_bit_of_a_sample_is_found_or_is_slack_with_a_reason(
    small: Path, part: int
) -> None:
    used = [place for place, byte in enumerate(small.read_bytes()) if byte]
    places = used[part * STEP // PARTS :: STEP]
    tally = flip_each(small, [(place, place * 7 % 8) for place in places])
    assert tally.missed == []
    assert tally.found > tally.slack.total()


def test_a_bit_of_whatever_there_is_in_the_file_is_found_or_is_slack_with_a_reason(
    small: Path, part: int
) -> None:
    """Small things, such as a flag in a row, are met by no sample of places."""
    labels = defaultdict(list)
    for place, label in enumerate(Anatomy(small).labels):
        labels[label].append(place)
    places = [found[len(found) // 2] for _, found in sorted(labels.items())][part::PARTS]
    assert flip_each(small, [(place, bit) for place in places for bit in (0, 7)]).missed == []


def test_a_flipped_pointer_of_a_page_is_found_though_a_scan_finds_all_rows(
    tmp_path: Path, part: int
) -> None:
    """Small pages make inner ones, by which a search is led and a scan is not."""
    small = small_ledger(tmp_path / "small.db", 1024)
    pointers = [
        place
        for place, label in enumerate(Anatomy(small).labels)
        if label in {"page pointers: frames", "page pointers: tiles", "page pointers: segments"}
    ]
    flips = [(place, bit) for place in pointers[part::PARTS] for bit in (0, 2, 5, 7)]
    tally = flip_each(small, flips)
    assert (tally.found, tally.missed) == (len(flips), [])


@pytest.mark.once
@pytest.mark.parametrize("page_bytes", [1024, 8192])
def test_any_flipped_bit_is_found_or_is_slack_with_a_reason(
    tmp_path: Path, part: int, page_bytes: int
) -> None:
    small = small_ledger(tmp_path / "small.db", page_bytes)
    places = range(part, small.stat().st_size, PARTS)
    tally = flip_each(small, [(place, bit) for place in places for bit in range(8)])
    assert tally.missed == []


def test_every_byte_of_evidence_has_a_label(small: Path) -> None:
    """What the anatomy calls unused must be unused, or slack would have an excuse too many."""
    labels = Anatomy(small).labels
    data = small.read_bytes()
    with Ledger.open(small, readonly=True) as ledger:
        notes = [str(checkpoint).encode() for checkpoint in ledger.checkpoints()]
    for note in notes:
        at = data.index(note)
        assert set(labels[at : at + len(note)]) == {"checkpoints.note"}
    assert len(labels) == len(data)
    assert {"tiles.nodes", "frames.payloads", "segments.columns", "redactions.ordered_by"} <= set(
        labels
    )
    assert not any(data[at] for at, label in enumerate(labels) if label == "unused space")


def test_a_guard_that_is_listed_under_another_table_is_found(made: Path) -> None:
    """Found by flipping every bit: `Meta` for `meta`, which SQLite takes for the same."""
    with closing(sqlite3.connect(str(made), isolation_level=None)) as conn:
        conn.execute("PRAGMA writable_schema = ON")
        conn.execute("UPDATE sqlite_master SET tbl_name = 'Meta' WHERE name = 'meta_update'")
    assert first_break(made) == (None, "schema")


def test_a_time_before_all_times_is_found(made: Path) -> None:
    """Found by flipping every bit: no header can hold it, and the audit fell over it."""
    with closing(sqlite3.connect(str(made))) as conn:
        [(trigger,)] = conn.execute("SELECT sql FROM sqlite_master WHERE name = 'segments_update'")
        conn.execute("DROP TRIGGER segments_update")
        conn.execute("PRAGMA ignore_check_constraints = ON")
        conn.execute("UPDATE segments SET sealed_at = -1 WHERE first = 150")
        conn.execute(trigger)
        conn.commit()
    assert first_break(made) == (150, "payload")


def test_a_checkpoint_that_the_page_no_longer_counts_is_missed(made: Path) -> None:
    """Found by flipping every bit: one checkpoint fewer contradicts nothing else."""
    with closing(sqlite3.connect(str(made))) as conn:
        [(root,)] = conn.execute("SELECT rootpage FROM sqlite_master WHERE name = 'checkpoints'")
    whole = bytearray(made.read_bytes())
    cells = (root - 1) * 8192 + 4
    assert whole[cells] == 3
    whole[cells] = 2
    made.write_bytes(whole)
    assert is_found(made)


def test_rows_that_point_back_do_not_lead_the_audit_in_a_circle(made: Path) -> None:
    """Found by flipping every bit: the row behind segment 150 said that it was segment 0."""
    with closing(sqlite3.connect(str(made))) as conn:
        [(root,)] = conn.execute("SELECT rootpage FROM sqlite_master WHERE name = 'segments'")
    whole = bytearray(made.read_bytes())
    pointers = (root - 1) * 8192 + 8
    whole[pointers + 4 : pointers + 6] = whole[pointers : pointers + 2]  # third as first
    made.write_bytes(whole)
    assert is_found(made)


@pytest.mark.parametrize("kept", [100, 4096, 8192, 20_000, 60_000])
def test_a_file_cut_short_is_found(made: Path, kept: int) -> None:
    made.write_bytes(made.read_bytes()[:kept])
    assert is_found(made)


@pytest.mark.parametrize("page", range(1, 14))
def test_a_page_of_zeros_or_noise_is_found_or_is_slack(made: Path, page: int) -> None:
    with Ledger.open(made, readonly=True) as ledger:
        sealed = evidence_of(ledger)
    for content in (bytes(8192), bytes(range(256)) * 32):
        whole = made.read_bytes()
        path = made.with_name("damaged.db")
        path.write_bytes(whole[: page * 8192] + content + whole[(page + 1) * 8192 :])
        if not is_found(path):
            with Ledger.open(path, readonly=True) as ledger:
                assert evidence_of(ledger) == sealed
