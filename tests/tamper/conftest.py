"""A ledger to tamper with."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.ledger_support import copy, make, records
from tests.tamper.editing import BATCH, SIZE


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A thousand entries in ten segments, each with two lanes and a checkpoint."""
    path = tmp_path_factory.mktemp("audit") / "made.db"
    return make(path, [records(BATCH, start=start) for start in range(0, SIZE, BATCH)])


@pytest.fixture
def path(made: Path, tmp_path: Path) -> Path:
    return copy(made, tmp_path / "test.db")
