"""What stands above a record is the same, told from its bytes or from its value."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzer.cloudtrail.heading import heading_of, loaded
from analyzer.cloudtrail.record import RejectedError, describe
from tests.golden import ROOT
from tests.ingested import record, spelled

SAMPLES = sorted(ROOT.glob("samples/*/*.json"))

_MEMBERS: dict[str, list[Any]] = {
    "eventTime": ["2026-01-08T03:00:01Z", "Jan 8, 2026 3:00:01 AM", "yesterday", 1767841201],
    "eventSource": ["KMS.amazonaws.com", "kms", "kms.\ud800"],
    "eventName": ["DisableKey", "Decrypt", "\ud800"],
    "eventCategory": ["Management", "NetworkActivity", "Insight"],
    "eventType": ["AwsApiCall", "AwsCloudTrailInsight"],
    "eventID": ["one"],
    "userIdentity": [{}, {"accountId": 1}, "root"],
    "detail": [{}, {"EventID": "RDS-EVENT-0418"}],
    "detail-type": ["AWS API Call via CloudTrail"],
    "source": ["aws.rds"],
    "time": ["2026-01-08T03:00:01Z"],
    "Date": ["2026-01-08T03:00:01Z"],
    "Message": ["stopped"],
    "SourceIdentifier": ["orders"],
}
_ODD: list[Any] = ["", None, 7, True, [], {}]

bodies = st.fixed_dictionaries(
    {}, optional={name: st.sampled_from([*told, *_ODD]) for name, told in _MEMBERS.items()}
)


def agree(payload: bytes) -> None:
    try:
        described = heading_of(describe(payload))
    except RejectedError:
        with pytest.raises(RejectedError):
            loaded(payload)
        return
    assert loaded(payload)[0] == described


@given(bodies)
def test_members_of_any_type_are_told_as_describe_tells_them(body: dict[str, Any]) -> None:
    agree(json.dumps(body).encode())


@given(st.binary(max_size=40))
def test_bytes_that_are_no_record_are_refused(payload: bytes) -> None:
    agree(payload)


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_samples_are_told_alike(path: Any) -> None:
    agree(json.dumps(json.loads(path.read_bytes())).encode())


@pytest.mark.parametrize(
    "payload",
    [
        spelled(record(1)).replace(b"DisableKey", b"Disable\xff"),
        spelled(record(1, requestParameters={"deep": 1})).replace(b"1}", b"[" * 1100 + b"]" * 1100),
        spelled(record(1, requestParameters={"keyId": "x" * (4 << 20)})),
        spelled(record(1, additionalEventData={"count": 1})).replace(b": 1}", b": 1e999}"),
    ],
    ids=["not UTF-8", "deep", "too large", "beyond a double"],
)
def test_what_no_decoder_takes_lightly_is_told_alike(payload: bytes) -> None:
    agree(payload)
