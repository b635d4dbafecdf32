"""A case for each test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.case.casework import Bench


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    made_here = Bench(tmp_path)
    with made_here.case:
        yield made_here
