"""A key policy that takes the key from another account, whose databases may lie under it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from analyzer.findings.finding import Finding, Rule, Severity
from analyzer.findings.ruling import of_policy
from analyzer.findings.survey import Survey
from analyzer.policy.effects import Kind
from analyzer.wording import account_of

RULE: Final = Rule(
    name="kms.foreign-access-taken",
    title="Another account's access to the key taken away",
    severity=Severity.MEDIUM,
    false_positives=("The other account has copied what it needs under a key of its own.",),
    source="https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Overview.Encryption.Keys.html",
)


def seen(survey: Survey) -> Iterator[Finding]:
    """Yield what was taken from principals of other accounts."""
    for arn, one in survey.effects(Kind.TAKEN):
        account = account_of(one.effect.principal or "")
        if account is None or account == account_of(arn):
            continue
        yield of_policy(RULE, survey, arn, one)
