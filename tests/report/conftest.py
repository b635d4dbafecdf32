"""A ledger of all stories, and the case of the main one."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.terminal import keyledger
from tests.golden import ROOT
from tests.report.pages import Json, reported


@pytest.fixture(scope="module")
def stories(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A ledger of all stories."""
    path = tmp_path_factory.mktemp("stories") / "all.db"
    keyledger("ingest", str(ROOT / "samples/stories"), "--ledger", str(path))
    return path


@pytest.fixture(scope="module")
def lost(stories: Path) -> Json:
    """The case of the main story, as JSON."""
    document: Json = json.loads(reported(stories, "payroll", "--format", "json"))
    return document
