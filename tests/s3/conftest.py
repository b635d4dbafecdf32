"""A bucket of its own for each test, on one server for all."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

import pytest

from tests.s3.store import ENVIRONMENT, Store, served

_NUMBERS = count(1)


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    with served() as url:
        yield url


@pytest.fixture
def store(server: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    for name, value in {**ENVIRONMENT, "AWS_ENDPOINT_URL": server}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("AWS_PROFILE", raising=False)
    made = Store.made(server, f"trail-{next(_NUMBERS)}")
    made.disturb()
    yield made
    made.disturb()
    made.close()
