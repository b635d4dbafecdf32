"""A trail with its digest files."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.digest_support import Estate, estate


@pytest.fixture(scope="module")
def whole_trail(tmp_path_factory: pytest.TempPathFactory) -> Estate:
    return estate(tmp_path_factory.mktemp("trail") / "logs")


@pytest.fixture
def trail(whole_trail: Estate, tmp_path: Path) -> Estate:
    return whole_trail.copied(tmp_path / "logs")
