"""What one payload says of itself: is it a record, of which form, under which identity, when.

Three forms are sealed, told apart by content: a CloudTrail record, a native EventBridge event (the
whole envelope) and a row of `aws rds describe-events`. EventBridge's `... via CloudTrail` envelopes
are cut down to their `detail` before they get here, so such a record is the same however it came.
"""

from __future__ import annotations

from hashlib import sha256
from typing import Any, Final, NamedTuple

from analyzer.cloudtrail.heads import Form, decode_head, moment_of
from analyzer.cloudtrail.lanes import CONTROLLED, Lane, service_of, sort_event
from analyzer.cloudtrail.value import (
    MAX_DEPTH,
    NotJsonError,
    content,
    duplicate_members,
    is_repaired,
    load,
)
from analyzer.moment import parse_aws

__all__ = [
    "Description",
    "Form",
    "Lane",
    "RejectedError",
    "content",
    "describe",
    "duplicate_members",
    "identify",
    "load",
    "moment_of",
]

DESCRIBE_EVENT_NAME: Final = "describe-event"
"""The event name of a describe-events row that carries no EventID (rows of AWS's API never do)."""

MAX_RECORD: Final = 4 << 20
"""Bytes of a record; CloudTrail's own limit is a fraction of a megabyte. It bounds the memory that
a hostile one can take once it is decoded."""

_INSIGHT = ("AwsCloudTrailInsight", "Insight")


