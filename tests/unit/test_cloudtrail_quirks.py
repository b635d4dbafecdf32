"""What real CloudTrail data does: a test per quirk, from the file to the ledger, by its number."""

from __future__ import annotations

import base64
import gzip
import json
from typing import TYPE_CHECKING, Any

import pytest
import zstandard

from analyzer import moment
from analyzer.cloudtrail.record import Form, RejectedError, describe, load
from ledger.entry import Kind, Step
from tests.ingested import ingested, ingested_file, lines, record, spelled, trail

if TYPE_CHECKING:
    from pathlib import Path

ONE, TWO, THREE = (spelled(record(number)) for number in (1, 2, 3))


def envelope(detail: Any, kind: str = "AWS API Call via CloudTrail", **changes: Any) -> Any:
    return {
        "version": "0",
        "id": "7bf73129-1428-4cd3-a780-95db273d1602",
        "detail-type": kind,
        "source": "aws.kms",
        "account": "111122223333",
        "time": "2026-01-08T03:00:00Z",
        "region": "us-east-1",
        "resources": [],
        "detail": detail,
    } | changes


RDS_DETAIL = {
    "EventCategories": ["failure"],
    "SourceType": "DB_INSTANCE",
    "SourceArn": "arn:aws:rds:us-east-1:111122223333:db:orders",
    "Date": "2026-01-08T03:00:00.882Z",
    "Message": "Amazon RDS is unable to access the KMS encryption key for orders.",
    "SourceIdentifier": "orders",
    "EventID": "RDS-EVENT-0418",
}


def subscription(*messages: str, kind: str = "DATA_MESSAGE") -> dict[str, Any]:
    return {
        "messageType": kind,
        "owner": "111122223333",
        "logGroup": "trail",
        "logStream": "111122223333_CloudTrail_us-east-1",
        "subscriptionFilters": ["all"],
        "logEvents": [
            {"id": str(number), "timestamp": 1767841200000, "message": message}
            for number, message in enumerate(messages)
        ],
    }


