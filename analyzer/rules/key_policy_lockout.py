"""A key that nobody in its account can manage any more."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from analyzer.findings.finding import Finding, Rule, Severity
from analyzer.findings.ruling import of_policy
from analyzer.findings.survey import Survey
from analyzer.policy.effects import Kind

RULE: Final = Rule(
    name="kms.policy-lockout",
    title="Policy locks everybody out of the key",
    severity=Severity.CRITICAL,
    false_positives=("A key that another account administers on purpose.",),
    source="https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html",
)


def seen(survey: Survey) -> Iterator[Finding]:
    """Yield each policy that leaves nobody who may change it."""
    for arn, one in survey.effects(Kind.LOCKED_OUT):
        yield of_policy(RULE, survey, arn, one)
