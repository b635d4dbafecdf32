"""Gaps: stretches in which the evidence is silent because nobody wrote it down.

A gap begins when a trail stops, or stops writing about KMS, and ends when it starts again or when a
later record shows that another trail wrote all the while. What is concluded across a gap by clocks
alone is an inference: the call that would have changed it may have gone unwritten.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from analyzer.evidence import Evidence
from analyzer.frozen import Frozen
from analyzer.moment import Moment
from analyzer.resource import Fact
from analyzer.resources.kms_grant import GrantEvent
from analyzer.resources.kms_key.events import KeyEvent
from analyzer.resources.rds_notice import DatabaseNotified
from analyzer.resources.trail import LoggingStarted, LoggingStopped, SelectorsPut, TrailEvent


class Gap(Frozen, frozen=True, kw_only=True):
    """A stretch without evidence.

    Attributes:
        account: whose trail fell silent.
        start: when.
        end: until when; None if nothing shows an end.
        is_of_kms: whether only KMS events are missing.
        cause: the call that did it.
    """

    account: str
    start: Moment
    end: Moment | None
    is_of_kms: bool
    cause: Evidence

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
        end = _end(fact, event.trail, facts[index + 1 :], is_of_kms=is_of_kms)
        found.append(
            Gap(
                account=fact.evidence.account or "",
                start=fact.evidence.time,
                end=end,
                is_of_kms=is_of_kms,
                cause=fact.evidence,
            )
        )
    return tuple(found)


def _end(began: Fact, trail: str, later: Iterable[Fact], *, is_of_kms: bool) -> Moment | None:
    for fact in later:
        if fact.evidence.account != began.evidence.account:
            continue
        event = fact.event
        if is_of_kms and isinstance(event, SelectorsPut) and event.trail == trail:
            return fact.evidence.time
        if not is_of_kms and isinstance(event, LoggingStarted):
            return fact.evidence.time
        if _was_written(fact, is_of_kms=is_of_kms):
            return fact.evidence.time
    return None


def _was_written(fact: Fact, *, is_of_kms: bool) -> bool:
    """Whether a fact shows that some trail wrote; services announce native events themselves."""
    is_native = isinstance(fact.event, DatabaseNotified) or fact.evidence.event_name.startswith(
        "KMS "
    )
    if is_native:
        return False
    if is_of_kms:
        return isinstance(fact.event, KeyEvent | GrantEvent)
    return not isinstance(fact.event, TrailEvent)
