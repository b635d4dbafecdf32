"""Ingest: what is sealed, what is counted, what is told."""

from __future__ import annotations

import gzip
import json
from hashlib import sha256
from io import BytesIO
from itertools import count
from typing import TYPE_CHECKING, Any

import pytest

from analyzer.cloudtrail.services import ALL_SERVICES, Services
from analyzer.ingest import reading
from analyzer.ingest.ingest import Progress, ingest
from ledger.audit import audit
from ledger.entry import Kind
from ledger.report import Outcome
from ledger.store import Ledger
from tests.ingested import ingested, ingested_file, lines, record, spelled, trail

if TYPE_CHECKING:
    from pathlib import Path

S3 = record(7, eventSource="s3.amazonaws.com", eventName="GetObject")


def test_the_document_is_the_contract_s(tmp_path: Path) -> None:
    data = trail(record(1), record(1), record(2, eventTime=...), S3, record(3))
    found = ingested_file(tmp_path, gzip.compress(data))
    document = found.report.document()
    assert json.loads(json.dumps(document)) == document
    assert document["sources"] == [
        {
            "source": str(tmp_path / "source"),
            "sha256": sha256(data).hexdigest(),
            "records": 5,
            "appended": 2,
            "duplicates": 1,
            "conflicts": 0,
            "skipped": 1,
            "rejected": 1,
            "error": None,
        }
    ]
    assert document["totals"] == {
        "sources": 1,
        "records": 5,
        "appended": 2,
        "duplicates": 1,
        "conflicts": 0,
        "skipped": 1,
        "rejected": 1,
    }
    with Ledger.open(tmp_path / "ledger.db") as ledger:
        assert document["ledger"] == {
            "path": str(tmp_path / "ledger.db"),
            "size": 3,
            "root": ledger.head().root.hex(),
            "link": ledger.head().link.hex(),
            "signed_by": [],
        }


def test_an_entry_names_its_source_place_and_lane(tmp_path: Path) -> None:
    data = trail(record(1), S3, record(2, eventName="Decrypt"))
    found = ingested_file(tmp_path, data)
    first, second = (entry.header for entry in found.entries)
    assert (first.position, second.position) == (0, 2)
    assert (first.lane, second.lane) == (0, 1)
    assert first.source == second.source == sha256(data).digest()
    assert data[second.offset :].startswith(found.entries[1].payload or b"")


def test_all_services_seals_what_is_otherwise_skipped(tmp_path: Path) -> None:
    data = trail(record(1), S3)
    for name, services, expected in (
        ("all", ALL_SERVICES, (2, 0)),
        ("s3", Services.named("s3"), (1, 1)),
    ):
        folder = tmp_path / name
        folder.mkdir()
        found = ingested_file(folder, data, services=services)
        assert (found.only.appended, found.only.skipped) == expected


def test_again_means_duplicates_and_rejects_count_as_before(tmp_path: Path) -> None:
    data = lines(record(1), b"stray", record(2), record(2, eventTime=...))
    first, second = ingested_file(tmp_path, data), ingested_file(tmp_path, data)
    assert first.entries == second.entries
    assert (first.only.appended, first.only.rejected) == (2, 2)
    assert (second.only.duplicates, second.only.rejected) == (2, 2)
    assert second.only.error == first.only.error


def test_the_same_malformed_bytes_at_two_places_are_two_rejects(tmp_path: Path) -> None:
    bad = record(1, eventTime=...)
    found = ingested_file(tmp_path, trail(bad, bad))
    assert len(found.payloads(Kind.REJECT)) == 2


def test_names_of_sources_are_kept_also_of_those_that_bring_nothing_new(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).write_bytes(trail(record(1)) + b" " * len(name * ord(name)))
    ingested(tmp_path, str(tmp_path / "a"), str(tmp_path / "b"))
    with Ledger.open(tmp_path / "ledger.db") as ledger:
        names = {source.name: source.digest for source in ledger.sources()}
    assert set(names) == {str(tmp_path / "a"), str(tmp_path / "b")}


def test_the_tree_head_is_stored_at_the_end(tmp_path: Path) -> None:
    ingested_file(tmp_path, trail(record(1)))
    with Ledger.open(tmp_path / "ledger.db") as ledger:
        assert [checkpoint.size for checkpoint in ledger.checkpoints()] == [1]


def test_the_standard_input_is_read_and_left_open(tmp_path: Path) -> None:
    stdin = BytesIO(gzip.compress(trail(record(1))))
    found = ingested(tmp_path, "-", stdin=stdin)
    assert (found.only.source, found.only.appended) == ("-", 1)
    assert not stdin.closed


