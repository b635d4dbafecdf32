from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from ledger import identities
from ledger.columns import Numbers
from ledger.derived import Derived
from ledger.identities import IdentityIndex
from ledger.store import Ledger
from tests.ledger_support import NOW


@pytest.fixture
def derived(tmp_path: Path) -> Iterator[Derived]:
    path = tmp_path / "test.db"
    with (
        Ledger.create(path, origin="tests", now=NOW) as ledger,
        ledger.rows.connection.writing(),
    ):
        yield Derived(ledger.rows.connection)


def prefixes(*values: int) -> Numbers:
    return np.array(values, np.uint64)


def none_missing(start: int, stop: int) -> Numbers:
    raise AssertionError((start, stop))


def filled(derived: Derived, sizes: list[int]) -> tuple[IdentityIndex, Numbers]:
    """An index over runs of these sizes; entry i has the prefix i * 2^40 + i % 7."""
    index = IdentityIndex(derived)
    start = 0
    known = np.arange(sum(sizes), dtype=np.uint64) * np.uint64(1 << 40)
    for size in sizes:
        index.add(start, known[start : start + size])
        start += size
    return index, known


@pytest.mark.parametrize(
    "sizes", [[1], [1] * 30, [10, 1, 1, 1, 1, 500, 3], [100] * 21, [1, 4, 16, 64, 256]]
)
def test_every_entry_is_found_and_nothing_else(derived: Derived, sizes: list[int]) -> None:
    index, known = filled(derived, sizes)
    for found in (index.find(known), reopened(derived, sum(sizes)).find(known)):
        assert found == {i: [i] for i in range(len(known))}
    assert index.find(known + np.uint64(1)) == {}


def reopened(derived: Derived, size: int) -> IdentityIndex:
    index = IdentityIndex(derived)
    index.sync(size, none_missing)
    return index


def test_entries_that_share_a_prefix_are_all_found(derived: Derived) -> None:
    index = IdentityIndex(derived)
    for start in range(0, 50, 5):
        index.add(start, prefixes(7, 9, 7, 0, 2**64 - 1))
    found = index.find(prefixes(7, 8, 2**64 - 1))
    assert found == {
        0: sorted([*range(0, 50, 5), *range(2, 50, 5)]),
        2: list(range(4, 50, 5)),
    }


def test_runs_are_merged_so_that_few_are_searched(derived: Derived) -> None:
    filled(derived, [1] * 1000)
    keys = derived.identity_keys()
    assert sum(count for _, count, _ in keys) == 1000
    assert len(keys) <= 15


def test_runs_are_merged_up_to_a_limit(derived: Derived, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(identities, "MAX_RUN", 64)
    index, known = filled(derived, [10] * 50)
    assert max(count for _, count, _ in derived.identity_keys()) <= 64
    assert len(index.find(known)) == 500


def test_an_index_covers_what_it_is_asked_to_and_no_more(derived: Derived) -> None:
    _, known = filled(derived, [100, 100, 100])
    asked: list[tuple[int, int]] = []

    def rebuild(start: int, stop: int) -> Numbers:
        asked.append((start, stop))
        return known[start:stop]

    index = IdentityIndex(derived)
    index.sync(250, rebuild)  # as after a tail was cut: the last run reaches too far
    assert asked == [(200, 250)]
    assert sorted(index.find(known)) == list(range(250))
