"""Notices: which objects a message in a queue tells of, whichever way it came.

S3 itself (`Records`), EventBridge (`Object Created`), CloudTrail (`s3ObjectKey`), each as it is or
inside a notification of SNS. Whoever may write to the queue may write anything.

Sources: https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html,
ev-events.html (keys are not encoded there); https://docs.aws.amazon.com/awscloudtrail/latest/
userguide/configure-sns-notifications-for-cloudtrail.html.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import unquote_plus

from analyzer.cloudtrail.value import NotJsonError, load
from analyzer.s3.address import spelled

_WRAPPINGS: Final = 3
"""Notifications of SNS inside one another that are opened."""

_GREETING: Final = "CloudTrail validation message."
"""What CloudTrail sends to a topic when it is set up."""

_MADE: Final = ("ObjectCreated:", "s3:ObjectCreated:")
_REMOVED: Final = ("ObjectRemoved:", "s3:ObjectRemoved:", "LifecycleExpiration:")


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Told:
    """An object of which a message tells.

    Attributes:
        bucket: where it lies, or lay.
        key: its name there.
    """

    bucket: str
    key: str

    @property
    def name(self) -> str:
        """Its address, as an argument of an ingest."""
        return spelled(self.bucket, self.key)


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """What a message tells.

    Attributes:
        made: objects that were written.
        removed: objects that were removed.
        problem: why it cannot be understood; None if it can.
    """

    made: tuple[Told, ...] = ()
    removed: tuple[Told, ...] = ()
    problem: str | None = None


def read(body: str) -> Notice:
    """Read the body of a message."""
    text = body
    for _ in range(_WRAPPINGS + 1):
        try:
            value = load(text.encode("utf-8", "surrogatepass"))
        except NotJsonError as error:
            return Notice(problem=str(error))
        if not isinstance(value, Mapping):
            return Notice(problem="not a JSON object")
        inner = value.get("Message")
        if not isinstance(inner, str) or not isinstance(value.get("Type"), str):
            return _of_event(value)
        if inner == _GREETING:
            return Notice()
        text = inner
    return Notice(problem=f"wrapped more than {_WRAPPINGS} times")


def _of_event(value: Mapping[str, Any]) -> Notice:
    if value.get("Event") == "s3:TestEvent":
        return Notice()
    if isinstance(value.get("Records"), list):
        return _of_s3(value["Records"])
    if isinstance(value.get("detail"), Mapping):
        return _of_event_bridge(value, value["detail"])
    if isinstance(value.get("s3ObjectKey"), list):
        keys = value["s3ObjectKey"]
        told = [_told(value.get("s3Bucket"), key) for key in keys]
        return _notice("s3ObjectKey", [(one, None) for one in told])
    return Notice(problem="neither a notification of S3, nor of EventBridge, nor of CloudTrail")


def _of_s3(records: list[Any]) -> Notice:
    return _notice("Records", list(_records(records)))


def _records(records: list[Any]) -> Iterator[tuple[Told | None, bool | None]]:
    """Yield what each record tells of, and whether it was removed: None for neither."""
    for record in records:
        name = _text(record, "eventName")
        if name.startswith(_MADE + _REMOVED):
            key = _text(record, "s3", "object", "key")
            told = _told(_text(record, "s3", "bucket", "name"), unquote_plus(key))
            yield told, name.startswith(_REMOVED)
        elif not name:
            yield None, None


def _of_event_bridge(value: Mapping[str, Any], detail: Mapping[str, Any]) -> Notice:
    kind = _text(value, "detail-type")
    if kind not in {"Object Created", "Object Deleted"}:
        is_of_s3 = value.get("source") == "aws.s3"
        return Notice() if is_of_s3 else Notice(problem="an event of another service than S3")
    told = _told(_text(detail, "bucket", "name"), _text(detail, "object", "key"))
    return _notice("detail", [(told, kind == "Object Deleted")])


def _notice(member: str, told: list[tuple[Told | None, bool | None]]) -> Notice:
    for number, (one, _) in enumerate(told):
        if one is None:
            return Notice(problem=f"element {number} of {member} names no object")
    return Notice(
        made=tuple(one for one, is_removed in told if one and not is_removed),
        removed=tuple(one for one, is_removed in told if one and is_removed),
    )


def _told(bucket: object, key: object) -> Told | None:
    if not isinstance(bucket, str) or not isinstance(key, str) or not bucket or not key:
        return None
    return None if "/" in bucket else Told(bucket=bucket, key=key)


def _text(value: Any, *path: str) -> str:
    """Return the text at a path of members; empty where there is none."""
    for name in path:
        value = value.get(name) if isinstance(value, Mapping) else None
    return value if isinstance(value, str) else ""
