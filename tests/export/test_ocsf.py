"""OCSF: every event and finding is what the published schema demands."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from ocsf_json_schema import OcsfJsonSchemaEmbedded, get_ocsf_schema

from analyzer.export import ocsf
from tests.export.exports import Json, exported, made, sealed_in
from tests.ingested import record, trail


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
