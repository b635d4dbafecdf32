"""A key policy without the account's own statement: IAM policies no longer count."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from analyzer.findings.finding import Finding, Rule, Severity
from analyzer.findings.ruling import of_policy
from analyzer.findings.survey import Survey
from analyzer.policy.effects import Kind

RULE: Final = Rule(
    name="kms.account-access-removed",
    title="Account's own access removed from the key policy",
    severity=Severity.HIGH,
    false_positives=("A key that a few named roles administer on purpose.",),
    source="https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html",
)


def seen(survey: Survey) -> Iterator[Finding]:
    """Yield each policy that took the account's own statement out."""
    for arn, one in survey.effects(Kind.ACCOUNT_REMOVED):
        yield of_policy(RULE, survey, arn, one)
