"""What every test may ask for."""

from __future__ import annotations

import pytest

from tests.golden import Golden


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--golden-update",
        action="store_true",
        help="write golden files, transcripts and README blocks anew instead of comparing them",
    )


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Golden:
    """The comparison with golden files, or their rewriting."""
    return Golden(update=bool(request.config.getoption("--golden-update")))
