"""Messages of a queue: what they tell, whichever way they came and whoever wrote them."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analyzer.s3.notices import Told, read

KEY = "AWSLogs/1 2/ü+%.gz"
A = Told(bucket="b", key=KEY)
ENCODED = "AWSLogs/1+2/%C3%BC%2B%25.gz"


def plain(name: str, key: str = ENCODED) -> dict[str, Any]:
    return {"eventName": name, "s3": {"bucket": {"name": "b"}, "object": {"key": key}}}


def sns(message: Any) -> dict[str, Any]:
    return {"Type": "Notification", "Message": json.dumps(message)}


PLAIN = {"Records": [plain("ObjectCreated:Put")]}
BRIDGED = {
    "source": "aws.s3", "detail-type": "Object Created",
    "detail": {"bucket": {"name": "b"}, "object": {"key": KEY}},
}  # fmt: skip


@pytest.mark.parametrize(
    "message",
    [PLAIN, BRIDGED, sns(PLAIN), sns(BRIDGED), sns(sns(sns(PLAIN))),
     {"s3Bucket": "b", "s3ObjectKey": [KEY]}, {"Records": [plain("s3:ObjectCreated:Copy")]}],
)  # fmt: skip
def test_an_object_that_was_written_is_told_of_in_every_form(message: Any) -> None:
    notice = read(json.dumps(message))
    assert (notice.made, notice.removed, notice.problem) == ((A,), (), None)


@pytest.mark.parametrize(
    "message",
    [{"Records": [plain("ObjectRemoved:Delete")]}, {**BRIDGED, "detail-type": "Object Deleted"}],
)
def test_one_that_was_removed_is_told_of_as_that(message: Any) -> None:
    notice = read(json.dumps(message))
    assert (notice.made, notice.removed, notice.problem) == ((), (A,), None)


@pytest.mark.parametrize(
    "message",
    [{"Event": "s3:TestEvent"}, sns({"Event": "s3:TestEvent"}), {"Records": []},
     {"Type": "Notification", "Message": "CloudTrail validation message."},
     {"Records": [plain("ObjectTagging:Put")]}, {**BRIDGED, "detail-type": "Object Tags Added"}],
)  # fmt: skip
def test_what_concerns_no_content_is_nothing(message: Any) -> None:
    notice = read(json.dumps(message))
    assert (notice.made, notice.removed, notice.problem) == ((), (), None)


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        ("{", "not JSON"),
        ("[]", "not a JSON object"),
        (json.dumps(sns(sns(sns(sns(PLAIN))))), "wrapped more than 3 times"),
        ("{}", "neither a notification of S3, nor of EventBridge, nor of CloudTrail"),
        ('{"Records":[{}]}', "element 0 of Records names no object"),
        (json.dumps({"Records": [*PLAIN["Records"], plain("ObjectCreated:Put", "")]}), "element 1"),
        ('{"s3Bucket":"a/b","s3ObjectKey":["k"]}', "element 0 of s3ObjectKey"),
        ('{"s3ObjectKey":["k"]}', "element 0 of s3ObjectKey"),
        ('{"source":"aws.ec2","detail":{}}', "another service"),
    ],
)
def test_what_cannot_be_understood_says_where(body: str, problem: str) -> None:
    notice = read(body)
    assert (notice.made, notice.removed) == ((), ())
    assert problem in (notice.problem or "")


json_values: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
        st.sampled_from(["Records", "s3", "bucket", "object", "name", "key", "detail", "Message",
                         "Type", "eventName", "detail-type", "s3ObjectKey", "s3Bucket"]),
        inner, max_size=4,
    ),
    max_leaves=20,
)  # fmt: skip


@settings(max_examples=50)
@given(json_values)
def test_whatever_is_sent_is_read_or_refused(value: Any) -> None:
    notice = read(json.dumps(value))
    assert notice.problem is None or not (notice.made or notice.removed)


@settings(max_examples=50)
@given(st.text())
def test_whatever_text_is_sent_is_read_or_refused(text: str) -> None:
    read(text)
