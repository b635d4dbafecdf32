"""Trails: whether CloudTrail writes at all, and whether it writes about KMS.

Source: https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_StopLogging.html,
.../API_PutEventSelectors.html and https://docs.aws.amazon.com/kms/latest/developerguide/
logging-using-cloudtrail.html (KMS events can only be excluded altogether, and never had back).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from analyzer.frozen import Frozen
from analyzer.record import Record, members, text
from analyzer.resource import Decoder

KMS: Final = "kms.amazonaws.com"


class LoggingStopped(Frozen, frozen=True, kw_only=True):
    """StopLogging or DeleteTrail."""

    trail: str


class LoggingStarted(Frozen, frozen=True, kw_only=True):
    """StartLogging; a trail that was only created does not write yet."""

    trail: str


class SelectorsPut(Frozen, frozen=True, kw_only=True):
    """PutEventSelectors; `excludes_kms` if no KMS event is written from now on."""

    trail: str
    excludes_kms: bool


class TrailWrote(Frozen, frozen=True, kw_only=True):
    """A record of something else, of which only this matters: that a trail wrote it down.

    It stands in for that record where a part of all facts is replayed apart from the others.
    """

    of_kms: bool


TrailCall = LoggingStopped | LoggingStarted | SelectorsPut
TrailEvent = TrailCall | TrailWrote


def _trail(record: Record) -> str:
    """Return the trail's bare name; the same trail is named by name and by ARN."""
    named = text(record.request, "name", "trailName") or ""
    return named.rpartition("/")[2] or named


def _stopped(record: Record) -> LoggingStopped:
    return LoggingStopped(trail=_trail(record))


def _started(record: Record) -> LoggingStarted:
    return LoggingStarted(trail=_trail(record))


def _selectors(record: Record) -> SelectorsPut:
    return SelectorsPut(trail=_trail(record), excludes_kms=any(_exclusions(record)))


def _exclusions(record: Record) -> Iterator[bool]:
    for selector in _objects(record.request.get("eventSelectors")):
        listed = selector.get("excludeManagementEventSources")
        yield isinstance(listed, list) and KMS in listed
    for selector in _objects(record.request.get("advancedEventSelectors")):
        for field in _objects(selector.get("fieldSelectors")):
            excluded = field.get("notEquals")
            is_source = text(members({"it": field}, "it"), "field") == "eventSource"
            yield is_source and isinstance(excluded, list) and KMS in excluded


def _objects(listed: object) -> Iterator[Mapping[str, Any]]:
    for item in listed if isinstance(listed, list) else ():
        if isinstance(item, Mapping):
            yield item


DECODERS: Final[Mapping[tuple[str, str], Decoder]] = {
    ("cloudtrail", "StopLogging"): _stopped,
    ("cloudtrail", "DeleteTrail"): _stopped,
    ("cloudtrail", "StartLogging"): _started,
    ("cloudtrail", "PutEventSelectors"): _selectors,
}
