"""Gaps: stretches in which the evidence is silent because nobody wrote it down.

A gap begins when a trail stops, or stops writing about KMS, and ends when it starts again or when a
later record shows that another trail wrote all the while. What is concluded across a gap by clocks
alone is an inference: the call that would have changed it may have gone unwritten.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from enum import IntEnum
from typing import NamedTuple

from analyzer.evidence import Evidence
from analyzer.frozen import Frozen
from analyzer.moment import Moment
from analyzer.resource import Fact
from analyzer.resources.kms_grant import GrantEvent
from analyzer.resources.kms_key.events import KeyEvent
from analyzer.resources.rds_notice import DatabaseNotified
from analyzer.resources.trail import (
    LoggingStarted,
    LoggingStopped,
    SelectorsPut,
    TrailEvent,
    TrailWrote,
)


class Gap(Frozen, frozen=True, kw_only=True):
    """A stretch without evidence.

    Attributes:
        account: whose trail fell silent.
        start: when.
        ended: the record that shows its end; None if nothing does.
        is_of_kms: whether only KMS events are missing.
        cause: the call that did it.
    """

    account: str
    start: Moment
    ended: Evidence | None
    is_of_kms: bool
    cause: Evidence

    @property
    def end(self) -> Moment | None:
        """Until when; None if nothing shows an end."""
        return None if self.ended is None else self.ended.time

    def overlaps(self, start: Moment, end: Moment) -> bool:
        """Whether any of the stretch from *start* to *end* lies in the gap."""
        return self.start < end and (self.end is None or self.end > start)


def gaps_of(facts: Sequence[Fact]) -> tuple[Gap, ...]:
    """Return the gaps that records tell of, in time order.

    Args:
        facts: all facts, in time order.
    """
    found: list[Gap] = []
    for index, fact in enumerate(facts):
        event = fact.event
        if not isinstance(event, LoggingStopped | SelectorsPut) or fact.has_failed:
            continue
        if isinstance(event, SelectorsPut) and not event.excludes_kms:
            continue
        is_of_kms = isinstance(event, SelectorsPut)
        ended = _ended(fact, event.trail, facts[index + 1 :], is_of_kms=is_of_kms)
        found.append(
            Gap(
                account=fact.evidence.account or "",
                start=fact.evidence.time,
                ended=ended,
                is_of_kms=is_of_kms,
                cause=fact.evidence,
            )
        )
    return tuple(found)


def _ended(began: Fact, trail: str, later: Iterable[Fact], *, is_of_kms: bool) -> Evidence | None:
    wanted = Writing.OF_KMS if is_of_kms else Writing.OF_SOMETHING
    for fact in later:
        said, event = fact.evidence, fact.event
        if began.evidence.account not in {said.account, *said.twin_accounts}:
            continue
        if is_of_kms and isinstance(event, SelectorsPut) and event.trail == trail:
            return fact.evidence
        if not is_of_kms and isinstance(event, LoggingStarted):
            return fact.evidence
        if writing(fact) >= wanted:
            return fact.evidence
    return None


class Writing(IntEnum):
    """Of what a fact shows that some trail wrote it down."""

    OF_NOTHING = 0
    OF_SOMETHING = 1
    OF_KMS = 2


def writing(fact: Fact) -> Writing:
    """Return what a fact shows of a trail; services announce native events themselves."""
    if isinstance(fact.event, TrailWrote):
        return Writing.OF_KMS if fact.event.of_kms else Writing.OF_SOMETHING
    if isinstance(fact.event, DatabaseNotified) or fact.evidence.event_name.startswith("KMS "):
        return Writing.OF_NOTHING
    if isinstance(fact.event, KeyEvent | GrantEvent):
        return Writing.OF_KMS
    return Writing.OF_NOTHING if isinstance(fact.event, TrailEvent) else Writing.OF_SOMETHING


def stand_in(fact: Fact) -> Fact:
    """Return a fact as those need it whom only its trail concerns; a call about trails as it is."""
    if isinstance(fact.event, TrailEvent):
        return fact
    wrote = TrailWrote(of_kms=writing(fact) is Writing.OF_KMS)
    return Fact(evidence=fact.evidence, event=wrote)


class Mark(NamedTuple):
    """What of a fact bears on gaps: whose trail told it, when, and what that shows."""

    account: str | None
    time: Moment
    writing: int


def mark(fact: Fact) -> Mark:
    """Return what of a fact bears on gaps."""
    return Mark(fact.evidence.account, fact.evidence.time, writing(fact))


def enders(marks: Sequence[Mark], trails: Sequence[int]) -> set[int]:
    """Return the places of facts by which gaps may end, and of a few more of the same moments.

    Whoever replays a part of all facts needs their `stand_in`, or gaps would last longer there.

    Args:
        marks: of all facts, in any order.
        trails: the places of those that are about trails: where gaps may begin.
    """
    accounts = {marks[place].account for place in trails}
    later: dict[tuple[str | None, int], list[tuple[Moment, int]]] = defaultdict(list)
    for place, (account, time, shown) in enumerate(marks):
        if account in accounts:
            for level in range(1, shown + 1):
                later[account, level].append((time, place))
    found: set[int] = set()
    for (account, _), held in later.items():
        held.sort()
        times = [time for time, _ in held]
        for place in trails:
            if marks[place].account == account:
                found.update(place for _, place in _next(held, times, marks[place].time))
    return found


def _next(
    held: Sequence[tuple[Moment, int]], times: Sequence[Moment], at: Moment
) -> Sequence[tuple[Moment, int]]:
    """Return what lies at a moment, and at the next one at which anything does."""
    behind = bisect_right(times, at)
    last = behind if behind == len(times) else bisect_right(times, times[behind])
    return held[bisect_left(times, at) : last]
