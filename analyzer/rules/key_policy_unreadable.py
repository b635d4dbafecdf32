"""A key policy in a record that cannot be read."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import zip_longest
from typing import Final

from analyzer.findings.finding import Finding, Rule, Severity
from analyzer.findings.survey import Survey
from analyzer.policy.document import Unreadable
from analyzer.wording import cited

RULE: Final = Rule(
    name="kms.policy-unreadable",
    title="Key policy cannot be read",
    severity=Severity.LOW,
    false_positives=("The policy was too long for the record, and CloudTrail left it out.",),
    source="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html",
)


def seen(survey: Survey) -> Iterator[Finding]:
    """Yield each policy that cannot be read, until one is put that can."""
    for arn, held in survey.policies.items():
        for change, later in zip_longest(held, held[1:]):
            if not isinstance(change.policy, Unreadable):
                continue
            yield RULE.finding(
                resource=arn,
                detail=f"{cited(change.by)} on {survey.key_name(arn, change.by.time)}: what the "
                f"policy allows is unknown, {change.policy.reason}.",
                since=change.by.time,
                until=None if later is None else later.by.time,
                evidence=(change.by,),
            )
