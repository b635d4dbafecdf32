"""Records in columns: the quick decoder says of every record what the tolerant reader says."""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzer.warehouse.records import Records
from ledger.entry import Kind
from ledger.stretch import Stretch
from tests.golden import ROOT
from tests.ingested import record, spelled
from tests.simulator.reading import trail_files
from tests.warehoused import asked, sealed

SAMPLES = sorted(ROOT.glob("samples/*/*.json"))


def _rows(*said: dict[str, Any]) -> list[dict[str, Any]]:
    """Return what the columns say of records, their own bytes left out."""
    count = len(said)
    records = Records({})
    records.add(
        Stretch(
            indexes=range(count),
            sealed_at=1,
            kinds=[Kind.RECORD.value] * count,
            lanes=[1] * count,
            sources=[bytes(32)] * count,
            positions=range(count),
            payloads=[spelled(one) for one in said],
            digests=[sha256(spelled(one)).digest() for one in said],
        )
    )
    rows: list[dict[str, Any]] = records.table().to_pylist()
    for row in rows:
        for name in ("request", "response", "additional"):
            row[name] = None if row[name] is None else json.loads(row[name])
    return rows


def _said_tolerantly(said: dict[str, Any]) -> dict[str, Any]:
    """Return the same record with a member that only the tolerant reader takes."""
    return {**said, "eventCategory": 7}


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_a_sample_reads_the_same_either_way(path: Path) -> None:
    said = json.loads(path.read_bytes())
    assert _rows(said) == _rows(_said_tolerantly(said))


def test_every_record_of_every_story_reads_the_same_either_way() -> None:
    said = [one for _, records in trail_files(ROOT / "samples/stories") for one in records]
    assert len(said) > 1000
    assert _rows(*said) == _rows(*map(_said_tolerantly, said))


ODD: st.SearchStrategy[Any] = st.sampled_from(
    [None, True, 7, -1.5, "", "x", "ü\u202e", "true", {}, {"a": 1}, [], [{}]]
)
MEMBERS = (
    "sourceIPAddress", "userAgent", "awsRegion", "errorCode", "errorMessage", "readOnly",
    "recipientAccountId", "sharedEventID", "userIdentity", "resources", "requestParameters",
    "responseElements", "additionalEventData", "eventID",
)  # fmt: skip


@given(st.dictionaries(st.sampled_from(MEMBERS), ODD, max_size=5))
def test_members_of_any_type_read_the_same_either_way(odd: dict[str, Any]) -> None:
    said = record(1, **odd)
    assert _rows(said) == _rows(_said_tolerantly(said))


IDENTITY = {
    "type": st.sampled_from(["IAMUser", "AssumedRole", "", None]),
    "arn": st.sampled_from(["arn:aws:iam::1:user/a", "", None, 5]),
    "userName": st.sampled_from(["a", "", None]),
    "principalId": st.sampled_from(["AIDA", "", None]),
    "invokedBy": st.sampled_from(["rds.amazonaws.com", None]),
    "accountId": st.sampled_from(["111122223333", "", None, 111122223333]),
    "sessionContext": st.sampled_from(
        [
            None,
            {},
            {"sessionIssuer": {"arn": "arn:aws:iam::1:role/b"}},
            {"sessionIssuer": {"arn": ""}, "attributes": {"mfaAuthenticated": "true"}},
            {"attributes": {"mfaAuthenticated": "maybe"}},
            {"attributes": {"mfaAuthenticated": False}},
            {"sessionIssuer": [], "attributes": 3},
        ]
    ),
}


@given(st.fixed_dictionaries({}, optional=IDENTITY))
def test_a_caller_reads_the_same_either_way(identity: dict[str, Any]) -> None:
    said = record(1, userIdentity=identity, recipientAccountId=...)
    assert _rows(said) == _rows(_said_tolerantly(said))


def test_an_encryption_context_names_the_database_however_its_members_are_ordered() -> None:
    first = {"aws:rds:db-id": "db-A", "aws:ebs:id": "vol-1"}
    second = dict(reversed(first.items()))
    rows = _rows(
        *(
            record(1, eventName="Decrypt", requestParameters={"encryptionContext": context})
            for context in (first, second)
        )
    )
    assert rows[0]["context_database"] == "db-A"
    assert rows[0]["encryption_context"] == rows[1]["encryption_context"]


HOSTILE = [
    b'{"a":1e999}',
    b'{"a":"\\ud800"}',
    b'{"a":123456789012345678901234567890}',
    b'{"a":-0.0,"a":2}',
    b"[" * 300 + b"]" * 300,
    '{"a":"\u0000 \u202e <b>"}'.encode().replace(b"\0", b"\\u0000"),
]


@pytest.mark.parametrize("value", HOSTILE, ids=range(len(HOSTILE)))
def test_no_value_in_a_record_can_make_a_query_fail(tmp_path: Path, value: bytes) -> None:
    payload = spelled(record(1)).replace(
        b'"requestParameters":{"keyId":"1234abcd-12ab-34cd-56ef-1234567890ab"}',
        b'"requestParameters":' + value,
    )
    assert value in payload
    ledger = sealed(tmp_path, [payload])
    rows = asked(ledger, "SELECT request ->> '$.a' AS a, payload ->> '$.eventName' FROM events")
    assert len(rows) == 1
