"""Decision records: one number, one record, in each room."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.golden import ROOT

ROOMS = sorted(ROOT.glob("*/decisions"))


@pytest.mark.parametrize("room", ROOMS, ids=lambda room: room.parent.name)
def test_each_decision_has_a_number_of_its_own_which_its_heading_repeats(room: Path) -> None:
    records = sorted(room.glob("*.md"))
    numbers = [int(path.name.partition("-")[0]) for path in records]
    assert numbers == sorted(set(numbers))
    for number, path in zip(numbers, records, strict=True):
        heading = path.read_text().partition("\n")[0]
        found = re.match(r"# (\d+)\.? \S", heading)
        assert found is not None, path
        assert int(found[1]) == number
