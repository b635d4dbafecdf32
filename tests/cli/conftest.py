"""A ledger to ask."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.terminal import keyledger
from tests.golden import ROOT
from tui.console import ExitCode


@pytest.fixture(scope="session")
def case(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The ledger of the main story; whoever asks for it only reads it."""
    path = tmp_path_factory.mktemp("case") / "payroll.db"
    story = ROOT / "samples/stories/payroll-key-deleted"
    assert keyledger("ingest", str(story), "--ledger", str(path)).code is ExitCode.DONE
    return path
