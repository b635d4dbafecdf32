"""A snapshot that another account, or everybody, may copy and restore."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from analyzer.findings.finding import Finding, Rule, Severity
from analyzer.findings.survey import Survey
from analyzer.moment import Moment
from analyzer.resource import Fact
from analyzer.resources.rds_sharing import EVERYBODY, SnapshotShared
from analyzer.resources.rds_snapshot import SnapshotDeleted
from analyzer.wording import cited, short

RULE: Final = Rule(
    name="rds.snapshot-shared",
    title="Snapshot shared with another account",
    severity=Severity.HIGH,
    false_positives=("The other account is the backup account of the same organisation.",),
    source="https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_ShareSnapshot.html",
)


def seen(survey: Survey) -> Iterator[Finding]:
    """Yield each share, until it is withdrawn or the snapshot is deleted."""
    shares = [
        fact for fact in survey.history.groups.facts if isinstance(fact.event, SnapshotShared)
    ]
    for index, fact in enumerate(shares):
        for account in () if fact.has_failed else fact.event.added:
            snapshot, by = fact.event.snapshot, fact.evidence
            whom = "everybody" if account == EVERYBODY else f"the account {account}"
            yield RULE.finding(
                resource=snapshot,
                detail=f"{cited(by)} lets {whom} copy and restore {short(snapshot)}.",
                since=by.time,
                until=_end(survey, snapshot, account, by.time, shares[index + 1 :]),
                evidence=(by,),
                severity=Severity.CRITICAL if account == EVERYBODY else None,
            )


def _end(
    survey: Survey, snapshot: str, account: str, start: Moment, later: Sequence[Fact]
) -> Moment | None:
    """Return when the account was taken off again, or the snapshot was deleted."""
    ends = [
        fact.evidence.time
        for fact in later
        if not fact.has_failed and fact.event.snapshot == snapshot and account in fact.event.removed
    ]
    ends += [
        fact.evidence.time
        for fact in survey.history.groups.snapshot_facts.get(snapshot, ())
        if isinstance(fact.event, SnapshotDeleted)
        and not fact.has_failed
        and fact.evidence.time >= start
    ]
    return min(ends, default=None)
