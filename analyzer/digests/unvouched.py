"""Unvouched: stretches for which digest files were promised, and do not vouch.

A ledger without digest files has none: nothing was promised. Where there are some, a missing one, a
log file that is named and not here, or one that is not what was signed, may hide a call; what
clocks conclude across such a stretch is an inference, as across a trail that was silent.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from typing import Final

from analyzer.digests.report import DigestReport, Finding, Kind
from analyzer.digests.stretches import Cover
from analyzer.moment import Moment


class Reason(Enum):
    """Why nothing vouches for a stretch."""

    MISSING = "missing"
    """Digest files of that time are missing."""
    OFF = "off"
    """A chain ended, and another began later: the trail, or its digest files, were off."""
    ABSENT = "absent"
    """Log files with events of that time are named, and not here."""
    CONTRADICTED = "contradicted"
    """A log file or a digest file of that time is not what was signed."""
    SHARD_LOST = "shard-lost"
    """The ledger with the evidence cannot be taken into account."""


_REASONS: Final = {
    Kind.DIGESTS_MISSING: Reason.MISSING,
    Kind.HOURS_WITHOUT_DIGESTS: Reason.MISSING,
    Kind.CHAIN_RESTARTED: Reason.OFF,
    Kind.LOG_FILE_ABSENT: Reason.ABSENT,
    Kind.LOG_FILE_ALTERED: Reason.CONTRADICTED,
    Kind.DIGEST_REPLACED: Reason.CONTRADICTED,
    Kind.DIGEST_FOREIGN: Reason.CONTRADICTED,
    Kind.SIGNATURE_INVALID: Reason.CONTRADICTED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Unvouched:
    """One stretch.

    Attributes:
        account: whose evidence it is; empty where that is not known.
        region: of the evidence; None where that is not known.
        start: from when on.
        end: until when.
        reason: why.
        shown_by: the entries of digest and log files that show it, sorted.
        shard: the shard of a fleet that is lost; None where it is something else.
    """

    account: str
    region: str | None
    start: Moment
    end: Moment
    reason: Reason
    shown_by: tuple[int, ...] = ()
    shard: str | None = None

    def overlaps(self, start: Moment, end: Moment) -> bool:
        """Whether any of the stretch from *start* to *end* is not vouched for."""
        return self.start < end and self.end > start

    def concerns(self, arn: str) -> bool:
        """Whether a resource belongs to the account and Region; nobody knows of a shard whose."""
        if self.shard is not None and not self.account:
            return True
        region, account = (arn.split(":") + [""] * 5)[3:5]
        return account == self.account and self.region in (None, region)


def unvouched(report: DigestReport) -> tuple[Unvouched, ...]:
    """Return the stretches in time order; those of one reason that touch are one."""
    found: dict[tuple[str, str | None, Reason], list[Finding]] = defaultdict(list)
    for one in _telling((*report.gaps, *report.contradictions)):
        reason = _REASONS.get(one.kind)
        if reason is not None and one.start is not None and one.end is not None:
            found[one.account or "", one.region, reason].append(one)
    stretches = (
        Unvouched(
            account=account,
            region=region,
            start=start,
            end=end,
            reason=reason,
            shown_by=_entries(parts, start, end),
        )
        for (account, region, reason), parts in found.items()
        for start, end in Cover((one.start or 0, one.end or 0) for one in parts).parts
        if start < end
    )
    return tuple(sorted(stretches, key=lambda one: (one.start, one.end, one.reason.value)))


def _telling(findings: Iterable[Finding]) -> Iterable[Finding]:
    """Leave out gaps in one chain for which another one vouches."""
    return (one for one in findings if not one.is_covered)


def _entries(parts: Iterable[Finding], start: Moment, end: Moment) -> tuple[int, ...]:
    """Return what shows the stretch that several findings make together."""
    within = [one for one in parts if start <= (one.start or 0) and (one.end or 0) <= end]
    shown = {entry for one in within for entry in (one.by, one.entry) if entry is not None}
    return tuple(sorted(shown))
