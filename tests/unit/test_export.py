"""Exports: the same again from jsonl, no formulas, Parquet, Timesketch, OCSF, a copy."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow.dataset as ds
import pytest
from jsonschema import Draft202012Validator
from ocsf_json_schema import OcsfJsonSchemaEmbedded, get_ocsf_schema

from analyzer.export import ocsf, parquet, rows, timesketch, verbatim
from analyzer.export.sealed import Sealed
from ledger.entry import Entry, Kind
from ledger.store import Ledger
from tests.cli.terminal import keyledger
from tests.golden import ROOT
from tests.ingested import lines, record, spelled, trail
from tui.console import ExitCode
from tui.draft import drafted

STORIES = ROOT / "samples/stories"
Json = dict[str, Any]


def sealed_in(path: Path) -> list[tuple[Kind, bytes | None]]:
    """What was said of events; digest files vouch for files, and are no part of an export."""
    kinds = {Kind.RECORD, Kind.CONFLICT, Kind.REJECT}
    with Ledger.open(path, readonly=True) as ledger:
        return [shape(one) for one in ledger.entries() if one.header.kind in kinds]


def shape(entry: Entry) -> tuple[Kind, bytes | None]:
    return entry.header.kind, entry.payload


def made(folder: Path, *sources: bytes) -> Path:
    """A ledger of what these sources hold."""
    for number, source in enumerate(sources):
        (folder / f"source-{number}").write_bytes(source)
    names = [str(folder / f"source-{number}") for number in range(len(sources))]
    path = folder / "case.db"
    keyledger("ingest", *names, "--all-services", "--ledger", str(path))
    return path


def exported(ledger: Path, form: str, name: str, *more: str) -> Path:
    path = ledger.parent / name
    done = keyledger("export", form, "-o", str(path), "--ledger", str(ledger), *more)
    assert done.code is ExitCode.DONE, done.err
    assert done.out == ""
    return path


@pytest.fixture(scope="module")
def stories(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A ledger of all stories."""
    path = tmp_path_factory.mktemp("stories") / "all.db"
    assert keyledger("ingest", str(STORIES), "--ledger", str(path)).code is ExitCode.DONE
    return path


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


@pytest.fixture(scope="module")
def schema() -> OcsfJsonSchemaEmbedded:
    """The schema as it is published."""
    return OcsfJsonSchemaEmbedded(get_ocsf_schema(ocsf.VERSION))


def valid(schema: OcsfJsonSchemaEmbedded, name: str) -> Draft202012Validator:
    return Draft202012Validator(schema.get_class_schema(name, ["cloud"]))


def faults(events: list[Json], schema: OcsfJsonSchemaEmbedded) -> Iterator[str]:
    validators = {
        6003: valid(schema, "api_activity"),
        2004: valid(schema, "detection_finding"),
    }
    for event in events:
        for error in validators[event["class_uid"]].iter_errors(event):
            yield f"{list(error.path)}: {error.message[:200]}"


def test_ocsf_events_and_findings_are_what_the_schema_demands(
    stories: Path, schema: OcsfJsonSchemaEmbedded
) -> None:
    path = exported(stories, "ocsf", "events.jsonl")
    events = [json.loads(line) for line in path.read_text().splitlines()]
    assert {event["class_uid"] for event in events} == {6003, 2004}
    assert list(faults(events, schema)) == []
    activities = [event for event in events if event["class_uid"] == 6003]
    assert len(activities) == len(sealed_in(stories))
    assert {event["status_id"] for event in activities} == {1, 2}
    assert all(event["type_uid"] == 600300 + event["activity_id"] for event in activities)


def test_ocsf_holds_for_odd_records_too(tmp_path: Path, schema: OcsfJsonSchemaEmbedded) -> None:
    odd = [
        record(1, userIdentity=..., sourceIPAddress="AWS Internal", eventID=...),
        record(2, userIdentity="a text", resources="none", requestParameters="x"),
        record(3, awsRegion=..., recipientAccountId=..., resources=[{"ARN": "not-an-arn"}]),
        record(4, errorCode="AccessDenied", errorMessage="no", sourceIPAddress="2001:db8::1"),
        record(5, requestParameters={"n": 10**30}, eventName="Überraschung"),
    ]
    path = exported(made(tmp_path, trail(*odd)), "ocsf", "events.jsonl")
    events = [json.loads(line) for line in path.read_text().splitlines()]
    assert [event["class_uid"] for event in events][: len(odd)] == [6003] * len(odd)
    assert list(faults(events, schema)) == []


