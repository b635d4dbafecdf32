"""A ledger of all stories."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.terminal import keyledger
from tests.export.exports import STORIES
from tui.console import ExitCode


@pytest.fixture(scope="module")
def stories(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A ledger of all stories."""
    path = tmp_path_factory.mktemp("stories") / "all.db"
    assert keyledger("ingest", str(STORIES), "--ledger", str(path)).code is ExitCode.DONE
    return path
