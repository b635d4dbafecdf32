"""Several who write and read at once."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import pytest

from ledger import connection
from ledger.admission import Admit
from ledger.audit import audit
from ledger.errors import LedgerBusyError
from ledger.report import Outcome
from ledger.store import Ledger
from tests.faults.machine import acknowledged, start_writer
from tests.ledger_support import NOW, append, audited, make, records, sqlite3


def test_several_writers_at_once_lose_nothing_and_tear_nothing(tmp_path: Path) -> None:
    """They begin with the creation itself; two of them offer the same records."""
    path = tmp_path / "shared.db"
    firsts = (0, 0, 10_000)
    writers = [start_writer(path, first=first, batches=25, size=20) for first in firsts]
    for writer in writers:
        assert len(acknowledged(writer)) == 25
    report = audited(path)
    assert (report.outcome, report.size) == (Outcome.INTACT, 2 * 25 * 20)


def test_writers_in_one_process_see_each_others_entries(tmp_path: Path) -> None:
    path = make(tmp_path / "shared.db", [records(10)])
    with Ledger.open(path) as one, Ledger.open(path) as other:
        for start in range(10, 400, 10):
            writer, reader = (one, other) if start % 20 else (other, one)
            admitted = append(writer, records(10, start=start))
            assert admitted == tuple(Admit(i) for i in range(start, start + 10))
            assert reader.size == start + 10
        assert append(one, records(400)) == append(other, records(400))
        assert audit(one).outcome is Outcome.INTACT


def test_readers_are_not_in_the_way_of_a_writer(tmp_path: Path) -> None:
    path = make(tmp_path / "shared.db", [records(100)])
    with Ledger.open(path, readonly=True) as reader, Ledger.open(path) as writer:
        reading = reader.entries()
        first = next(reading)
        append(writer, records(100, start=100))
        assert [first.header.index, *(entry.header.index for entry in reading)] == list(range(100))
        assert reader.size == 200


def test_an_audit_during_an_append_sees_one_moment(tmp_path: Path) -> None:
    path = make(tmp_path / "shared.db", [records(100, start=i) for i in range(0, 1000, 100)])
    with Ledger.open(path) as writer, Ledger.open(path, readonly=True) as reader:
        done = iter(range(1000, 9000, 10))

        def interfere(_done: int, _total: int) -> None:
            append(writer, records(10, start=next(done)))
            writer.checkpoint(NOW)

        report = audit(reader, progress=interfere)
        assert (report.outcome, report.size) == (Outcome.INTACT, 1000)
        assert writer.size == 1100


def test_a_writer_that_never_ends_is_a_busy_ledger(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "BUSY_SECONDS", 0.2)
    path = make(tmp_path / "busy.db", [records(3)])
    other = sqlite3.connect(str(path), isolation_level=None)
    try:
        other.execute("BEGIN IMMEDIATE")
        with Ledger.open(path) as ledger:
            with pytest.raises(LedgerBusyError) as raised:
                append(ledger, records(3, start=3))
            assert raised.value.path == path
            assert len(list(ledger.entries())) == 3
            other.execute("ROLLBACK")
            append(ledger, records(3, start=3))
            assert audit(ledger).size == 6
    finally:
        other.close()


def test_a_waiting_writer_builds_on_what_the_other_sealed(tmp_path: Path) -> None:
    path = make(tmp_path / "waiting.db", [records(3)])
    with Ledger.open(path) as ledger:
        with ledger.rows.connection.writing():
            waiting = threading.Thread(target=append_elsewhere, args=(path,))
            waiting.start()
            time.sleep(0.1)
        waiting.join(timeout=30)
        assert ledger.size == 6
        assert audit(ledger).outcome is Outcome.INTACT


def append_elsewhere(path: Path) -> None:
    with Ledger.open(path) as ledger:
        append(ledger, records(3, start=3))