def test_the_check_above_sees_what_is_wrong(schema: OcsfJsonSchemaEmbedded) -> None:
    assert list(faults([{"class_uid": 6003, "time": "noon"}], schema))


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


@pytest.mark.parametrize("form", ["jsonl", "csv", "timesketch", "ocsf", "ledger", "parquet"])
def test_nothing_is_overwritten_unless_asked(stories: Path, tmp_path: Path, form: str) -> None:
    path = tmp_path / "there"
    path.write_text("mine")
    arguments = ("export", form, "-o", str(path), "--ledger", str(stories))
    refused = keyledger(*arguments)
    assert refused.code is ExitCode.FAILED
    assert "exists already" in refused.err
    assert path.read_text() == "mine"
    if form != "parquet":
        assert keyledger(*arguments, "--force").code is ExitCode.DONE


def test_a_folder_that_is_no_export_is_never_replaced(stories: Path, tmp_path: Path) -> None:
    (tmp_path / "precious").mkdir()
    (tmp_path / "precious" / "thing").write_text("mine")
    arguments = ("export", "parquet", "-o", str(tmp_path / "precious"), "--ledger", str(stories))
    done = keyledger(*arguments, "--force")
    assert done.code is ExitCode.FAILED
    assert "no earlier export" in done.err
    assert (tmp_path / "precious" / "thing").read_text() == "mine"
    folder = exported(stories, "parquet", "twice")
    again = keyledger("export", "parquet", "-o", str(folder), "--ledger", str(stories), "--force")
    assert again.code is ExitCode.DONE


def half_a_file(target: Path) -> None:
    with drafted(target) as draft:
        draft.write_text("half")
        raise KeyboardInterrupt


def half_a_folder(target: Path) -> None:
    with drafted(target) as draft:
        draft.mkdir()
        (draft / "file").write_text("half")
        raise KeyboardInterrupt


def test_a_failure_half_way_leaves_nothing_behind(tmp_path: Path) -> None:
    target = tmp_path / "target"
    target.write_text("before")
    for half in (half_a_file, half_a_folder):
        with pytest.raises(KeyboardInterrupt):
            half(target)
    assert [path.name for path in tmp_path.iterdir()] == ["target"]
    assert target.read_text() == "before"


def test_a_stream_is_written_to_stdout(tmp_path: Path) -> None:
    ledger = made(tmp_path, trail(record(1), record(2)))
    done = keyledger("export", "jsonl", "-o", "-", "--ledger", str(ledger))
    assert done.stdout == spelled(record(1)) + b"\n" + spelled(record(2)) + b"\n"
    told = csv.DictReader(
        io.StringIO(keyledger("export", "csv", "-o", "-", "--ledger", str(ledger)).out)
    )
    assert tuple(told.fieldnames or ()) == rows.COLUMNS


@pytest.mark.parametrize(
    "arguments",
    [
        ("export", "xml", "-o", "x"), ("export", "jsonl"), ("export", "parquet", "-o", "-"),
        ("export", "ledger", "-o", "x", "--since", "2026-01-01"),
        ("export", "csv", "-o", "x", "--since", "soon"), ("export", "ledger", "-o", "-"),
    ],
)  # fmt: skip
def test_what_cannot_be_meant_is_a_mistake_of_usage(
    stories: Path, tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    done = keyledger(*arguments, "--ledger", str(stories), cwd=tmp_path)
    assert done.code is ExitCode.USAGE
    assert list(tmp_path.iterdir()) == []


def test_raw_records_do_not_reach_a_terminal(stories: Path) -> None:
    done = keyledger("export", "jsonl", "-o", "-", "--ledger", str(stories), is_terminal=True)
    assert done.code is ExitCode.USAGE
    assert done.out == ""


def test_sealed_says_nothing_of_a_record_it_cannot_read() -> None:
    reject = Sealed(entry=0, kind="reject", sealed_at=0, payload=b"{}")
    assert list(rows.rows([reject])) == list(ocsf.activities([reject], "1")) == []
