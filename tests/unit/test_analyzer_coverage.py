"""Coverage: every event name of KMS and RDS is decoded, inert, or said to be missing."""

from __future__ import annotations

import json
import re
import textwrap
from datetime import timedelta
from pathlib import Path

import pytest

from analyzer.case import Case
from analyzer.inert import INERT, UNMODELLED, reason_for
from analyzer.reader import Undecoded, decode, read
from analyzer.resource import Fact, Inert
from tests.coverage_table import (
    PAGE,
    SERVICE_EVENTS,
    TITLES,
    decoded,
    inert,
    names_of,
    page,
    unmodelled,
)
from tests.service_models import operations
from tests.simulator import AwsSimulator, Json, spelled

SERVICES = sorted(TITLES)
GROUPS = (*INERT, *UNMODELLED)
DENIED = ("AccessDenied", "no")
_QUOTED = re.MULTILINE | re.DOTALL
NOW = 1_800_000_000_000_000


def outcome(record: Json) -> Fact | Inert | Undecoded:
    known = read(0, spelled(record))
    assert known is not None
    return decode(known)


@pytest.mark.parametrize("service", SERVICES)
def test_every_name_that_aws_knows_has_one_place_and_only_one(service: str) -> None:
    places = (decoded(service), inert(service), unmodelled(service))
    counted = {name: sum(name in place for place in places) for name in names_of(service)}
    assert {name: count for name, count in counted.items() if count != 1} == {}


@pytest.mark.parametrize("service", SERVICES)
def test_no_name_is_decoded_or_listed_that_aws_does_not_know(service: str) -> None:
    """A misspelt name would never be met."""
    listed = {name for group in GROUPS if group.service == service for name in group.names}
    assert (listed | decoded(service)) - set(names_of(service)) == set()


@pytest.mark.parametrize("service", SERVICES)
def test_service_events_are_no_operations(service: str) -> None:
    assert operations(service).isdisjoint(SERVICE_EVENTS[service])


def test_a_name_is_listed_once_and_a_family_has_members() -> None:
    names = [(group.service, name) for group in GROUPS for name in group.names]
    assert len(names) == len(set(names))
    for group in INERT:
        for family in group.families:
            assert any(name.startswith(family) for name in operations(group.service)), family
            assert not any(name.startswith(family) for name in group.names), family


def test_families_are_only_claimed_for_what_moves_no_state() -> None:
    assert [group for group in UNMODELLED if group.families] == []
    for group in INERT:
        for family in group.families:
            assert [name for name in decoded(group.service) if name.startswith(family)] == []


def test_a_reason_reads_well_in_a_table() -> None:
    for group in GROUPS:
        assert group.names or group.families, group.reason
        assert not group.reason.endswith("."), group.reason
        assert "|" not in group.reason
        assert group.names == tuple(sorted(group.names)), group.reason


def test_the_page_holds_the_table_as_it_is() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert text == page(text), "python -m tests.coverage_table"


def test_the_page_quotes_the_code_as_it_is() -> None:
    blocks = re.findall(r"^ *```python\n(.*?)^ *```$", PAGE.read_text(encoding="utf-8"), _QUOTED)
    assert blocks
    for block in blocks:
        path, *lines = textwrap.dedent(block).splitlines()
        code = (PAGE.parents[1] / path.removeprefix("# ")).read_text(encoding="utf-8").splitlines()
        assert [line for line in lines if line not in code] == [], path


def test_the_page_names_only_modules_that_are_there() -> None:
    text = PAGE.read_text(encoding="utf-8")
    paths = set(re.findall(r"[\w/]+\.py\b", text))
    missing = [
        one
        for one in paths
        if not any((start / one).is_file() for start in (PAGE.parent, PAGE.parents[1]))
    ]
    assert missing == []


def test_a_record_that_moves_no_state_is_told_apart_from_one_that_nobody_knows() -> None:
    aws = AwsSimulator()
    tagged = aws.record("rds", "AddTagsToResource", at=0)
    news = aws.record("rds", "InventDBInstance", at=0)
    missing = aws.record("rds", "SwitchoverBlueGreenDeployment", at=0)
    assert outcome(tagged) == Inert(reason=reason_for("rds", "AddTagsToResource") or "")
    assert isinstance(outcome(news), Undecoded)
    assert isinstance(outcome(missing), Undecoded)


def test_a_name_means_nothing_in_another_service() -> None:
    aws = AwsSimulator()
    assert isinstance(outcome(aws.record("backup", "AddTagsToResource", at=0)), Undecoded)
    assert isinstance(outcome(aws.record("rds", "ScheduleKeyDeletion", at=0)), Undecoded)


def test_a_success_that_cannot_be_read_is_undecoded_and_a_failure_moves_nothing() -> None:
    aws = AwsSimulator()
    assert isinstance(outcome(aws.record("kms", "DisableKey", at=0)), Undecoded)
    failed = aws.record("kms", "DisableKey", at=0, error=DENIED)
    assert isinstance(outcome(failed), Inert)


def test_single_records_of_a_decoded_name_may_move_nothing() -> None:
    aws = AwsSimulator()
    snapshot = aws.create_db_snapshot(aws.create_db_instance("o", at=0), "s", at=1)
    point = "arn:aws:ec2:us-east-1::snapshot/snap-0123456789abcdef0"
    records = (
        aws.record("backup", "DeleteRecoveryPoint", at=2, request={"recoveryPointArn": point}),
        aws.record("rds", "CreateGlobalCluster", at=2, request={"globalClusterIdentifier": "g"}),
        aws.rds_event(snapshot, "RDS-EVENT-0043", at=2),
    )
    for record in records:
        assert isinstance(outcome(record), Inert), record


def test_state_counts_only_what_nobody_knows(tmp_path: Path) -> None:
    aws = AwsSimulator()
    key = aws.create_key("orders", at=0)
    database = aws.create_db_instance("orders", key, at=1)
    aws.record("rds", "AddTagsToResource", at=timedelta(days=1))
    aws.record("rds", "InventDBInstance", at=timedelta(days=1))
    aws.rds_event(database, "RDS-EVENT-0090", at=2)
    (tmp_path / "records.jsonl").write_bytes(b"\n".join(aws.payloads()))
    with Case.open_or_create(tmp_path / "case.db", NOW) as case:
        case.ingest([str(tmp_path / "records.jsonl")], clock=lambda: NOW)
        answer = case.state(None, "end", None, NOW)
    assert answer["undecoded"] == 1
    assert json.dumps(answer)
