"""Ledgers to scrub through; whoever asks for one only reads it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.terminal import keyledger
from tests.golden import ROOT
from tui.console import ExitCode


@pytest.fixture(scope="session")
def payroll(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The ledger of the main story."""
    return _sealed(tmp_path_factory.mktemp("payroll") / "payroll.db", "payroll-key-deleted")


@pytest.fixture(scope="session")
def every_story(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The ledger of all stories: several accounts, a gap, a copy that survives."""
    return _sealed(tmp_path_factory.mktemp("stories") / "all.db", "")


def _sealed(path: Path, story: str) -> Path:
    done = keyledger("ingest", str(ROOT / "samples/stories" / story), "--ledger", str(path))
    assert done.code is ExitCode.DONE
    return path
