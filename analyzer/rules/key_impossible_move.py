"""A record that AWS's tables do not allow in the state it met."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from analyzer.findings.finding import Finding, Rule, Severity
from analyzer.findings.survey import Survey

RULE: Final = Rule(
    name="kms.impossible-move",
    title="A record that the key's state did not allow",
    severity=Severity.MEDIUM,
    false_positives=("A record before it was never ingested.",),
    source="https://docs.aws.amazon.com/kms/latest/developerguide/key-state.html",
)


def seen(survey: Survey) -> Iterator[Finding]:
    """Yield each record of a key that its state did not allow; the record itself is believed."""
    for arn in survey.history.groups.key_facts:
        for oddity in survey.history.oddities(arn):
            yield RULE.finding(
                resource=arn,
                detail=f"{oddity.detail}; a record before it is missing, out of place or forged.",
                since=oddity.evidence[-1].time,
                evidence=oddity.evidence,
            )
