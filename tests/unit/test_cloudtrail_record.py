"""What a payload says of itself, and the JSON value of it."""

from __future__ import annotations

import json

import pytest

from analyzer.cloudtrail.record import (
    Form,
    Lane,
    RejectedError,
    content,
    describe,
    duplicate_members,
    identify,
    load,
)
from analyzer.cloudtrail.services import ALL_SERVICES, DEFAULT_SERVICES, Services
from analyzer.cloudtrail.value import NotJsonError
from tests.ingested import record, spelled


def test_a_record_is_described() -> None:
    found = describe(spelled(record(1)))
    assert found.time == 1767841201_000000
    assert (found.service, found.event_name) == ("kms", "DisableKey")
    assert (found.lane, found.form, found.is_insight) == (Lane.CONTROL, Form.CLOUDTRAIL, False)


@pytest.mark.parametrize(
    ("source", "name", "lane"),
    [
        ("kms.amazonaws.com", "Decrypt", Lane.USAGE),
        ("kms.amazonaws.com", "ReEncrypt", Lane.USAGE),
        ("kms.amazonaws.com", "DescribeKey", Lane.USAGE),
        ("kms.amazonaws.com", "DeleteKey", Lane.CONTROL),
        ("kms.amazonaws.com", "SomethingNew", Lane.CONTROL),
        ("rds.amazonaws.com", "DescribeDBInstances", Lane.USAGE),
        ("rds.amazonaws.com", "DeleteDBInstance", Lane.CONTROL),
        ("cloudtrail.amazonaws.com", "StopLogging", Lane.CONTROL),
        ("s3.amazonaws.com", "PutObject", Lane.USAGE),
    ],
)
def test_usage_lies_apart_from_what_moves_state(source: str, name: str, lane: Lane) -> None:
    assert describe(spelled(record(eventSource=source, eventName=name))).lane is lane


@pytest.mark.parametrize(
    ("payload", "reason"),
    [
        (b"", "not JSON"),
        (b"17", "not a JSON object"),
        (b'"text"', "not a JSON object"),
        (b"[]", "not a JSON object"),
        (b"{}", "no eventTime"),
        (spelled(record(eventName=...)), "no eventName"),
        (spelled(record(eventName="")), "no eventName"),
        (spelled(record(eventSource=None)), "no eventSource"),
        (spelled(record(eventSource=["kms"])), "eventSource is not a text"),
        (spelled(record(eventTime="\x1b[31m soon")), r"eventTime '\x1b[31m soon' cannot be read"),
        (spelled(record(eventTime="x" * 500)), "xxx... cannot be read"),
        (spelled(record())[:-1], "not JSON: unexpected end of data at the end"),
        (spelled(record()) + b" x", "(0x78)"),
        (spelled(record(userAgent="A")).replace(b'"A"', b'"\x01"'), "control character"),
        (spelled(record(userAgent="A")).replace(b'"A"', b'"\xe9"'), "invalid UTF-8 at byte"),
        (spelled(record(userAgent="A")).replace(b'"A"', b'"\\q"'), "escape"),
    ],
)
def test_what_is_no_record_is_rejected_with_a_reason(payload: bytes, reason: str) -> None:
    with pytest.raises(RejectedError) as caught:
        describe(payload)
    assert reason in caught.value.reason
    assert caught.value.reason.isprintable()


def test_network_activity_moves_no_state() -> None:
    passed = record(eventCategory="NetworkActivity", eventType="AwsVpceEvents")
    assert describe(spelled(passed)).lane is Lane.USAGE
    assert describe(spelled(passed | {"eventVersion": 1})).lane is Lane.USAGE


def test_identities_are_never_ambiguous() -> None:
    pairs = [("a:1", "b"), ("a", "1:b"), ("a", ""), ("", "a"), ("a:1:b", ""), ("1:a", "b")]
    found = {
        identify(spelled(record(eventID=event, recipientAccountId=account, userIdentity=None)))
        for event, account in pairs
    }
    assert len(found) == len(pairs)


def test_ids_that_are_no_text_do_not_share_an_identity() -> None:
    first, second = (spelled(record(eventID=event)) for event in ("\ud800", "\ud801"))
    assert identify(first) != identify(second)


