"""However many processes hash, an audit finds the same; and one that is lost costs time only."""

from __future__ import annotations

import multiprocessing
import os
import signal
from pathlib import Path

import pytest

from ledger import crew
from ledger.audit import audit
from ledger.report import AuditReport, Outcome
from ledger.store import Ledger
from tests.ledger_support import append, attacker, erase, make, records

BATCH, SIZE = 300, 1500


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Five segments of more than a tile each, an erased entry, and its order."""
    path = tmp_path_factory.mktemp("crew") / "a.db"
    make(path, [records(BATCH, start) for start in range(0, SIZE, BATCH)])
    with Ledger.open(path) as ledger:
        erase(ledger, 700)
    return path


@pytest.fixture
def path(made: Path, tmp_path: Path) -> Path:
    copied = tmp_path / "a.db"
    copied.write_bytes(made.read_bytes())
    return copied


def found(path: Path, workers: int) -> tuple[AuditReport, list[tuple[int, int]]]:
    seen: list[tuple[int, int]] = []
    with Ledger.open(path, readonly=True) as ledger:
        told = audit(ledger, progress=lambda *done: seen.append(done), workers=workers)
    return told, seen


EDITS = (
    "UPDATE segments SET link = zeroblob(32) WHERE first = 0",
    "UPDATE frames SET payloads = x'00' WHERE first = 300 AND lane = 1",
    "INSERT INTO frames (first, lane, payloads) VALUES (300, 9, x'00')",
    "UPDATE segments SET count = 299 WHERE first = 900",
    "DELETE FROM tiles WHERE level = 0 AND n = 4",
)


@pytest.mark.parametrize("edits", [(), EDITS], ids=["whole", "broken"])
def test_the_number_of_processes_shows_nowhere(path: Path, edits: tuple[str, ...]) -> None:
    with attacker(path) as conn:
        for edit in edits:
            conn.execute(edit)
    alone, together = found(path, 0), found(path, 2)
    assert alone == together
    assert alone[0].redacted == (700,)
    assert {one.index for one in alone[0].breaks} >= ({299, 300, 301, 900} if edits else set())


def test_a_process_that_is_killed_costs_time_and_nothing_else(path: Path) -> None:
    def kill(_done: int, _total: int) -> None:
        for child in multiprocessing.active_children():
            os.kill(child.pid or 0, signal.SIGKILL)

    with Ledger.open(path, readonly=True) as ledger:
        assert audit(ledger, progress=kill, workers=1) == audit(ledger)
    assert not multiprocessing.active_children()


def test_whoever_interrupts_leaves_no_process_behind(path: Path) -> None:
    def interrupt(_done: int, _total: int) -> None:
        raise KeyboardInterrupt

    with Ledger.open(path, readonly=True) as ledger:
        with pytest.raises(KeyboardInterrupt):
            audit(ledger, progress=interrupt, workers=1)
        assert not multiprocessing.active_children()
        assert audit(ledger).outcome is Outcome.INTACT


def test_what_is_too_large_to_travel_is_hashed_at_home(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = found(path, 0)
    monkeypatch.setattr(crew, "_HEAVY", 10)
    assert found(path, 1) == expected


def test_others_are_started_where_that_pays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _pid: set(range(16)), raising=False)
    assert [crew.sensible(size) for size in (0, 1000, 1_000_000)] == [0, 0, 3]
    monkeypatch.setattr(os, "sched_getaffinity", lambda _pid: {0}, raising=False)
    assert crew.sensible(1_000_000) == 0


def test_what_is_sealed_while_an_audit_goes_on_is_not_in_it(path: Path) -> None:
    with Ledger.open(path) as writer, Ledger.open(path, readonly=True) as ledger:
        size = ledger.size
        more = iter([records(10, 5000)])

        def interfere(_done: int, _total: int) -> None:
            for batch in more:
                append(writer, batch)

        assert audit(ledger, progress=interfere, workers=1).size == size
        assert audit(ledger).size == size + 10