CONTAINERS_OF_TWO = {
    "01 Records": trail(ONE, TWO),
    "01 Records, gzip": gzip.compress(trail(ONE, TWO)),
    "01 multi-member gzip": gzip.compress(lines(ONE)) + gzip.compress(lines(TWO)),
    "01 gzip twice": gzip.compress(gzip.compress(trail(ONE, TWO))),
    "01 zstd": zstandard.compress(trail(ONE, TWO)),
    "01 zstd frames": zstandard.compress(lines(ONE)) + zstandard.compress(lines(TWO)),
    "01 Records behind other members": b'{"version":"1","n":[1],"Records":[%b,%b]}' % (ONE, TWO),
    "02 list": b"[%b,%b]" % (ONE, TWO),
    "02 JSON Lines with blank lines": b"\n%b\n\n  \n%b\n\n" % (ONE, TWO),
    "02 documents one after the other": ONE + TWO,
    "02 documents of lists": b"[%b]\n[%b]" % (ONE, TWO),
    "02 lines of files": trail(ONE) + b"\n" + trail(TWO),
    "03 EventBridge": lines(envelope(record(1)), envelope(record(2))),
    "03 EventBridge service event": lines(
        envelope(record(1), "AWS Service Event via CloudTrail"),
        envelope(record(2), "AWS Console Action via CloudTrail"),
    ),
    "07 CRLF": b"%b\r\n%b\r\n" % (ONE, TWO),
    "06 nested under aws.cloudtrail": lines(
        {"aws": {"cloudtrail": record(1)}}, {"aws.cloudtrail": record(2)}
    ),
    "07 BOM": b"\xef\xbb\xbf" + trail(ONE, TWO),
    "07 NUL bytes": b"\0\0%b\0%b\0\0\0" % (ONE, TWO),
    "07 UTF-16 little end": trail(ONE, TWO).decode().encode("utf-16"),
    "07 UTF-16 big end": b"\xfe\xff" + trail(ONE, TWO).decode().encode("utf-16-be"),
    "07 UTF-16 without mark": lines(ONE, TWO).decode().encode("utf-16-le"),
    "export of a log group": b"2026-01-08T03:00:00.000Z %b\n2026-01-08T03:00:01.123Z %b\n"
    % (ONE, TWO),
    "a wrapper that nobody told us of": b'{"hits":[%b,%b]}' % (ONE, TWO),
}
ESCAPED_TWO = {
    "03 SQS": lines(*({"body": json.dumps(envelope(record(number)))} for number in (1, 2))),
    "03 SQS as Lambda gets it": spelled(
        {
            "Records": [
                {
                    "messageId": "m",
                    "eventSource": "aws:sqs",
                    "body": json.dumps(envelope(record(number))),
                }
                for number in (1, 2)
            ]
        }
    ),
    "03 SQS as the command line gets it": spelled(
        {"Messages": [{"MessageId": "m", "Body": ONE.decode()}, {"Body": TWO.decode()}]}
    ),
    "03 SNS": lines(
        *(
            {"Type": "Notification", "MessageId": "m", "Message": json.dumps(envelope(record(n)))}
            for n in (1, 2)
        )
    ),
    "03 SNS as Lambda gets it": spelled(
        {
            "Records": [
                {"EventSource": "aws:sns", "Sns": {"Type": "Notification", "Message": each}}
                for each in (ONE.decode(), TWO.decode())
            ]
        }
    ),
    "03 SNS in SQS": lines(
        *(
            {"body": json.dumps({"Type": "Notification", "Message": each.decode()})}
            for each in (ONE, TWO)
        )
    ),
    "04 lookup-events": spelled(
        {
            "Events": [
                {"EventId": "x", "EventTime": 1767841200.0, "CloudTrailEvent": each.decode()}
                for each in (ONE, TWO)
            ],
            "NextToken": "t",
        }
    ),
    "04 lookup-events, pretty-printed": json.dumps(
        {"Events": [{"EventId": "x", "CloudTrailEvent": each.decode()} for each in (ONE, TWO)]},
        indent=4,
    ).encode(),
    "04 lines of lookup-events rows": lines(
        {"EventId": "x", "CloudTrailEvent": ONE.decode()},
        {"EventId": "y", "CloudTrailEvent": TWO.decode()},
    ),
    "04 escaped twice": lines(
        *({"EventId": "x", "CloudTrailEvent": json.dumps(each.decode())} for each in (ONE, TWO))
    ),
    "04 a text on each line": lines(spelled(ONE.decode()), spelled(TWO.decode())),
    "05 _raw": lines(*({"_raw": each.decode(), "host": "h"} for each in (ONE, TWO))),
    "05 _raw in a result": lines(
        *({"preview": False, "result": {"_raw": each.decode()}} for each in (ONE, TWO))
    ),
    "05 message": lines(*({"message": each.decode() + "\n"} for each in (ONE, TWO))),
    "05 @message": lines(*({"@timestamp": "t", "@message": each.decode()} for each in (ONE, TWO))),
    "05 Origin": lines(*({"Origin": each.decode()} for each in (ONE, TWO))),
    "05 eventjson": lines(*({"eventjson": each.decode()} for each in (ONE, TWO))),
    "05 event.original": lines(*({"event": {"original": each.decode()}} for each in (ONE, TWO))),
    "05 logEvents": spelled(subscription(ONE.decode(), TWO.decode())),
    "05 get-log-events": spelled(
        {"events": [{"timestamp": 1, "message": each.decode()} for each in (ONE, TWO)]}
    ),
    "05 logEvents as Lambda gets them": spelled(
        {
            "awslogs": {
                "data": base64.b64encode(
                    gzip.compress(spelled(subscription(ONE.decode(), TWO.decode())))
                ).decode()
            }
        }
    ),
    "05 Kinesis as Lambda gets it": spelled(
        {
            "Records": [
                {"eventSource": "aws:kinesis", "kinesis": {"data": base64.b64encode(each).decode()}}
                for each in (ONE, TWO)
            ]
        }
    ),
    "05 two lines in one datum": spelled({"data": base64.b64encode(lines(ONE, TWO)).decode()}),
}


@pytest.mark.parametrize("name", CONTAINERS_OF_TWO)
def test_quirks_01_to_07_every_container_gives_the_verbatim_records(
    name: str, tmp_path: Path
) -> None:
    found = ingested_file(tmp_path, CONTAINERS_OF_TWO[name])
    assert found.only.error is None
    assert (found.only.records, found.only.appended) == (2, 2)
    assert found.report.warnings == ()
    assert [json.loads(payload) for payload in found.payloads()] == [record(1), record(2)]
    if not name.startswith(("03", "06 nested")):
        assert found.payloads() == [ONE, TWO]