def test_batches_span_sources_and_a_source_spans_batches(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "PARCEL_RECORDS", 4)
    for number in range(5):
        (tmp_path / f"{number}.json").write_bytes(
            trail(*(record(10 * number + each) for each in range(3)))
        )
    (tmp_path / "9.json").write_bytes(trail(*(record(each) for each in range(60))))
    found = ingested(tmp_path, *(str(tmp_path / f"{n}.json") for n in (0, 1, 2, 3, 4, 9)))
    assert [source.appended for source in found.report.sources] == [3, 3, 3, 3, 3, 45]
    assert found.report.sources[-1].duplicates == 15
    with Ledger.open(tmp_path / "ledger.db") as ledger:
        assert audit(ledger).outcome is Outcome.INTACT


def test_a_batch_is_sealed_before_it_grows_too_large(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "PARCEL_BYTES", 2_000)
    path = tmp_path / "ledger.db"
    sizes: list[int] = []
    (tmp_path / "source").write_bytes(trail(*(record(number) for number in range(20))))
    with Ledger.create(path, origin="test", now=1) as ledger:
        ticks = count(1)

        def clock() -> int:
            sizes.append(ledger.size)
            return next(ticks)

        ingest(ledger, [str(tmp_path / "source")], clock=clock)
    assert sizes[:7] == [0, 0, 3, 6, 9, 12, 15]  # the first is for the source's name


def test_an_interrupt_leaves_whole_batches_and_again_completes_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "PARCEL_RECORDS", 10)
    source = tmp_path / "source"
    source.write_bytes(trail(*(record(number) for number in range(45))))
    ticks = count(1)

    def interrupted() -> int:
        now = next(ticks)
        if now == 5:
            raise KeyboardInterrupt
        return now

    with Ledger.create(tmp_path / "ledger.db", origin="test", now=1) as ledger:
        with pytest.raises(KeyboardInterrupt):
            ingest(ledger, [str(source)], clock=interrupted)
        assert ledger.size == 30
        assert [each.name for each in ledger.sources()] == [str(source)]
        assert audit(ledger).outcome is Outcome.INTACT
    found = ingested(tmp_path, str(source))
    assert (found.only.duplicates, found.only.appended) == (30, 15)
    assert found.payloads() == [spelled(record(number)) for number in range(45)]


def test_progress_only_goes_forward_and_ends_at_the_total(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "PARCEL_RECORDS", 10)
    for name in ("a", "b"):
        data = trail(*(record(number, userAgent=name) for number in range(50)))
        (tmp_path / name).write_bytes(gzip.compress(data) if name == "a" else data)
    told: list[Progress] = []
    paths = [str(tmp_path / name) for name in ("a", "b")]
    ingested(tmp_path, *paths, on_progress=told.append)
    read = [each.read for each in told]
    assert read == sorted(read)
    assert len(set(read)) > 8
    assert read[-1] == told[-1].total == sum(map(_size, paths))
    assert told[-1].records == 100
    assert {each.source for each in told} == set(paths)


def _size(path: str) -> int:
    with open(path, "rb") as file:  # noqa: PTH123
        return len(file.read())


def test_a_ledger_beside_the_logs_is_no_source(tmp_path: Path) -> None:
    (tmp_path / "log.json").write_bytes(trail(record(1)))
    found = ingested(tmp_path, str(tmp_path))
    assert [source.source for source in found.report.sources] == [str(tmp_path / "log.json")]
    assert found.only.error is None


def test_nothing_is_held_for_each_record(tmp_path: Path) -> None:
    doubled = [spelled(record(number))[:-1] + b',"eventID":"x"}' for number in range(50)]
    found = ingested_file(tmp_path, lines(*doubled, *range(50)))
    assert len(found.report.warnings) == 2
    assert sum(map(len, found.report.warnings)) < 600
    assert "47 more" in found.report.warnings[1]
    assert "49 more" in found.report.warnings[0]


def test_conflicts_are_counted_where_they_are_met(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(trail(record(1), record(2)))
    (tmp_path / "b").write_bytes(trail(record(1, awsRegion="eu-west-1"), record(2)))
    found = ingested(tmp_path, str(tmp_path / "a"), str(tmp_path / "b"))
    first, second = found.report.sources
    assert (first.appended, first.conflicts) == (2, 0)
    assert (second.conflicts, second.duplicates) == (1, 1)
    assert not found.report.has_errors


def test_a_file_that_grows_while_it_is_read_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from analyzer.cloudtrail import body  # noqa: PLC0415

    monkeypatch.setattr(body, "IN_MEMORY", 1000)
    monkeypatch.setattr(reading, "PARCEL_RECORDS", 1)
    path = tmp_path / "live.json"
    path.write_bytes(lines(*(record(number) for number in range(5))))

    def grow(progress: Progress) -> None:
        if progress.records == 3:
            with path.open("ab") as file:
                file.write(lines(record(6)))

    found = ingested(tmp_path, str(path), on_progress=grow)
    assert found.only.error == "changed while it was read; ingest it again"
    again: Any = ingested(tmp_path, str(path))
    assert (again.only.appended, again.only.duplicates, again.only.error) == (1, 5, None)
