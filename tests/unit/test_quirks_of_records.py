"""Quirks of records: doubled, contradicting, odd, or hardly readable."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from analyzer import moment
from analyzer.cloudtrail.record import RejectedError, describe, load
from ledger.entry import Kind
from tests.ingested import ONE, TWO, ingested, ingested_file, record, spelled, trail

THREE = spelled(record(3))


def test_quirk_10_the_same_event_in_two_files_is_a_duplicate(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(trail(ONE, TWO))
    (tmp_path / "b").write_bytes(gzip.compress(trail(TWO, THREE)))
    found = ingested(tmp_path, str(tmp_path / "a"), str(tmp_path / "b"))
    assert found.report.totals["appended"] == 3
    assert found.report.totals["duplicates"] == 1


def test_quirk_10_order_of_members_and_blanks_make_no_difference(tmp_path: Path) -> None:
    turned = json.dumps(dict(reversed(record(1).items())), indent=1).encode()
    found = ingested_file(tmp_path, trail(ONE, turned))
    assert (found.only.appended, found.only.duplicates) == (1, 1)


def test_quirk_11_the_same_id_with_another_content_is_a_conflict_and_then_a_duplicate(
    tmp_path: Path,
) -> None:
    other = spelled(record(1, sourceIPAddress="203.0.113.9"))
    found = ingested_file(tmp_path, trail(ONE, other, other))
    assert (found.only.appended, found.only.conflicts, found.only.duplicates) == (1, 1, 1)
    assert found.payloads(Kind.CONFLICT) == [other]


def test_quirk_12_the_order_of_a_file_is_kept_whatever_the_times_say(tmp_path: Path) -> None:
    assert ingested_file(tmp_path, trail(THREE, ONE, TWO)).payloads() == [THREE, ONE, TWO]


def test_quirk_13_shared_event_ids_do_not_make_duplicates(tmp_path: Path) -> None:
    twins = [
        record(1, sharedEventID="s"),
        record(2, sharedEventID="s", recipientAccountId="444455556666"),
        record(1, sharedEventID="s", recipientAccountId="444455556666"),
    ]
    assert ingested_file(tmp_path, trail(*twins)).only.appended == 3


def test_quirk_13_without_a_recipient_the_account_of_the_caller_counts() -> None:
    without = spelled(record(1, recipientAccountId=...))
    assert describe(without).identity == describe(ONE).identity
    anonymous = spelled(record(1, recipientAccountId=..., userIdentity={"type": "AWSService"}))
    assert describe(anonymous).identity != describe(ONE).identity


ADMITTED: dict[str, dict[str, Any]] = {
    "14 version": {"eventVersion": "1.11"},
    "14 no version": {"eventVersion": ...},
    "15 old": dict.fromkeys(("recipientAccountId", "resources", "eventID"), ...),
    "16 no type": {"userIdentity": {"invokedBy": "AWS Internal"}},
    "16 a text": {"userIdentity": "root"},
    "16 null": {"userIdentity": None},
    "16 account as number": {"userIdentity": {"accountId": 111122223333}},
    "17 parameters as text": {"requestParameters": "HIDDEN", "responseElements": "none"},
    "17 additional as text": {"additionalEventData": "text"},
    "18 mangled key id": {"requestParameters": {"keyId": ""}, "resources": None},
    "19 resources": {"resources": [{"arn": "arn:aws:kms:x"}, {"type": "AWS::KMS::Alias"}, "x"]},
    "20 RDS": {
        "eventSource": "rds.amazonaws.com",
        "eventName": "ModifyDBInstance",
        "responseElements": {"dBInstance": {"iAMDatabaseAuthenticationEnabled": False}},
    },
    "22 policy in a text": {"requestParameters": {"policy": '{"Statement":[{"a":"}],"}]}'}},
    "23 masked": {"requestParameters": {"masterUserPassword": "****"}},
    "24 dates": {"responseElements": {"deletionDate": "Oct 21, 2024, 2:25:29\u202fPM"}},
    "26 source": {"sourceIPAddress": "AWS Internal, 192.0.2.1"},
    "27 account": {"recipientAccountId": "anonymised-account", "awsRegion": "xx-nowhere-9"},
    "27 account as number": {"recipientAccountId": 111122223333},
    "28 mfa": {"userIdentity": {"sessionContext": {"attributes": {"mfaAuthenticated": True}}}},
    "29 id": {"eventID": "EXAMPLE event; no UUID \N{PILE OF POO}"},
    "29 id as number": {"eventID": 17},
    "30 unknown members": {"somethingNew": {"deep": [1, {"er": None}]}},
    "31 error": {"errorCode": "InvalidDBInstanceStateFault", "errorMessage": "no"},
    "32 a large record": {"requestParameters": {"blob": "x" * 200_000}},
    "32 a number beyond 64 bits": {"requestParameters": {"n": 10**40, "m": -(10**25)}},
    "32 lone surrogates": {"userAgent": "\ud800 and \udfff"},
}


@pytest.mark.parametrize("name", ADMITTED)
def test_quirks_14_to_32_odd_members_are_sealed_verbatim(name: str, tmp_path: Path) -> None:
    odd = spelled(record(1, **ADMITTED[name]))
    found = ingested_file(tmp_path, trail(odd, TWO, odd))
    assert (found.only.appended, found.only.duplicates) == (2, 1), found.notes
    assert found.only.error is None
    assert found.payloads() == [odd, TWO]
    assert load(odd)["eventName"] == describe(odd).event_name


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2026-01-08 03:00:01", "2026-01-08T03:00:01Z"),
        ("2026-01-08T03:00:01.123456789Z", "2026-01-08T03:00:01.123456Z"),
        ("2026-01-08t03:00:01z", "2026-01-08T03:00:01Z"),
        ("2026-01-08T04:00:01+01:00", "2026-01-08T03:00:01Z"),
        ("2026-01-08T03:00:60Z", "2026-01-08T03:00:59Z"),
        ("Jan 8, 2026 3:00:01 AM", "2026-01-08T03:00:01Z"),
        (1767841201, "2026-01-08T03:00:01Z"),
    ],
)
def test_quirk_25_spellings_of_the_event_time(written: object, meant: str) -> None:
    assert moment.text(describe(spelled(record(eventTime=written))).time) == meant


@pytest.mark.parametrize("written", [..., None, "", "yesterday", "2026-13-01T00:00:00Z", [], True])
def test_quirk_25_a_record_without_a_readable_time_is_rejected(
    written: object, tmp_path: Path
) -> None:
    bad = spelled(record(1, eventTime=written))
    found = ingested_file(tmp_path, trail(bad, TWO))
    assert (found.only.rejected, found.only.appended, found.only.error) == (1, 1, None)
    assert found.payloads(Kind.REJECT) == [bad]
    assert "eventTime" in found.notes[found.entries[0].header.index]


def test_quirk_15_without_an_id_the_payload_is_the_identity(tmp_path: Path) -> None:
    first, second = (spelled(record(number, eventID=...)) for number in (1, 2))
    found = ingested_file(tmp_path, trail(first, second, first))
    assert (found.only.appended, found.only.duplicates) == (2, 1)


def test_quirk_32_duplicate_members_are_admitted_with_a_warning(tmp_path: Path) -> None:
    doubled = ONE[:-1] + b',"eventName":"EnableKey"}'
    found = ingested_file(tmp_path, trail(doubled))
    assert found.payloads() == [doubled]
    assert describe(doubled).event_name == "EnableKey"
    (warning,) = found.report.warnings
    assert "'eventName'" in warning
    assert "byte 12" in warning


def test_quirk_32_invalid_utf_8_rejects_one_record_and_no_more(tmp_path: Path) -> None:
    bad = TWO.replace(b"DisableKey", b"Disable\xffKey")
    found = ingested_file(tmp_path, trail(ONE, bad, THREE))
    assert found.payloads() == [ONE, THREE]
    assert found.payloads(Kind.REJECT) == [bad]
    (reason,) = found.notes.values()
    assert "0xff" in reason
    assert found.only.error is None


def test_quirk_32_nesting_is_admitted_as_far_as_it_can_be_read(tmp_path: Path) -> None:
    deep, deeper = (
        spelled(record(1, requestParameters=...))[:-1]
        + b',"requestParameters":%b%b}' % (b"[" * levels, b"]" * levels)
        for levels in (900, 100_000)
    )
    found = ingested_file(tmp_path, trail(deep, deeper, TWO))
    assert found.payloads() == [deep, TWO]
    assert found.payloads(Kind.REJECT) == [deeper]
    assert load(deep)["eventName"] == "DisableKey"
    with pytest.raises(RejectedError):
        describe(deeper)
