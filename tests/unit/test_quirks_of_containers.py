"""Quirks of containers: records come out verbatim, whatever they were wrapped in."""

from __future__ import annotations

import base64
import gzip
import json
from pathlib import Path
from typing import Any

import pytest
import zstandard

from analyzer import moment
from analyzer.cloudtrail.record import Form, describe
from ledger.entry import Kind, Step
from tests.ingested import ONE, TWO, ingested, ingested_file, lines, record, spelled, trail


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