class RejectedError(ValueError):
    """A payload that is no record.

    Attributes:
        reason: why, in words fit for a person; log content appears in it only as `repr` spells it.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Description(NamedTuple):
    """What ingest and replay need to know of a record before they look into it.

    A named tuple, because hundreds of thousands of them are made in a second.

    Attributes:
        identity: never truncated and unambiguous; equal for every delivery of one event.
        time: when it happened, in microseconds since the epoch.
        service: first label of the event source, lower case (`kms`, `rds`).
        event_name: the API operation; of a native event its EventID or detail-type.
        lane: control moves state, usage does not.
        form: how the payload is built.
        is_insight: a CloudTrail Insights record, which describes rates and not an event.
    """

    identity: bytes
    time: int
    service: str
    event_name: str
    lane: Lane
    form: Form
    is_insight: bool = False


def describe(payload: bytes) -> Description:
    """Say what a payload is.

    Raises:
        RejectedError: it is no record; the reason names what is missing or wrong.
    """
    if len(payload) > MAX_RECORD:
        raise RejectedError(f"larger than any record: {len(payload)} bytes")
    head = decode_head(payload)
    if head is None or not (head.event_time and head.event_source and head.event_name):
        return _describe_tolerantly(payload)
    check_closely(payload)
    time = moment_of(head.event_time)
    if time is None:
        raise RejectedError(f"eventTime {_quoted(head.event_time)} cannot be read as a time")
    identity = identity_of("event", head.event_id, head.account, payload)
    service, lane = sort_event(head.event_source, head.event_name, head.event_category)
    return Description(identity, time, service, head.event_name, lane, Form.CLOUDTRAIL)


def identify(payload: bytes) -> bytes:
    """Derive the identity of a sealed payload again.

    Raises:
        RejectedError: it is no record.
    """
    return describe(payload).identity


def _describe_tolerantly(payload: bytes) -> Description:
    """Describe what the quick decoder refuses: other forms, members of other types, odd texts."""
    body = _decoded(payload)
    if not isinstance(body, dict):
        raise RejectedError("not a JSON object")
    if is_native(body):
        return _describe_native(body, payload)
    if is_describe_event(body):
        return _describe_row(body, payload)
    is_insight = body.get("eventType") == _INSIGHT[0] or body.get("eventCategory") == _INSIGHT[1]
    source = body.get("eventSource") or ("insight" if is_insight else None)
    name = body.get("eventName") or ("Insight" if is_insight else None)
    time = _required_time(body, "eventTime")
    if not isinstance(source, str):
        raise RejectedError(_missing("eventSource", source))
    if not isinstance(name, str):
        raise RejectedError(_missing("eventName", name))
    service, lane = sort_event(source, name, _word(body.get("eventCategory")))
    user = body.get("userIdentity")
    account = _word(body.get("recipientAccountId")) or (
        _word(user.get("accountId")) if isinstance(user, dict) else ""
    )
    return Description(
        identity=identity_of("event", _word(body.get("eventID")), account, payload),
        time=time,
        service=service,
        event_name=name,
        lane=lane,
        form=Form.CLOUDTRAIL,
        is_insight=is_insight,
    )


def is_native(body: dict[str, Any]) -> bool:
    """Tell an EventBridge envelope by its members."""
    return "detail-type" in body and "detail" in body and "source" in body


def is_describe_event(body: dict[str, Any]) -> bool:
    """Tell a row of describe-events (or the bare detail of an RDS event) by its members."""
    return (
        "eventName" not in body
        and "Date" in body
        and "Message" in body
        and ("SourceIdentifier" in body or "SourceArn" in body)
    )


def _describe_native(body: dict[str, Any], payload: bytes) -> Description:
    kind, source = body["detail-type"], body["source"]
    if not isinstance(kind, str) or not isinstance(source, str) or not kind or not source:
        raise RejectedError("an EventBridge envelope whose source or detail-type is no text")
    detail = body["detail"]
    name = _word(detail.get("EventID")) if isinstance(detail, dict) else ""
    service = service_of(source.removeprefix("aws."))
    return Description(
        identity=identity_of("native", _word(body.get("id")), _word(body.get("account")), payload),
        time=_required_time(body, "time"),
        service=service,
        event_name=name or kind,
        lane=Lane.CONTROL if service in CONTROLLED else Lane.USAGE,
        form=Form.EVENTBRIDGE,
    )


def _describe_row(body: dict[str, Any], payload: bytes) -> Description:
    return Description(
        identity=identity_of("event", None, "", payload),
        time=_required_time(body, "Date"),
        service="rds",
        event_name=_word(body.get("EventID")) or DESCRIBE_EVENT_NAME,
        lane=Lane.CONTROL,
        form=Form.DESCRIBE_EVENT,
    )


def check_closely(payload: bytes) -> None:
    """Look at what msgspec passes over: texts that are not UTF-8, more levels than `load` reads.

    Raises:
        RejectedError: it is no JSON that anybody can read.
    """
    if payload.isascii() and len(payload) <= 2 * MAX_DEPTH:
        return
    is_deep = payload.count(b"{") + payload.count(b"[") > MAX_DEPTH
    try:
        payload.decode()
    except UnicodeDecodeError:
        is_deep = True
    if is_deep:
        _decoded(payload)


def _decoded(payload: bytes) -> Any:
    try:
        return load(payload)
    except NotJsonError as error:
        raise RejectedError(str(error)) from None


def _required_time(body: dict[str, Any], name: str) -> int:
    written = body.get(name)
    if written is None or written == "":
        raise RejectedError(_missing(name, written))
    time = parse_aws(written)
    if time is None:
        raise RejectedError(f"{name} {_quoted(written)} cannot be read as a time")
    return time


def identity_of(tag: str, event_id: str | None, account: str, payload: bytes) -> bytes:
    """Join id and account so that no two pairs give the same bytes."""
    if not event_id or ("\ufffd" in event_id + account and is_repaired(payload)):
        # No id, or one that is no text and shares its replacement with others.
        return b"payload:" + sha256(payload).digest()
    return f"{tag}:{len(event_id)}:{event_id}:{account}".encode()


def _word(value: object) -> str:
    """Read an id that may be written as a number; empty where it is neither."""
    if isinstance(value, str):
        return value
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else ""


def _missing(name: str, value: object) -> str:
    return f"no {name}" if value is None or value == "" else f"{name} is not a text"


def _quoted(value: object) -> str:
    spelled = ascii(value)
    return spelled if len(spelled) <= 80 else spelled[:77] + "..."  # noqa: PLR2004
