"""A JSON value to the records in it: every envelope in which CloudTrail events are met.

The name of a wrapper only says where to look. Whether something is a record is for its content to
say; but what stands where only a record may stand, and is none, is rejected and never dropped.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from analyzer.cloudtrail import layers, scan
from analyzer.cloudtrail.documents import is_control_message, is_key_list, is_voucher
from analyzer.cloudtrail.inflate import GZIP_MAGIC
from analyzer.cloudtrail.record import Form, RejectedError, describe
from analyzer.cloudtrail.slices import Reject, Remark, Slice, Topic, Voucher
from ledger.entry import MAX_STEPS, Step

if TYPE_CHECKING:
    from collections.abc import Iterator

    from analyzer.cloudtrail.slices import Item

MAX_DEPTH: Final = 8
"""Wrappers in wrappers that are followed."""
LISTS: Final = frozenset({b'"Records"', b'"Events"', b'"logEvents"', b'"events"', b'"Messages"'})
"""Members that hold a list of what we look for, as they are spelled."""

_WRAPPERS: Final = (
    b'"CloudTrailEvent"',  # aws cloudtrail lookup-events
    b'"eventjson"',  # CloudTrail Lake
    b'"detail"',  # EventBridge
    b'"Sns"',  # Lambda
    b'"Message"',  # SNS
    b'"body"',  # SQS as Lambda gets it
    b'"Body"',  # SQS as the command line gets it
    b'"@message"',  # CloudWatch Logs Insights
    b'"message"',
    b'"_raw"',  # Splunk
    b'"result"',  # Splunk
    b'"Origin"',
    b'"aws.cloudtrail"',
    b'"aws"',
    b'"cloudtrail"',
    b'"awslogs"',  # a CloudWatch Logs subscription
    b'"kinesis"',
    b'"data"',
    b'"event"',  # Elastic
    b'"original"',  # Elastic
)
_LISTS_OF_RECORDS: Final = frozenset({b'"Records"', b'"logEvents"'})
_ALWAYS_RECORDS: Final = frozenset({b'"CloudTrailEvent"', b'"eventjson"'})
_EVENT_NAMES: Final = (b'"eventTime"', b'"eventSource"', b'"eventName"')
_MARKS_OF_EVENTS: Final = frozenset({*_EVENT_NAMES, b'"eventID"', b'"detail-type"'})
_MARKS_OF_ROWS: Final = frozenset(
    {
        b'"CloudTrailEvent"',
        b'"EventId"',
        b'"EventName"',
        b'"SourceIdentifier"',
        b'"EventCategories"',
    }
)
_MOST_STEPS: Final = MAX_STEPS - 1
"""One is left for the encoding of the whole source."""
_BLANKS: Final = b" \t\r\n\0"
_BOM: Final = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """JSON to be looked through, and where it comes from.

    Attributes:
        data: the bytes.
        offset: of the data in the text of the source, or of its outermost wrapper.
        steps: how it came out of its wrappers.
        depth: wrappers around it.
        is_expected: it stands where only a record may stand.
    """

    data: bytes
    offset: int
    steps: tuple[Step, ...] = ()
    depth: int = 0
    is_expected: bool = False

    def part(self, start: int, end: int, *, is_expected: bool = False) -> Piece:
        """Take out what lies between two places."""
        return replace(
            self,
            data=self.data[start:end],
            offset=self.offset if self.steps else self.offset + start,
            is_expected=is_expected,
        )

    def inside(self, member: scan.Member, *, is_expected: bool = False) -> Piece:
        """Go into a wrapper."""
        inner = self.part(member.start, member.end, is_expected=is_expected)
        return replace(inner, depth=self.depth + 1)

    def decoded(self, data: bytes, *steps: Step) -> Piece:
        """Take off layers."""
        return replace(self, data=data, steps=self.steps + steps)


def unwrap(piece: Piece) -> Iterator[Item]:
    """Yield the records in a JSON value, what is rejected in it, and remarks.

    Args:
        piece: one JSON value without blanks around it, as `scan.measure` found it.
    """
    try:
        description = describe(piece.data)
    except RejectedError as error:
        yield from _without_record(piece, error.reason)
        return
    if description.form is Form.EVENTBRIDGE and (detail := _cloudtrail_detail(piece)):
        yield from unwrap(detail)
    else:
        yield Slice(piece.data, piece.offset, piece.steps, description)


def _without_record(piece: Piece, reason: str) -> Iterator[Item]:
    first = piece.data[:1]
    if piece.depth > MAX_DEPTH:
        reason = f"wrapped more than {MAX_DEPTH} times"
    elif first == b"{":
        yield from _in_object(piece, reason)
        return
    elif first == b"[":
        yield from _in_list(piece, reason)
        return
    elif first == b'"' and (found := list(_in_text(piece))):
        yield from found
        return
    yield _nothing(piece, reason)


def _in_list(piece: Piece, reason: str) -> Iterator[Item]:
    """Look through a list that stands alone, or where a record should."""
    name = b'"Records"' if piece.is_expected else b""
    found = (
        item
        for start, end in scan.elements(piece.data)
        for item in element(name, replace(piece.part(start, end), depth=piece.depth + 1))
    )
    if not piece.is_expected:
        yield from found
        return
    kept = list(found)
    yield from kept if _has_record(kept) else [_nothing(piece, reason)]


def _has_record(found: list[Item]) -> bool:
    return any(isinstance(item, Slice) for item in found)


def _nothing(piece: Piece, reason: str) -> Item:
    if piece.is_expected:
        return Reject(
            payload=piece.data, offset=piece.offset, unwrapping=piece.steps, reason=reason
        )
    return Remark(topic=Topic.NOT_EVENTS, offset=piece.offset)


def _in_object(piece: Piece, reason: str) -> Iterator[Item]:
    every = list(scan.members(piece.data))
    members = {member.name: member for member in every}
    if is_voucher(piece.data, members):
        yield Voucher(payload=piece.data, offset=piece.offset, unwrapping=piece.steps)
        return
    if is_key_list(members):
        yield Remark(topic=Topic.PUBLIC_KEYS, offset=piece.offset)
        return
    if is_control_message(piece.data, members):
        return
    lists = [member for member in every if _is_list(piece.data, member)]
    if lists:
        for member in lists:
            inner = piece.inside(member)
            for start, end in scan.elements(inner.data):
                yield from element(member.name, inner.part(start, end))
        return
    for name in _WRAPPERS:
        if name in members and (found := _followed(piece, members[name])):
            yield from found
            return
    is_event = not _MARKS_OF_EVENTS.isdisjoint(members)
    yield _nothing(replace(piece, is_expected=piece.is_expected or is_event), reason)


def _is_list(data: bytes, member: scan.Member) -> bool:
    """Tell a list of events by its name, or (the name may be damaged) by what is in it."""
    if data[member.start : member.start + 1] != b"[":
        return False
    return member.name in LISTS or all(
        data.find(mark, member.start, member.end) >= 0 for mark in _EVENT_NAMES
    )


def element(name: bytes, piece: Piece) -> Iterator[Item]:
    """Look through one element of a list.

    Args:
        name: of the member that holds the list, as spelled; empty for a list that stands alone.
        piece: the element.
    """
    is_expected = name in _LISTS_OF_RECORDS
    if name == b'"logEvents"' and (message := _message(piece)):
        piece = message
    elif name == b'"Events"' and piece.data[:1] == b"{":
        names = {member.name for member in scan.members(piece.data)}
        is_expected = not _MARKS_OF_ROWS.isdisjoint(names)
    yield from unwrap(replace(piece, is_expected=is_expected))


def _message(piece: Piece) -> Piece | None:
    """Take the text out of a log event."""
    for member in scan.members(piece.data) if piece.data[:1] == b"{" else ():
        if member.name == b'"message"' and piece.data[member.start : member.start + 1] == b'"':
            return piece.part(member.start, member.end)
    return None


def _followed(piece: Piece, member: scan.Member) -> list[Item]:
    """Look into a wrapper; what is in it counts only if it is, or was meant to be, a record."""
    first = piece.data[member.start : member.start + 1]
    if first not in (b"{", b"[", b'"'):
        return []
    inner = piece.inside(member, is_expected=member.name in _ALWAYS_RECORDS)
    packed = None
    if member.name == b'"data"' and first == b'"' and len(piece.steps) + 3 <= _MOST_STEPS:
        packed = layers.base64_text(inner.data)
    found = unwrap(inner) if packed is None else _in_packed(inner, packed)
    return [item for item in found if not isinstance(item, Remark)]


def _in_text(piece: Piece) -> Iterator[Item]:
    """Look into a JSON text that may hold JSON."""
    text = layers.text(piece.data) if len(piece.steps) < _MOST_STEPS else None
    if text is not None:
        yield from _in_documents(piece.decoded(text, Step.JSON_STRING))


def _in_documents(piece: Piece) -> Iterator[Item]:
    """Look through decoded bytes: one JSON value, or several (a pipeline joins them by lines)."""
    extents: list[tuple[int, int]] = []
    position = _after_blanks(piece.data, 0)
    while position < len(piece.data):
        end = scan.measure(piece.data, position).end if piece.data[position] in b'{["' else -1
        if end < 0:
            if piece.is_expected or all(mark in piece.data for mark in _EVENT_NAMES):
                yield _nothing(replace(piece, is_expected=True), "not JSON")
            return
        extents.append((position, end))
        position = _after_blanks(piece.data, end)
    for start, end in extents:
        is_whole = start == 0 and end == len(piece.data)
        inner = piece if is_whole else replace(piece, data=piece.data[start:end])
        yield from unwrap(inner)


def _in_packed(piece: Piece, packed: bytes) -> Iterator[Item]:
    """Look into what was base64, compressed or not."""
    piece = piece.decoded(packed, Step.JSON_STRING, Step.BASE64)
    if not packed.startswith(GZIP_MAGIC):
        yield from _in_documents(piece)
    elif (inflated := layers.inflated(packed)) is not None:
        yield from _in_documents(piece.decoded(inflated, Step.GZIP))
    else:
        reason = f"compressed, and damaged or of more than {layers.MAX_INFLATED} bytes"
        yield _nothing(replace(piece, is_expected=True), reason)


def _cloudtrail_detail(piece: Piece) -> Piece | None:
    """Cut an EventBridge envelope down to the CloudTrail record in it, if there is one."""
    members = {member.name: member for member in scan.members(piece.data)}
    detail = members.get(b'"detail"')
    if detail is None or piece.depth > MAX_DEPTH:
        return None
    kind = members.get(b'"detail-type"')
    if kind and piece.data[kind.start : kind.end].endswith(b' via CloudTrail"'):
        return piece.inside(detail, is_expected=True)
    inner = piece.inside(detail)
    try:
        return inner if describe(inner.data).form is Form.CLOUDTRAIL else None
    except RejectedError:
        return None


def _after_blanks(data: bytes, position: int) -> int:
    if data.startswith(_BOM, position):
        position += len(_BOM)
    while position < len(data) and data[position] in _BLANKS:
        position += 1
    return position
