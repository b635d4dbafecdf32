"""A sieve lets through whatever it was made from, and hardly anything else."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from ledger.columns import Numbers
from ledger.sieve import Sieve

NUMBERS = st.integers(0, (1 << 64) - 1)
CROWDED = st.integers(0, 9) | st.integers((1 << 64) - 10, (1 << 64) - 1)
"""Numbers that fall into one bucket, as somebody might try who grinds identities."""


def row(numbers: list[int]) -> Numbers:
    return np.array(numbers, np.uint64)


@given(st.lists(NUMBERS | CROWDED, min_size=1, max_size=300), st.lists(NUMBERS | CROWDED))
def test_nothing_that_is_there_is_kept_back(held: list[int], others: list[int]) -> None:
    asked = sorted({*held, *others})
    passing = Sieve(row(sorted(held))).passing(row(asked)).tolist()
    assert {asked[place] for place in passing} >= set(held)


@given(st.lists(NUMBERS, min_size=1, max_size=300), st.lists(NUMBERS))
def test_what_passes_begins_with_the_bits_of_something_that_is_there(
    held: list[int], others: list[int]
) -> None:
    passing = Sieve(row(sorted(held))).passing(row(others)).tolist()
    begun = {number >> 31 for number in held}  # 32 bits behind at least one that tells the bucket
    assert {others[place] >> 31 for place in passing} <= begun


def test_among_a_million_hashes_it_takes_little_and_confuses_none() -> None:
    chance = np.random.default_rng(7)
    held, others = (chance.integers(0, 1 << 64, 1 << 20, np.uint64) for _ in range(2))
    held.sort()
    sieve = Sieve(held)
    assert len(sieve.passing(held)) == len(held)
    assert not len(sieve.passing(others))
    assert sieve.nbytes < 4.5 * len(held)


def test_nothing_asked_nothing_passes() -> None:
    assert not len(Sieve(row([3])).passing(row([])))
