"""Refused attempts to destroy something, and the success that came after them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from analyzer.evidence import Evidence
from analyzer.findings.finding import Finding, Rule, Severity
from analyzer.findings.survey import Survey
from analyzer.moment import HOUR
from analyzer.resource import Fact
from analyzer.wording import cited, counted, who

RULE: Final = Rule(
    name="attempt.refused",
    title="Refused attempts to destroy keys, copies or evidence",
    severity=Severity.LOW,
    false_positives=("A pipeline whose role was never given the permission.",),
    source="https://docs.aws.amazon.com/awscloudtrail/latest/userguide/"
    "cloudtrail-event-reference-record-contents.html",
)

SITTING: Final = HOUR
"""Attempts of one hand that lie no further apart are told together."""

DESTRUCTIVE: Final = frozenset(
    {
        "DeleteDBCluster",
        "DeleteDBClusterAutomatedBackup",
        "DeleteDBClusterSnapshot",
        "DeleteDBInstance",
        "DeleteDBInstanceAutomatedBackup",
        "DeleteDBSnapshot",
        "DeleteImportedKeyMaterial",
        "DeleteRecoveryPoint",
        "DeleteTrail",
        "DisableKey",
        "DisconnectCustomKeyStore",
        "PutEventSelectors",
        "PutKeyPolicy",
        "RetireGrant",
        "RevokeGrant",
        "ScheduleKeyDeletion",
        "StopLogging",
    }
)

_IDLE: Final = ("DryRunOperation", "Throttling")
"""Errors that tell nothing of what somebody may or may not do."""


def seen(survey: Survey) -> Iterator[Finding]:
    """Yield each sitting of refused attempts; one that ended in a success is of medium weight."""
    for hand in _by_hand(survey.facts):
        sitting: list[Fact] = []
        for fact in hand:
            if sitting and fact.evidence.time - sitting[-1].evidence.time > SITTING:
                yield from _told(survey, sitting)
                sitting = []
            sitting.append(fact)
        yield from _told(survey, sitting)


def _by_hand(facts: tuple[Fact, ...]) -> list[list[Fact]]:
    """Group destructive calls, tried or done, by who made them."""
    hands: dict[str, list[Fact]] = {}
    for fact in facts:
        by = fact.evidence
        is_idle = (by.error or "").startswith(_IDLE)
        if by.event_name in DESTRUCTIVE and by.actor is not None and not is_idle:
            hands.setdefault(by.actor, []).append(fact)
    return list(hands.values())


def _told(survey: Survey, sitting: list[Fact]) -> Iterator[Finding]:
    refused = [fact.evidence for fact in sitting if fact.has_failed]
    if not refused:
        return
    done = [
        fact.evidence
        for fact in sitting
        if not fact.has_failed and fact.evidence.time >= refused[0].time
    ]
    then = f", then succeeded with {cited(done[0])}" if done else ""
    yield RULE.finding(
        resource=survey.resource_of(sitting[0]),
        detail=f"{who(refused[0])} had {counted(len(refused), 'call')} refused "
        f"({_calls(refused)}){then}.",
        since=refused[0].time,
        evidence=(*refused, *done[:1]),
        severity=Severity.MEDIUM if done else None,
    )


def _calls(refused: list[Evidence]) -> str:
    return ", ".join(sorted({f"{one.event_name}: {one.error}" for one in refused}))
