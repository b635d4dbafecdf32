"""A run of records described at once: each as `describe` has it, or none at all."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzer.cloudtrail.descriptions import describe_all
from analyzer.cloudtrail.record import Description, RejectedError, describe

RECORD = {
    "eventVersion": "1.11",
    "eventTime": "2026-01-02T03:04:05Z",
    "eventSource": "kms.amazonaws.com",
    "eventName": "Decrypt",
    "eventID": "3c1c4a51-0001-4e5e-9d2e-000000000001",
    "recipientAccountId": "111122223333",
    "userIdentity": {"type": "AWSService", "accountId": "444455556666"},
    "eventCategory": "Management",
}
ODD: dict[str, list[Any]] = {
    "eventTime": ["2026-01-02T03:04:60Z", "2026-01-02T03:04:05.5Z", "2026-01-02", "soon", 7, None],
    "eventSource": ["rds.amazonaws.com", "", None, 1],
    "eventName": ["DisableKey", "", None, ["x"]],
    "eventID": ["", "\ud83d", "\ufffd", None, 12],
    "recipientAccountId": ["", None, "\ufffd", 111122223333],
    "userIdentity": [{}, {"accountId": None}, "somebody", ["x"], None],
    "eventCategory": ["NetworkActivity", "Insight", None, 3],
    "additionalEventData": ["é" * 10, "x" * 3000, [[[]]] * 900],
}


@st.composite
def records(draw: st.DrawFn) -> dict[str, Any]:
    """Records of which most are ordinary."""
    drawn: dict[str, Any] = dict(RECORD)
    for name in draw(st.lists(st.sampled_from(sorted(ODD)), max_size=2)):
        drawn[name] = draw(st.sampled_from(ODD[name]))
    for name in draw(st.lists(st.sampled_from(sorted(RECORD)), max_size=1)):
        drawn.pop(name, None)
    return drawn


def spelled(record: dict[str, Any]) -> bytes:
    """Spell a record in UTF-8, or where it cannot be spelled there, in ASCII."""
    try:
        return json.dumps(record, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return json.dumps(record).encode()


def described(payloads: list[bytes]) -> list[Description] | None:
    try:
        return [describe(payload) for payload in payloads]
    except RejectedError:
        return None


@given(st.lists(records(), min_size=1, max_size=4), st.booleans())
def test_it_never_differs_from_describing_one_by_one(
    drawn: list[dict[str, Any]], is_list: bool
) -> None:
    payloads = [spelled(each) for each in drawn]
    text = b"[%b]" % b",".join(payloads) if is_list else b"\n".join(payloads)
    found = describe_all(text, payloads, is_list=is_list)
    if found is not None:
        assert [
            Description(identity, time, one.service, one.event_name, one.lane, one.form)
            for identity, time, one in zip(*found, strict=True)
        ] == described(payloads)


@pytest.mark.parametrize("is_list", [True, False])
def test_ordinary_records_are_described_at_once(is_list: bool) -> None:
    payloads = [spelled({**RECORD, "eventID": str(number)}) for number in range(3)]
    text = b"[%b]" % b",".join(payloads) if is_list else b"\n".join(payloads)
    assert describe_all(text, payloads, is_list=is_list) is not None
