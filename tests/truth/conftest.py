"""What most rows of the truth table begin with."""

from __future__ import annotations

import pytest

from tests.situations import Setup, made


@pytest.fixture
def setup() -> Setup:
    """Return a key, and a database on it."""
    return made()
