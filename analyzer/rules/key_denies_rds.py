"""A key policy whose explicit Deny also matches what RDS does."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from analyzer.findings.finding import Finding, Rule, Severity
from analyzer.findings.ruling import of_policy
from analyzer.findings.survey import Survey
from analyzer.policy.effects import Kind

RULE: Final = Rule(
    name="kms.policy-denies-rds",
    title="Explicit Deny that also matches RDS",
    severity=Severity.HIGH,
    false_positives=("A condition spares RDS that no record shows; such findings are medium.",),
    source="https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Overview.Encryption.Keys.html",
)


def seen(survey: Survey) -> Iterator[Finding]:
    """Yield each policy with such a Deny."""
    for arn, one in survey.effects(Kind.RDS_DENIED):
        yield of_policy(RULE, survey, arn, one, None if one.effect.is_certain else Severity.MEDIUM)
