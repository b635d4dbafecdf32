"""A database whose only copies lie under a key managed by AWS."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from analyzer.findings.finding import Finding, Rule, Severity
from analyzer.findings.survey import Survey
from analyzer.recovery.copies import CopyState

RULE: Final = Rule(
    name="rds.not-shareable",
    title="Database not shareable: every copy is under a key managed by AWS",
    severity=Severity.LOW,
    is_condition=True,
    false_positives=("Nobody outside of the account will ever need the data.",),
    source="https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_ShareSnapshot.html",
)


def seen(survey: Survey) -> Iterator[Finding]:
    """Yield each living database without a copy that another account could read."""
    for identity in survey.databases:
        for span in survey.stretches_of_copies(identity, lambda held: _is_stuck(survey, held)):
            first = survey.first_record(identity)
            yield RULE.finding(
                resource=survey.arn(identity, span.start),
                detail=f"Every copy of {survey.name(identity, span.start)} lies under a key "
                "managed by AWS: none can be shared with another account as it is.",
                since=span.start,
                until=span.end,
                evidence=(first,),
            )


def _is_stuck(survey: Survey, held: Sequence[CopyState]) -> bool:
    return all(survey.is_aws_managed(one.key, survey.at) for one in held)
