"""A ledger with a secret in it, and one from which it was erased."""

from __future__ import annotations

from pathlib import Path

import pytest

from ledger.store import Ledger
from tests.ledger_support import NOW, copy, erase, make, records
from tests.redaction.erasing import HELD, batch


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("redaction") / "made.db"
    return make(path, [batch(), records(20, start=40)])


@pytest.fixture
def path(made: Path, tmp_path: Path) -> Path:
    return copy(made, tmp_path / "test.db")


@pytest.fixture
def redacted(path: Path) -> Path:
    with Ledger.open(path) as ledger:
        erase(ledger, HELD)
        ledger.checkpoint(NOW)
    return path
