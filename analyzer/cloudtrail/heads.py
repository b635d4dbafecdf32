"""Heads: the few members of a CloudTrail record by which it is described, and how they are read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Final

import msgspec

from analyzer.cloudtrail.lanes import Lane, sort_event
from analyzer.moment import HOUR, MINUTE, SECOND, parse_aws


class Form(StrEnum):
    """The forms in which an event is sealed."""

    CLOUDTRAIL = "cloudtrail"
    EVENTBRIDGE = "eventbridge"
    DESCRIBE_EVENT = "describe-event"


class User(msgspec.Struct, gc=False, rename="camel"):
    """Who called."""

    account_id: str | None = None


class Head(msgspec.Struct, gc=False, rename="camel"):
    """Members of a record, None where there is none; each named as CloudTrail's is."""

    event_time: str | None = None
    event_source: str | None = None
    event_name: str | None = None
    event_id: str | None = msgspec.field(default=None, name="eventID")
    recipient_account_id: str | None = None
    user_identity: User | str | None = None
    event_category: str | None = None

    @property
    def account(self) -> str:
        """Whose record it is: the recipient's, or else the caller's; empty where none is named."""
        if self.recipient_account_id:
            return self.recipient_account_id
        user = self.user_identity
        return (user.account_id if isinstance(user, User) else None) or ""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Sort:
    """What records of one service, name and category have in common; attributes of `Description`.

    There are few, each made once: they are told apart by what they are, not by what they hold.
    """

    service: str
    event_name: str
    lane: Lane
    form: Form = Form.CLOUDTRAIL
    is_insight: bool = False


_head = msgspec.json.Decoder(Head)
_list = msgspec.json.Decoder(list[Head])

_ERRORS: Final = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError)
_MINUTES: Final = {
    f"{hour:02}:{minute:02}:": hour * HOUR + minute * MINUTE
    for hour in range(24)
    for minute in range(60)
}
_SECONDS: Final = {f"{second:02}Z": second * SECOND for second in range(60)}


def decode_head(payload: bytes) -> Head | None:
    """Decode the head of one record; None where its members are of other types, or it is none."""
    try:
        return _head.decode(payload)
    except _ERRORS:
        return None


def decode_heads(text: bytes | memoryview, *, is_list: bool) -> list[Head] | None:
    """Decode the heads of all records of a JSON list, or of a text with a record a line.

    Returns:
        None where there is one that `decode_head` would give None for.
    """
    try:
        return _list.decode(text) if is_list else _head.decode_lines(text)
    except _ERRORS:
        return None


def moment_of(written: str) -> int | None:
    """Read a time; quickly in CloudTrail's own spelling: a day's records share one parse."""
    try:
        return _day(written[:11]) + _MINUTES[written[11:17]] + _SECONDS[written[17:]]
    except KeyError:
        return parse_aws(written)


def moments_of(written: Sequence[str]) -> list[int] | None:
    """Read times, as `moment_of` does; None where one of them cannot be read."""
    try:
        return [_day(one[:11]) + _MINUTES[one[11:17]] + _SECONDS[one[17:]] for one in written]
    except KeyError:
        moments = [moment for moment in map(moment_of, written) if moment is not None]
        return moments if len(moments) == len(written) else None


@lru_cache(maxsize=8192)
def _day(written: str) -> int:
    """Read what stands before the hour; raises KeyError where that is not CloudTrail's spelling."""
    day = parse_aws(written + "00:00:00Z")
    if day is None:
        raise KeyError(written)
    return day


@lru_cache(maxsize=4096)
def sort_of(source: str, name: str, category: str | None) -> Sort:
    """Return the sort of records with these members."""
    service, lane = sort_event(source, name, category)
    return Sort(service=service, event_name=name, lane=lane)
