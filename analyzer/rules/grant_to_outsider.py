"""A grant that lets another account use the key."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from analyzer.findings.finding import Finding, Rule, Severity
from analyzer.findings.survey import Survey
from analyzer.moment import Moment
from analyzer.resources.kms_grant import GrantCreated, GrantWithdrawn
from analyzer.wording import account_of, cited, named, short

RULE: Final = Rule(
    name="kms.grant-to-outsider",
    title="Grant to another account",
    severity=Severity.HIGH,
    false_positives=("The other account restores shared snapshots on purpose.",),
    source="https://docs.aws.amazon.com/kms/latest/developerguide/grants.html",
)


def seen(survey: Survey) -> Iterator[Finding]:
    """Yield each grant to a principal of another account, until it is withdrawn."""
    for fact in survey.facts:
        event, by = fact.event, fact.evidence
        if fact.has_failed or not isinstance(event, GrantCreated) or event.grantee is None:
            continue
        if account_of(event.grantee) in {account_of(event.key), None}:
            continue
        may = named(event.operations) or "use it"
        yield RULE.finding(
            resource=event.key,
            detail=f"{cited(by)} lets {short(event.grantee)} of {account_of(event.grantee)} {may} "
            f"with {survey.key_name(event.key, by.time)}.",
            since=by.time,
            until=_end(survey, event),
            evidence=(by,),
        )


def _end(survey: Survey, given: GrantCreated) -> Moment | None:
    for fact in survey.history.groups.facts:
        event = fact.event
        is_same = isinstance(event, GrantWithdrawn) and event.grant == given.grant
        if is_same and given.grant and not fact.has_failed:
            return fact.evidence.time
    return None
