"""A little of the fuzzer in every run: its corpus, and a few mutations of the samples."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.hostile.fuzz import CORPUS, SAMPLES, mutated
from tests.hostile.oracle import check

KEPT = sorted(path for path in CORPUS.iterdir() if path.is_file())
SEEDS = sorted(path for name in ("kms", "rds", "backup") for path in (SAMPLES / name).iterdir())


@pytest.mark.parametrize("path", KEPT, ids=lambda path: path.name)
def test_what_the_fuzzer_once_found_does_no_harm_any_more(path: Path) -> None:
    check(path.read_bytes())


@given(st.sampled_from(SEEDS), st.integers(0, 1 << 32), st.integers(1, 6))
@settings(max_examples=250, deadline=None)
def test_samples_with_changed_values_are_read_decoded_and_replayed(
    path: Path, seed: int, changes: int
) -> None:
    chance = random.Random(seed)
    data = path.read_bytes()
    for _ in range(changes):
        data = mutated(data, chance) or data
    check(data)


@given(st.sampled_from(SEEDS), st.data())
@settings(max_examples=150, deadline=None)
def test_samples_with_changed_bytes_are_read_decoded_and_replayed(
    path: Path, drawn: st.DataObject
) -> None:
    data = bytearray(path.read_bytes())
    for _ in range(drawn.draw(st.integers(1, 4))):
        place = drawn.draw(st.integers(0, len(data) - 1))
        data[place : place + drawn.draw(st.integers(0, 3))] = drawn.draw(st.binary(max_size=3))
    check(bytes(data))
