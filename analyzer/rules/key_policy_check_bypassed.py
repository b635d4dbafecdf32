"""A policy that was put with KMS's guard against a lock-out switched off."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import zip_longest
from typing import Final

from analyzer.findings.finding import Finding, Rule, Severity
from analyzer.findings.survey import Survey
from analyzer.wording import cited

RULE: Final = Rule(
    name="kms.policy-check-bypassed",
    title="Policy put without the check against a lock-out",
    severity=Severity.MEDIUM,
    false_positives=("Infrastructure code that always switches the check off.",),
    source="https://docs.aws.amazon.com/kms/latest/APIReference/API_PutKeyPolicy.html",
)


def seen(survey: Survey) -> Iterator[Finding]:
    """Yield each such policy, until another is put."""
    for arn, held in survey.policies.items():
        for change, later in zip_longest(held, held[1:]):
            if not change.bypasses_check:
                continue
            yield RULE.finding(
                resource=arn,
                detail=f"{cited(change.by)} on {survey.key_name(arn, change.by.time)} switched off "
                "the check that keeps callers from locking themselves out.",
                since=change.by.time,
                until=None if later is None else later.by.time,
                evidence=(change.by,),
                changes=change.difference,
            )
