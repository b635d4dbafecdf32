"""A stretch in which nobody wrote down what happened."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from analyzer.findings.finding import Finding, Rule, Severity
from analyzer.findings.survey import Survey
from analyzer.wording import cited

RULE: Final = Rule(
    name="trail.silent",
    title="Logging stopped or narrowed",
    severity=Severity.HIGH,
    false_positives=("Another trail, of which no record was ingested, wrote on.",),
    source="https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_StopLogging.html",
)


def seen(survey: Survey) -> Iterator[Finding]:
    """Yield each gap that a trail's own records tell of; it ends when something is written."""
    for gap in survey.history.gaps:
        what = "no KMS events are written" if gap.is_of_kms else "nothing is written"
        account = gap.account or "an unknown account"
        yield RULE.finding(
            resource=account,
            detail=f"In {account} {what} since {cited(gap.cause)}; what happened then is missing.",
            since=gap.start,
            until=gap.end,
            evidence=(gap.cause,),
        )
