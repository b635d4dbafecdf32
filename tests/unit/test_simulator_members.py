"""The simulator's member names, against AWS's own service models."""

from __future__ import annotations

import json

import pytest

from tests.service_models import operations, request_members, response_members
from tests.simulator.recorder import Json
from tests.simulator.samples import build

LOGGED_THOUGH_NOT_RETURNED = {
    "kms": {"keyId"},  # since December 2022 (KMS guide, logging-using-cloudtrail)
    "rds": {"httpEndpointEnabled"},  # seen in real records of instances, in no model
}
CALLS: tuple[tuple[str, Json], ...] = tuple(
    (service, record)
    for record in map(json.loads, build().values())
    if (service := record.get("eventSource", "").partition(".")[0]) in LOGGED_THOUGH_NOT_RETURNED
    and record["eventName"] in operations(service)
)


def test_most_samples_are_of_calls_that_the_models_know() -> None:
    assert len(CALLS) >= 60


@pytest.mark.parametrize(
    ("service", "record"), CALLS, ids=[record["eventName"] for _, record in CALLS]
)
def test_a_sample_spells_its_members_as_the_service_model_does(service: str, record: Json) -> None:
    name = record["eventName"]
    asked, shown = record["requestParameters"] or {}, record["responseElements"] or {}
    assert set(asked) <= request_members(service, name), name
    returned = response_members(service, name) | LOGGED_THOUGH_NOT_RETURNED[service]
    assert set(shown) <= returned, name