def test_an_identity_does_not_depend_on_how_it_was_found() -> None:
    """A member of another type sends a record the slower way."""
    assert identify(spelled(record(1, userIdentity=["?"]))) == identify(spelled(record(1)))
    assert identify(spelled(record(1, eventVersion=1.08))) == identify(spelled(record(1)))


def test_load_reads_what_orjson_refuses() -> None:
    odd = b'{"a":"\\ud800x","b":1e999,"c":-1e999,"d":"\\ud83d\\ude00","e":"\\\\ud800"}'
    found = load(odd)
    assert found["a"] == "\ufffdx"
    assert found["b"] == -found["c"] > 1e308
    assert (found["d"], found["e"]) == ("😀", "\\ud800")
    json.dumps(found).encode()
    with pytest.raises(NotJsonError):
        load(b'{"a":"\\ud800x"')


def test_load_takes_the_last_of_duplicate_members() -> None:
    assert load(b'{"a":1,"a":2}') == {"a": 2}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (b'{"a":1}', b'{"a":1.0}'),
        (b'{"a":1}', b'{"a":"1"}'),
        (b'{"a":-0}', b'{"a":0}'),
        (b"[1,[2]]", b"[1,2]"),
        (b'{"a":1,"a":2}', b'{"a":2,"a":1}'),
        (b'{"a":null}', b"{}"),
        (b'["a","b"]', b'{"a":"b"}'),
        (b'["ab"]', b'["a","b"]'),
        (b'{"a":123456789012345678901}', b'{"a":123456789012345678902}'),
        (b'{"a":"\\ud800"}', b'{"a":"\\ud801"}'),
        (b'{"a":[[],{}]}', b'{"a":[{},[]]}'),
        (b"broken", b"broken "),
    ],
)
def test_values_that_differ_have_different_contents(one: bytes, other: bytes) -> None:
    assert content(one) != content(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (b'{"a":1,"b":[true,null]}', b'{ "b" : [ true,\n null ] , "a" : 1 }'),
        (b'{"a":"/\\u00e9"}', b'{"\\u0061":"\\/\xc3\xa9"}'),
        (b'{"b":{"x":1,"y":2}}', b'{"b":{"y":2,"x":1}}'),
    ],
)
def test_spellings_of_one_value_have_one_content(one: bytes, other: bytes) -> None:
    assert content(one) == content(other)


def test_duplicate_members_are_named_in_any_spelling() -> None:
    assert duplicate_members(b'{"a":1,"b":{"c":1,"c":2},"\\u0061":3}') == ("a",)
    assert duplicate_members(b'{ "a" : 1, "b" : 2, "b" : "a" }') == ("b",)
    assert duplicate_members(b'{"a":{"a":["a"]},"b":"a"}') == ()
    assert duplicate_members(b'{"\xc3\xa9":1,"\\u00e9":2}') == ("é",)
    assert duplicate_members(b"{}") == ()


def test_services_are_wanted_by_name() -> None:
    stop = describe(
        spelled(record(eventSource="cloudtrail.amazonaws.com", eventName="StopLogging"))
    )
    lookup = describe(
        spelled(record(eventSource="cloudtrail.amazonaws.com", eventName="LookupEvents"))
    )
    backup = describe(spelled(record(eventSource="backup.amazonaws.com", eventName="X")))
    s3 = describe(spelled(record(eventSource="s3.amazonaws.com", eventName="X")))
    kms = describe(spelled(record()))
    events = (kms, backup, stop, lookup, s3)
    assert [DEFAULT_SERVICES.wants(event) for event in events] == [True, True, True, False, False]
    named = Services.named("S3", "cloudtrail.amazonaws.com")
    assert [named.wants(event) for event in events] == [False, False, True, True, True]
    assert all(ALL_SERVICES.wants(event) for event in events)


def test_native_events_of_keys_and_databases_are_always_wanted() -> None:
    event = spelled(
        {
            "id": "x",
            "detail-type": "KMS CMK Deletion",
            "source": "aws.kms",
            "account": "1",
            "time": "2026-01-08T03:00:00Z",
            "detail": {},
        }
    )
    assert Services.named("s3").wants(describe(event))
    health = describe(event.replace(b"aws.kms", b"aws.health"))
    assert not DEFAULT_SERVICES.wants(health)
