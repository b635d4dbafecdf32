"""Exports: the same again from jsonl, no formulas, Parquet, Timesketch, OCSF, a copy."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pyarrow.dataset as ds
import pytest

from analyzer.export import ocsf, parquet, rows, timesketch, verbatim
from analyzer.export.sealed import Sealed
from ledger.entry import Kind
from ledger.store import Ledger
from tests.cli.terminal import keyledger
from tests.export.exports import STORIES, exported, made, sealed_in
from tests.ingested import lines, record, spelled, trail
from tui.console import ExitCode


def test_what_is_exported_as_jsonl_is_sealed_the_same_again(stories: Path, tmp_path: Path) -> None:
    path = exported(stories, "jsonl", "all.jsonl")
    again = tmp_path / "again.db"
    done = keyledger("ingest", str(path), "--ledger", str(again))
    assert done.code is ExitCode.DONE
    assert sealed_in(again) == sealed_in(stories)


def test_every_kind_and_every_form_of_record_comes_through_in_order(tmp_path: Path) -> None:
    event = {
        "version": "0", "id": "e-1", "detail-type": "RDS DB Instance Event", "source": "aws.rds",
        "account": "111122223333", "time": "2026-01-08T03:00:00Z", "region": "us-east-1",
        "resources": ["arn:aws:rds:us-east-1:111122223333:db:orders"],
        "detail": {
            "EventCategories": ["failure"], "SourceType": "DB_INSTANCE",
            "EventID": "RDS-EVENT-0419",
            "SourceArn": "arn:aws:rds:us-east-1:111122223333:db:orders", "Message": "gone",
            "Date": "2026-01-08T03:00:00Z", "SourceIdentifier": "orders",
        },
    }  # fmt: skip
    described = {
        "Events": [
            {
                "SourceIdentifier": "orders", "SourceType": "db-instance",
                "Message": "DB instance started",
                "EventCategories": ["notification"], "Date": "2026-01-08T04:00:00Z",
                "SourceArn": "arn:aws:rds:us-east-1:111122223333:db:orders",
            }
        ]
    }  # fmt: skip
    pretty = json.dumps(record(5), indent=2).encode()
    ledger = made(
        tmp_path,
        trail(record(1), b'{"eventName":"half"}', record(2), b'"a text"'),
        lines(record(1, eventName="EnableKey")),
        lines(event),
        spelled(described),
        trail(
            pretty, record(3, userAgent="\u202e\x9b31m"), record(4, eventSource="ec2.amazonaws.com")
        ),
    )
    kinds = [kind for kind, _ in sealed_in(ledger)]
    assert {Kind.RECORD, Kind.CONFLICT, Kind.REJECT} <= set(kinds)
    path = exported(ledger, "jsonl", "all.jsonl")
    again = tmp_path / "again.db"
    keyledger("ingest", str(path), "--all-services", "--ledger", str(again))
    assert sealed_in(again) == sealed_in(ledger)


def test_what_is_torn_is_kept_as_text_and_what_is_no_text_is_left_out(tmp_path: Path) -> None:
    ledger = made(tmp_path, trail(record(1)) + b'{"Records":[{"eventName":"torn')
    assert [kind for kind, _ in sealed_in(ledger)] == [Kind.RECORD, Kind.REJECT]
    path = exported(ledger, "jsonl", "all.jsonl")
    again = tmp_path / "again.db"
    keyledger("ingest", str(path), "--ledger", str(again))
    assert sealed_in(again) == sealed_in(ledger)
    binary = Sealed(entry=0, kind="reject", sealed_at=0, payload=b"\xff\xfe")
    assert list(verbatim.lines([binary])) == []


def test_only_what_is_asked_for_is_exported(tmp_path: Path) -> None:
    ledger = made(
        tmp_path,
        trail(*(record(n) for n in range(10)), record(11, eventSource="rds.amazonaws.com")),
        trail(b'{"eventName":"half"}'),
    )

    def ids(*more: str) -> list[int]:
        path = exported(ledger, "csv", "some.csv", "--force", *more)
        return [int(row["event_id"][-12:]) for row in csv.DictReader(io.StringIO(path.read_text()))]

    assert ids() == [*range(10), 11]
    assert ids("--since", "2026-01-08T03:00:04Z") == [4, 5, 6, 7, 8, 9, 11]
    assert ids("--until", "2026-01-08T03:00:04Z") == [0, 1, 2, 3]
    assert ids("--since", "2026-01-08T03:00:08Z", "--until", "end") == [8, 9]
    assert ids("--services", "RDS") == [11]
    assert ids("--known-at", "#3") == [0, 1, 2]
    assert ids("--since", "2027-01-01") == []


def test_a_formula_is_none_in_a_spreadsheet(tmp_path: Path) -> None:
    ledger = made(tmp_path, trail(record(1, userAgent="=cmd|' /C calc'!A0", eventID="@SUM(1)")))
    for form in ("csv", "timesketch"):
        [row] = csv.DictReader(io.StringIO(exported(ledger, form, f"{form}.csv").read_text()))
        assert row["user_agent"].startswith("'=")
        assert row["event_id"].startswith("'@")
        assert not any(cell.startswith(("=", "+", "-", "@")) for cell in row.values())


def test_timesketch_finds_what_it_requires(stories: Path) -> None:
    path = exported(stories, "timesketch", "timeline.csv")
    told = list(csv.DictReader(io.StringIO(path.read_text())))
    assert len(told) == len(sealed_in(stories))
    assert list(told[0])[:3] == ["message", "datetime", "timestamp_desc"]
    assert all(row["message"] and row["timestamp_desc"] == "Event Time" for row in told)
    as_lines = exported(stories, "timesketch", "timeline.jsonl")
    first = json.loads(as_lines.read_text().splitlines()[0])
    assert tuple(first) == timesketch.COLUMNS
    assert first["datetime"] == told[0]["datetime"]


def test_parquet_holds_every_record_by_account_region_and_day(stories: Path) -> None:
    folder = exported(stories, "parquet", "events")
    table = ds.dataset(folder, partitioning="hive").to_table().sort_by("entry").to_pylist()
    assert [row["payload"].encode() for row in table] == [held for _, held in sealed_in(stories)]
    for row in table:
        assert row["day"] == row["event_time"].date().isoformat()
        assert row["region"] == row["region_as_written"]
        assert str(row["account"]) == row["account_as_written"]
    stamp = json.loads((folder / "_keyledger.json").read_text())
    assert stamp["rows"] == len(table)


def test_a_hostile_account_names_no_path(tmp_path: Path) -> None:
    ledger = made(
        tmp_path,
        trail(record(1, recipientAccountId="../../../evil", awsRegion="/evil"), record(2)),
    )
    folder = exported(ledger, "parquet", "events")
    found = {str(path.relative_to(folder)) for path in folder.rglob("*.parquet")}
    assert found == {
        "account=other/region=other/day=2026-01-08/part-0.parquet",
        "account=111122223333/region=us-east-1/day=2026-01-08/part-0.parquet",
    }
    assert not (tmp_path.parent / "evil").exists()


def test_many_days_need_few_open_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parquet, "OPEN_FILES", 2)
    monkeypatch.setattr(parquet, "BATCH", 3)
    days = [record(n, eventTime=f"2026-01-{1 + n % 5:02}T00:00:00Z") for n in range(20)]
    folder = exported(made(tmp_path, trail(*days)), "parquet", "events")
    table = ds.dataset(folder, partitioning="hive").to_table()
    assert sorted(table["entry"].to_pylist()) == list(range(20))
    assert len(list(folder.rglob("*.parquet"))) > 5


def test_a_copy_of_the_ledger_is_whole_and_audits(stories: Path) -> None:
    before = stories.read_bytes()
    path = exported(stories, "ledger", "copy.db")
    with Ledger.open(path, readonly=True) as copy, Ledger.open(stories, readonly=True) as origin:
        assert copy.head() == origin.head()
        assert copy.origin == origin.origin
        assert copy.checkpoints() == origin.checkpoints()
    assert sealed_in(path) == sealed_in(stories)
    assert keyledger("audit", "--ledger", str(path)).code is ExitCode.DONE
    assert stories.read_bytes() == before
    assert not [
        one for one in path.parent.iterdir() if ".part" in one.name or "copy.db-" in one.name
    ]


def test_a_copy_takes_in_what_still_lies_in_the_log(tmp_path: Path) -> None:
    ledger = made(tmp_path, trail(record(1)))
    with Ledger.open(ledger) as held:
        keyledger("ingest", str(STORIES / "quiet-trail"), "--ledger", str(ledger))
        copy = exported(ledger, "ledger", "copy.db")
        with Ledger.open(copy, readonly=True) as again:
            assert again.size == held.size > 1


def test_sealed_says_nothing_of_a_record_it_cannot_read() -> None:
    reject = Sealed(entry=0, kind="reject", sealed_at=0, payload=b"{}")
    assert list(rows.rows([reject])) == list(ocsf.activities([reject], "1")) == []
