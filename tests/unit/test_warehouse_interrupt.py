"""Ctrl-C ends a query at once, and what was interrupted leaves nothing behind."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from analyzer.warehouse.engine import Engine
from tests.warehoused import asked, story

ENDLESS = "SELECT count(*) FROM range(9999999) a, range(9999999) b WHERE a.range + b.range = 3"


@pytest.fixture
def interruptible() -> Iterator[None]:
    """Have Ctrl-C mean what it means on a terminal, also where tests run in worker processes."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("interruptible")
def test_ctrl_c_ends_a_query_that_would_take_for_ever(tmp_path: Path) -> None:
    ledger = story(tmp_path, "quiet-trail")
    asked(ledger, "SELECT 1 AS one")
    timer = threading.Timer(1.5, os.kill, (os.getpid(), signal.SIGINT))
    timer.start()
    with pytest.raises(KeyboardInterrupt):
        asked(ledger, ENDLESS, seconds=60)
    timer.join()
    assert sorted(path.suffix for path in tmp_path.iterdir()) == [".db", ".duckdb"]
    assert asked(ledger, "SELECT 1 AS one") == [{"one": 1}]


@pytest.mark.usefixtures("interruptible")
@pytest.mark.parametrize("is_transaction", [False, True])
def test_ctrl_c_ends_a_statement_that_fills_the_warehouse(
    tmp_path: Path, *, is_transaction: bool
) -> None:
    timer = threading.Timer(0.5, os.kill, (os.getpid(), signal.SIGINT))
    with Engine.writing(tmp_path / "a.duckdb") as engine:
        engine.execute("CREATE TABLE counted (n BIGINT)")
        timer.start()
        with pytest.raises(KeyboardInterrupt), engine.transaction() if is_transaction else engine:
            engine.execute(f"INSERT INTO counted {ENDLESS}")
        timer.join()
    with Engine.reading(tmp_path / "a.duckdb") as engine:
        assert engine.rows("SELECT * FROM counted") == []
