"""However many processes read, the ledger and the report are the same."""

from __future__ import annotations

import gzip
import multiprocessing
import os
import signal
from io import BytesIO
from itertools import count
from typing import TYPE_CHECKING

import pytest

from analyzer.case import Case
from analyzer.cloudtrail.services import DEFAULT_SERVICES
from analyzer.cloudtrail.sources import Source, find_sources
from analyzer.errors import WorkerLostError
from analyzer.ingest.reading import PARCEL_RECORDS, Terms
from analyzer.ingest.workers import read_all, sensible
from tests.ingested import record, spelled, trail

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

TERMS = Terms(services=DEFAULT_SERVICES)


@pytest.fixture
def logs(tmp_path: Path) -> Path:
    """Nine sources: whole, doubled, skipped, damaged, empty, of more than one parcel."""
    folder = tmp_path / "logs"
    folder.mkdir()
    for number in range(4):
        records = [record(100 * number + one) for one in range(40)]
        (folder / f"{number}.json.gz").write_bytes(gzip.compress(trail(*records), mtime=0))
    (folder / "4-again.json").write_bytes(trail(*(record(one) for one in range(20, 60))))
    (folder / "5-other.json").write_bytes(trail(record(900, eventSource="ec2.amazonaws.com")))
    (folder / "6-torn.json").write_bytes(trail(record(901), record(902))[:-40])
    (folder / "7-empty.json").write_bytes(b"")
    many = b"\n".join(spelled(record(5000 + one)) for one in range(PARCEL_RECORDS + 5))
    (folder / "8-lines.jsonl").write_bytes(many)
    return folder


@pytest.mark.parametrize("workers", [1, 2, 3])
def test_the_number_of_workers_shows_nowhere(tmp_path: Path, logs: Path, workers: int) -> None:
    stdin = trail(record(7000), record(7001))
    told = []
    for name, processes in (("alone", 0), ("crew", workers)):
        folder = tmp_path / name
        folder.mkdir()
        with Case.open_or_create(folder / "a.db", 0, bytes) as case:
            report = case.ingest(
                [str(logs / "0.json.gz"), "-", str(logs), str(logs / "missing")],
                clock=count(1).__next__,
                stdin=BytesIO(stdin),
                workers=processes,
            )
            assert case.custody.audit().outcome == "intact"
            told.append((report.sources, report.root, report.link, report.warnings))
    assert told[0] == told[1]
    assert sum(one.records for one in told[0][0]) > PARCEL_RECORDS


def test_a_worker_that_is_killed_is_an_error_and_not_an_end(logs: Path) -> None:
    sources = list(find_sources([str(logs)]))
    taken = read_all(sources, TERMS, stdin=None, workers=2, on_read=lambda _count: None)
    next(taken)
    for child in multiprocessing.active_children():
        os.kill(child.pid or 0, signal.SIGKILL)
    with pytest.raises(WorkerLostError):
        list(taken)
    assert not multiprocessing.active_children()


def test_whoever_stops_taking_leaves_no_process_behind(logs: Path) -> None:
    sources = list(find_sources([str(logs)]))
    taken = read_all(sources, TERMS, stdin=None, workers=2, on_read=lambda _count: None)
    next(taken)
    _close(taken)
    assert not multiprocessing.active_children()


def _close(taken: Iterator[object]) -> None:
    assert hasattr(taken, "close")
    taken.close()


def test_workers_are_started_only_where_they_pay() -> None:
    large = [Source(name=f"{one}", path=f"/{one}", size=8 << 20) for one in range(8)]
    small = [Source(name=f"{one}", path=f"/{one}", size=1000) for one in range(8)]
    assert sensible(small) == 0
    assert sensible(large[:1]) == 0
    assert sensible([Source(name="-", path=None)] * 3) == 0
    assert sensible(large) <= 4
