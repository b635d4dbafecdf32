"""One bit flipped anywhere in the file: the audit finds it, or it was no evidence.

What an audit may miss is slack: unused space of pages, derived tables, SQLite's own bookkeeping. It
is told from evidence by the one measure that counts: everything sealed reads back as it was.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

import pytest

from ledger.audit import audit
from ledger.errors import NotALedgerError, UnreadableError
from ledger.report import Outcome
from ledger.store import Ledger
from tests.ledger_support import make, records, sqlite3

STEP = 97
PARTS = 4
"""So that two test workers share them."""


def everything(ledger: Ledger) -> object:
    entries = [(entry.header.encode(), entry.payload) for entry in ledger.entries()]
    return entries, ledger.head(), ledger.checkpoints(), ledger.origin


def test_any_flipped_bit_of_a_sample_is_found_or_is_slack(made: Path, part: int) -> None:
    used = [place for place, byte in enumerate(made.read_bytes()) if byte]
    places = used[part * STEP // PARTS :: STEP]
    found, slack = flip_each(made, [(place, place * 7 % 8) for place in places])
    assert found > slack  # slack among used bytes is guards of derived tables, and their rows


@pytest.mark.once
def test_any_flipped_bit_is_found_or_is_slack(made: Path, part: int) -> None:
    places = range(part, made.stat().st_size, PARTS)
    flip_each(made, [(place, bit) for place in places for bit in range(8)])


@pytest.fixture(params=range(PARTS))
def part(request: pytest.FixtureRequest) -> int:
    number: int = request.param
    return number


@pytest.fixture
def made(tmp_path: Path) -> Path:
    batches = [records(150), records(150, start=150), records(3, start=300)]
    return make(tmp_path / "made.db", batches)


def flip_each(path: Path, flips: Iterable[tuple[int, int]]) -> tuple[int, int]:
    """Flip bits one at a time; returns how many were found, and how many were slack."""
    with Ledger.open(path, readonly=True) as ledger:
        sealed = everything(ledger)
    whole = bytearray(path.read_bytes())
    target = path.with_name("flipped.db")
    found = slack = 0
    missed: list[str] = []
    for place, bit in flips:
        whole[place] ^= 1 << bit
        target.write_bytes(whole)
        whole[place] ^= 1 << bit
        if is_found(target):
            found += 1
            continue
        with Ledger.open(target, readonly=True) as ledger:
            if everything(ledger) == sealed:
                slack += 1
            else:
                missed.append(f"byte {place}, bit {bit}")
    assert missed == []
    return found, slack


def is_found(path: Path) -> bool:
    """Is the flip a break, or is this no ledger any more. Any other error is a failure."""
    try:
        with Ledger.open(path, readonly=True) as ledger:
            return audit(ledger).outcome is Outcome.BROKEN
    except (NotALedgerError, UnreadableError):
        return True


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
        sealed = everything(ledger)
    for content in (bytes(8192), bytes(range(256)) * 32):
        whole = made.read_bytes()
        path = made.with_name("damaged.db")
        path.write_bytes(whole[: page * 8192] + content + whole[(page + 1) * 8192 :])
        if not is_found(path):
            with Ledger.open(path, readonly=True) as ledger:
                assert everything(ledger) == sealed