@pytest.mark.parametrize("name", ESCAPED_TWO)
def test_quirks_03_to_05_records_in_texts_are_unescaped(name: str, tmp_path: Path) -> None:
    found = ingested_file(tmp_path, ESCAPED_TWO[name])
    assert found.only.error is None
    assert (found.only.records, found.only.appended) == (2, 2)
    assert [json.loads(payload) for payload in found.payloads()] == [record(1), record(2)]
    assert all(entry.header.unwrapping for entry in found.entries)


def test_quirk_02_one_pretty_printed_record_keeps_its_blanks(tmp_path: Path) -> None:
    pretty = json.dumps(record(), indent=2).encode()
    for name, document in {"object": pretty, "list": b"[\n%b\n]\n" % pretty}.items():
        folder = tmp_path / name
        folder.mkdir()
        assert ingested_file(folder, document).payloads() == [pretty]


def test_quirk_03_the_same_event_from_s3_and_eventbridge_is_one(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(trail(ONE))
    (tmp_path / "b").write_bytes(spelled(envelope(record(1))))
    found = ingested(tmp_path, str(tmp_path / "a"), str(tmp_path / "b"))
    assert [(source.appended, source.duplicates) for source in found.report.sources] == [
        (1, 0),
        (0, 1),
    ]


@pytest.mark.parametrize(
    ("kind", "source", "name"),
    [
        ("RDS DB Instance Event", "aws.rds", "RDS-EVENT-0418"),
        ("RDS DB Cluster Event", "aws.rds", "RDS-EVENT-0418"),
        ("RDS DB Snapshot Event", "aws.rds", "RDS-EVENT-0418"),
        ("RDS DB Cluster Snapshot Event", "aws.rds", "RDS-EVENT-0418"),
        ("KMS CMK Deletion", "aws.kms", "KMS CMK Deletion"),
        ("KMS Imported Key Material Expiration", "aws.kms", "KMS Imported Key Material Expiration"),
        ("KMS CMK Rotation", "aws.kms", "KMS CMK Rotation"),
    ],
)
def test_quirk_03_a_native_event_stays_in_its_envelope(
    kind: str, source: str, name: str, tmp_path: Path
) -> None:
    detail = RDS_DETAIL if source == "aws.rds" else {"key-id": "1234abcd"}
    whole = spelled(envelope(detail, kind, source=source))
    found = ingested_file(tmp_path, lines(whole, whole))
    assert (found.only.appended, found.only.duplicates) == (1, 1)
    assert found.payloads() == [whole]
    described = describe(whole)
    assert (described.form, described.event_name) == (Form.EVENTBRIDGE, name)
    assert described.service == source.removeprefix("aws.")


def test_native_events_with_the_same_id_in_two_accounts_are_two(tmp_path: Path) -> None:
    events = [
        envelope(RDS_DETAIL, "RDS DB Instance Event", source="aws.rds", account=account)
        for account in ("111122223333", "444455556666")
    ]
    assert ingested_file(tmp_path, lines(*events)).only.appended == 2


def test_describe_events_rows_are_sealed_each_by_itself(tmp_path: Path) -> None:
    rows = [
        {name: value for name, value in RDS_DETAIL.items() if name != "EventID"} | {"Date": date}
        for date in ("2026-01-01T00:00:00.000Z", "2026-01-02T00:00:00+00:00")
    ]
    found = ingested_file(tmp_path, json.dumps({"Events": rows}, indent=2).encode())
    assert [json.loads(payload) for payload in found.payloads()] == rows
    described = describe(found.payloads()[0])
    assert (described.form, described.service) == (Form.DESCRIBE_EVENT, "rds")
    assert moment.text(described.time) == "2026-01-01T00:00:00Z"


def test_quirk_04_the_layers_taken_off_are_in_the_header(tmp_path: Path) -> None:
    row = spelled({"EventId": "x", "CloudTrailEvent": json.dumps(ONE.decode())})
    entry = ingested_file(tmp_path, row).entries[0]
    assert entry.header.unwrapping == (Step.JSON_STRING, Step.JSON_STRING)
    assert entry.header.offset == row.index(b'"\\"{')


def test_quirk_05_a_message_that_is_no_record_is_rejected_and_the_probe_is_nothing(
    tmp_path: Path,
) -> None:
    probe = subscription("CWL CONTROL MESSAGE: Checking health.", kind="CONTROL_MESSAGE")
    data = lines(probe, subscription("START RequestId", ONE.decode()))
    found = ingested_file(tmp_path, data)
    assert (found.only.records, found.only.appended, found.only.rejected) == (2, 1, 1)
    assert found.payloads(Kind.REJECT) == [b"START RequestId"]
    assert found.only.error is None


def test_quirk_07_the_offset_in_utf_16_counts_its_own_bytes(tmp_path: Path) -> None:
    accented = json.dumps(record(1, userAgent="é€😀"), ensure_ascii=False)
    text = '{"Records":[' + accented + "," + TWO.decode() + "]}"
    data = text.encode("utf-16")
    found = ingested_file(tmp_path, data)
    header = found.entries[1].header
    assert header.unwrapping == (Step.UTF16_LE,)
    assert data[header.offset :].startswith(TWO.decode().encode("utf-16-le"))
    assert found.payloads() == [accented.encode(), TWO]


@pytest.mark.parametrize(
    "document",
    [
        {"EventCategories": ["failure"], "Enabled": True},
        {"s3Bucket": "logs", "s3ObjectKey": ["AWSLogs/x.json.gz"]},
        {"Version": "2012-10-17", "Statement": []},
        [1, "two", None, {"three": 3}],
    ],
)
def test_quirk_08_json_that_is_not_about_events_is_a_warning(document: Any, tmp_path: Path) -> None:
    found = ingested_file(tmp_path, json.dumps(document, indent=1).encode())
    assert (found.only.records, found.only.error) == (0, None)
    assert "not about events" in found.report.warnings[0]


def test_quirk_08_a_digest_file_is_recognised_and_gives_no_records(tmp_path: Path) -> None:
    digest = {
        "awsAccountId": "111122223333",
        "digestStartTime": "2026-01-08T03:00:00Z",
        "digestEndTime": "2026-01-08T04:00:00Z",
        "digestS3Bucket": "logs",
        "previousDigestSignature": None,
        "logFiles": [{"s3Object": "x", "hashValue": "00", "newestEventTime": "…"}],
    }
    found = ingested_file(tmp_path, gzip.compress(spelled(digest)))
    assert (found.only.records, found.only.error) == (0, None)
    [entry] = found.entries
    assert (entry.header.kind, entry.payload) == (Kind.DIGEST, spelled(digest))
    assert found.report.warnings == ()


def test_quirk_08_the_saved_metadata_of_a_digest_file_is_no_record_either(tmp_path: Path) -> None:
    told = {"ETag": "x", "Metadata": {"signature": "00", "signature-algorithm": "SHA256withRSA"}}
    found = ingested_file(tmp_path, json.dumps(told, indent=4).encode())
    assert (found.only.records, found.only.error) == (0, None)
    assert [entry.header.kind for entry in found.entries] == [Kind.DIGEST]


def test_quirk_08_public_keys_of_cloudtrail_are_said_to_be_an_option(tmp_path: Path) -> None:
    found = ingested_file(tmp_path, b'{"PublicKeyList": []}')
    assert (found.only.records, found.only.error, found.entries) == (0, None, ())
    assert "--digest-keys" in found.report.warnings[0]


def test_quirk_08_insight_records_are_skipped_even_when_all_services_are_wanted(
    tmp_path: Path,
) -> None:
    from analyzer.cloudtrail.services import ALL_SERVICES  # noqa: PLC0415

    insight = {
        "eventVersion": "1.08",
        "eventTime": "2026-01-08T03:00:00Z",
        "eventID": "55ed45c5-0b0c-4228-9fe5-EXAMPLEc3f4d",
        "eventType": "AwsCloudTrailInsight",
        "recipientAccountId": "111122223333",
        "insightDetails": {"state": "Start", "eventSource": "kms.amazonaws.com"},
        "eventCategory": "Insight",
    }
    found = ingested_file(tmp_path, trail(insight, ONE), services=ALL_SERVICES)
    assert (found.only.records, found.only.skipped, found.only.appended) == (2, 1, 1)


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
