"""A key policy that takes from somebody what databases under the key need."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from analyzer.findings.finding import Finding, Rule, Severity
from analyzer.findings.ruling import of_policy
from analyzer.findings.survey import Survey
from analyzer.policy.effects import Kind
from analyzer.wording import account_of

RULE: Final = Rule(
    name="kms.permission-taken",
    title="Permission on the key taken away",
    severity=Severity.MEDIUM,
    false_positives=(
        "Somebody left the team.",
        "IAM policies still allow it; such findings are low.",
    ),
    source="https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Overview.Encryption.Keys.html",
)


def seen(survey: Survey) -> Iterator[Finding]:
    """Yield what was taken from principals of the account, and from everybody."""
    for arn, one in survey.effects(Kind.TAKEN):
        if _is_foreign(one.effect.principal, arn):
            continue
        yield of_policy(RULE, survey, arn, one, None if one.effect.is_certain else Severity.LOW)


def _is_foreign(principal: str | None, key: str) -> bool:
    account = None if principal is None else account_of(principal)
    return account is not None and account != account_of(key)
