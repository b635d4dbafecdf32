"""The contract of a finding and of the rules that make them; the shelf is `analyzer/rules`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from analyzer.evidence import Evidence, in_order
from analyzer.findings.survey import Survey
from analyzer.frozen import Frozen
from analyzer.moment import Moment


class Severity(StrEnum):
    """How much a finding matters; declared in rising order."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"

    @property
    def rank(self) -> int:
        """Its place in the order, 0 for low."""
        return _RANKS[self]

    def reaches(self, threshold: Severity) -> bool:
        """Whether it matters as much as *threshold*, or more."""
        return self.rank >= threshold.rank


_RANKS = {severity: place for place, severity in enumerate(Severity)}


class Finding(Frozen, frozen=True, kw_only=True):
    """One observation that deserves attention, with its evidence.

    Attributes:
        rule: dotted name of the rule that made it.
        severity: how much it matters.
        resource: ARN, or the immutable id where no record tells an ARN.
        title: the rule's title.
        detail: one sentence in plain words.
        since: from when on it holds.
        until: when it was withdrawn or ended; None while it stands.
        evidence: the records that show it, in time order, at least one; none only for a row of a
            query that reports an absence.
        changes: what was changed, a line each, for instance the difference of two policies.
        incident: names the findings that belong together; empty for one that belongs to none.
    """

    rule: str
    severity: Severity
    resource: str
    title: str
    detail: str
    since: Moment
    until: Moment | None
    evidence: tuple[Evidence, ...]
    changes: tuple[str, ...] = ()
    incident: str = ""

    @property
    def is_open(self) -> bool:
        """Whether it still stands; one that was withdrawn remains as history."""
        return self.until is None

    @property
    def order(self) -> tuple[Moment, int, str, str, int]:
        """Sort key: by time, the gravest first, then by name."""
        entry = self.evidence[0].entry if self.evidence else -1
        return (self.since, -self.severity.rank, self.rule, self.resource, entry)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """What a rule looks for.

    Attributes:
        name: dotted name, `<what it is about>.<what is the matter>`.
        title: what it finds, a few words.
        severity: of its findings, unless a finding says otherwise.
        is_condition: it tells of how things are, not of something that somebody did, so that its
            findings belong to no incident.
        false_positives: when it speaks although nothing is wrong, a sentence each.
        source: the AWS page that it rests on; empty where it rests on none.
    """

    name: str
    title: str
    severity: Severity
    is_condition: bool = False
    false_positives: tuple[str, ...] = ()
    source: str = ""

    def finding(
        self,
        *,
        resource: str,
        detail: str,
        since: Moment,
        evidence: Sequence[Evidence | None],
        until: Moment | None = None,
        severity: Severity | None = None,
        changes: tuple[str, ...] = (),
    ) -> Finding:
        """Return a finding of this rule."""
        return Finding(
            rule=self.name,
            severity=severity or self.severity,
            resource=resource,
            title=self.title,
            detail=detail,
            since=since,
            until=until,
            evidence=in_order(*evidence),
            changes=changes,
        )


class RuleModule(Protocol):
    """What `analyzer/rules/*.py` must offer."""

    __name__: str
    RULE: Rule

    def seen(self, survey: Survey) -> Iterator[Finding]:
        """Yield what the rule finds, whatever the moment asked about, in any order."""
        ...
