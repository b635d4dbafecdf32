"""Delivery: what the simulator leaves on disk, small stories and big trails alike."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import asdict
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.simulator import AwsSimulator, trail
from tests.simulator.delivery import Habits, gzipped
from tests.simulator.reading import (
    delivered,
    delivered_events,
    delivered_records,
    delivery_time,
    trail_files,
)

DAY = timedelta(days=1)
CONTROL = ("Create", "Delete", "Enable", "Disable", "Schedule", "Cancel", "Start", "Modify")


@pytest.fixture
def aws() -> AwsSimulator:
    aws = AwsSimulator()
    key = aws.create_key("orders", at=0)
    orders = aws.create_db_instance("orders", key, at=60)
    aws.rds_event(orders, "RDS-EVENT-0005", at=500)
    aws.traffic(since=0, until=2 * DAY, sessions=40, keys=[key], databases=[orders])
    return aws


def test_everything_is_delivered_and_nothing_else(aws: AwsSimulator, tmp_path: Path) -> None:
    aws.deliver(tmp_path)
    assert set(delivered(tmp_path)) == set(aws.payloads())


def test_delivery_is_the_same_again(aws: AwsSimulator, tmp_path: Path) -> None:
    first, second = (aws.deliver(tmp_path / name) for name in ("one", "two"))
    assert [path.relative_to(tmp_path / "one") for path in first] == [
        path.relative_to(tmp_path / "two") for path in second
    ]
    assert [path.read_bytes() for path in first] == [path.read_bytes() for path in second]


def test_records_come_when_they_are_told_to(aws: AwsSimulator, tmp_path: Path) -> None:
    chosen = aws.records[0]["eventID"]
    aws.deliver(tmp_path, habits=Habits(arrivals={chosen: (3600, 7200)}))
    times = [
        delivery_time(path)
        for path, records in trail_files(tmp_path)
        for record in records
        if record["eventID"] == chosen
    ]
    assert times == [aws.start + timedelta(hours=1), aws.start + timedelta(hours=2)]


def test_nothing_is_delivered_before_it_happens(aws: AwsSimulator, tmp_path: Path) -> None:
    aws.deliver(tmp_path)
    for path, records in trail_files(tmp_path):
        newest = max(datetime.fromisoformat(record["eventTime"]) for record in records)
        assert newest < delivery_time(path)


def test_native_events_lie_in_a_file_of_their_own_and_the_first_comes_twice(
    aws: AwsSimulator, tmp_path: Path
) -> None:
    aws.deliver(tmp_path)
    assert delivered_events(tmp_path) == [aws.notifications[0]] * 2


def test_the_gzip_header_tells_neither_time_nor_system() -> None:
    assert gzipped(b"x")[:10] == b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\xff"


@pytest.mark.parametrize("records", [100, 2001, 9000])
def test_a_trail_holds_what_it_says(records: int, tmp_path: Path) -> None:
    written = trail.write_trail(tmp_path, records=records, seed=3)
    found = delivered_records(tmp_path)
    distinct = {record["eventID"]: record for record in found}.values()
    assert written.records == len(found) == records
    assert written.duplicates == len(found) - len(distinct)
    assert written.files == len(list(trail_files(tmp_path)))
    assert written.events == len(delivered_events(tmp_path))
    kinds = Counter(_kind(record["eventSource"], record["eventName"]) for record in distinct)
    told = asdict(written)
    assert kinds == {kind: told[kind] for kind in ("control", "usage", "unrelated")}


def _kind(source: str, name: str) -> str:
    if source == "ec2.amazonaws.com":
        return "unrelated"
    return "control" if name.startswith((*CONTROL, "Put", "CopyDB")) else "usage"


def test_a_trail_is_almost_all_usage_of_many_keys_in_several_accounts(tmp_path: Path) -> None:
    written = trail.write_trail(tmp_path, records=20_000, seed=1)
    found = delivered_records(tmp_path)
    assert written.control < 0.02 * written.records
    assert written.duplicates > 0
    assert len({record["recipientAccountId"] for record in found}) == 3
    assert len({record["awsRegion"] for record in found}) == 3
    keys = {one["ARN"] for record in found for one in record.get("resources", ())}
    assert len(keys) > 200
    mean = sum(len(payload) for payload in delivered(tmp_path)) / len(found)
    assert 900 < mean < 1500


def test_a_trail_uses_no_key_before_it_is_made(tmp_path: Path) -> None:
    trail.write_trail(tmp_path, records=20_000, seed=1)
    made, used = {}, []
    for record in delivered_records(tmp_path):
        if record["eventName"] == "CreateKey":
            made[record["resources"][0]["ARN"]] = record["eventTime"]
        elif record["eventName"] in {"Decrypt", "GenerateDataKey"}:
            used.append((record["resources"][0]["ARN"], record["eventTime"]))
    assert any(key in made for key, _ in used)
    assert [key for key, at in used if at < made.get(key, "")] == []


def test_the_same_seed_writes_the_same_trail(tmp_path: Path) -> None:
    for name, seed in (("one", 1), ("two", 1), ("three", 2)):
        trail.write_trail(tmp_path / name, records=2500, seed=seed)
    assert contents(tmp_path / "one") == contents(tmp_path / "two")
    assert contents(tmp_path / "one") != contents(tmp_path / "three")


def contents(directory: Path) -> dict[str, bytes]:
    files = (path for path in directory.rglob("*") if path.is_file())
    return {path.relative_to(directory).as_posix(): path.read_bytes() for path in files}


def test_the_command_prints_what_it_wrote_and_refuses_a_full_directory(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = ["--records", "100", "--out", str(tmp_path / "trail"), "--seed", "1"]
    assert trail.main(asked) == 0
    assert json.loads(capsys.readouterr().out)["records"] == 100
    with pytest.raises(SystemExit):
        trail.main(asked)
