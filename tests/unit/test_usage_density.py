"""Usage by the minute: nothing is lost between edges, and the warehouse counts what is sealed."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzer.case import Case
from analyzer.cloudtrail.record import Lane
from analyzer.moment import MINUTE
from analyzer.playback.usage import usage_of
from ledger.entry import Kind
from tests.cli.terminal import NOW, keyledger
from tests.golden import ROOT

counts = st.dictionaries(st.integers(0, 50), st.integers(1, 1000), max_size=12)


@given(counts=counts, edges=st.lists(st.integers(-5, 60), min_size=2, max_size=10).map(sorted))
def test_whole_minutes_between_edges_are_counted_one_by_one(
    counts: dict[int, int], edges: list[int]
) -> None:
    usage = usage_of(((minute * MINUTE, counts[minute]) for minute in sorted(counts)), 0)
    told = usage.density([edge * MINUTE for edge in edges])
    naive = [
        sum(count for minute, count in counts.items() if start <= minute < end)
        for start, end in pairwise(edges)
    ]
    assert list(told) == naive


@given(counts=counts, inner=st.lists(st.integers(0, 51 * MINUTE), max_size=10))
def test_edges_inside_a_minute_lose_nothing(counts: dict[int, int], inner: list[int]) -> None:
    usage = usage_of(((minute * MINUTE, counts[minute]) for minute in sorted(counts)), 0)
    told = usage.density([0, *sorted(inner), 51 * MINUTE])
    assert sum(told) == sum(counts.values())
    assert min(told) >= 0


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("usage") / "case.db"
    keyledger("ingest", str(ROOT / "samples/stories/payroll-key-deleted"), "--ledger", str(path))
    return path


@pytest.mark.parametrize("known_at", [None, "#100", "#0"])
def test_the_warehouse_counts_every_usage_record_that_was_known(
    ledger: Path, known_at: str | None
) -> None:
    with Case.open(ledger) as case:
        usage = case.usage(known_at, NOW)
        assert usage.size == (case.ledger.size if known_at is None else int(known_at[1:]))
        sealed = [
            entry
            for entry in case.ledger.entries(0, usage.size, lanes={Lane.USAGE})
            if entry.header.kind is Kind.RECORD
        ]
        assert (usage.sums[-1] if usage.sums else 0) == len(sealed)
        assert bool(sealed) == (known_at != "#0")
