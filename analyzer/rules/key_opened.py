"""A key policy that lets somebody outside of the account use or manage the key."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from analyzer.findings.finding import Finding, Rule, Severity
from analyzer.findings.ruling import of_policy
from analyzer.findings.survey import Survey
from analyzer.policy.document import EVERYBODY
from analyzer.policy.effects import Kind

RULE: Final = Rule(
    name="kms.opened-to-outsider",
    title="Key opened to another account or to everybody",
    severity=Severity.HIGH,
    false_positives=("The other account belongs to the same organisation and shares snapshots.",),
    source="https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-modifying-external-accounts.html",
)


def seen(survey: Survey) -> Iterator[Finding]:
    """Yield what outsiders were given; everybody is the gravest of them."""
    for arn, one in survey.effects(Kind.GIVEN):
        yield of_policy(
            RULE, survey, arn, one, Severity.CRITICAL if one.effect.principal == EVERYBODY else None
        )
