"""A database call that failed for want of access to a key that could have been used."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from analyzer.evidence import Evidence
from analyzer.findings.finding import Finding, Rule, Severity
from analyzer.findings.survey import Survey
from analyzer.policy.effects import Kind
from analyzer.resource import Fact
from analyzer.resources.rds_database.events import DatabaseEvent
from analyzer.resources.rds_snapshot import SnapshotEvent
from analyzer.wording import cited

RULE: Final = Rule(
    name="rds.key-access-refused",
    title="Database call failed: no access to a key that is enabled",
    severity=Severity.MEDIUM,
    false_positives=("Somebody tried a key that was never meant for him.",),
    source="https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Overview.Encryption.Keys.html",
)

_CLOSING: Final = (Kind.TAKEN, Kind.ACCOUNT_REMOVED, Kind.RDS_DENIED, Kind.LOCKED_OUT)


def seen(survey: Survey) -> Iterator[Finding]:
    """Yield each such call, with the change of policy that explains it, if there is one."""
    for fact in survey.facts:
        event, by = fact.event, fact.evidence
        if not (by.error or "").startswith("KMSKeyNotAccessible"):
            continue
        if not isinstance(event, DatabaseEvent | SnapshotEvent):
            continue
        key = _key(survey, fact)
        state = survey.history.key(key).at(by.time) if key is not None else None
        if key is None or state is None or not state.is_usable:
            continue
        reason = _reason(survey, key, by)
        why = "" if reason is None else f", after {cited(reason)}"
        yield RULE.finding(
            resource=key,
            detail=f"{cited(by)} failed for want of access to {survey.key_name(key, by.time)}, "
            f"which was {state.status.value}{why}; the key policy, a grant or an IAM policy is in "
            "the way.",
            since=by.time,
            evidence=(reason, by),
        )


def _key(survey: Survey, fact: Fact) -> str | None:
    """Return the key that a failed call asked for, else that of the database it names."""
    event, at = fact.event, fact.evidence.time
    if event.seen.key is not None:
        return survey.history.groups.resolved(event.seen.key, at)
    return survey.history.key_of(survey.history.groups.identities.at(event.seen.arn, at))


def _reason(survey: Survey, key: str, by: Evidence) -> Evidence | None:
    """Return the change of policy that took from the caller, or from all, what the call needed."""
    return next(
        (
            one.change.by
            for arn, one in survey.effects(*_CLOSING)
            if arn == key
            and one.change.by.time <= by.time
            and (one.until is None or one.until > by.time)
            and one.effect.principal in {by.actor, None}
        ),
        None,
    )
