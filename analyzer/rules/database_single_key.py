"""A database whose every copy hangs on one key."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from analyzer.findings.finding import Finding, Rule, Severity
from analyzer.findings.survey import Survey
from analyzer.recovery.copies import CopyState

RULE: Final = Rule(
    name="rds.single-key",
    title="Every copy hangs on one key",
    severity=Severity.LOW,
    is_condition=True,
    false_positives=("The data can be made anew from elsewhere.",),
    source="https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_CopySnapshot.html",
)


def seen(survey: Survey) -> Iterator[Finding]:
    """Yield each stretch in which the loss of one key would be the loss of a living database."""
    for identity in survey.databases:
        for span in survey.stretches_of_copies(identity, lambda held: _hang(survey, held)):
            key, name = span.value[0].key or "", survey.name(identity, span.start)
            yield RULE.finding(
                resource=survey.arn(identity, span.start),
                detail=f"Whoever deletes {survey.key_name(key, span.start)} deletes all there is "
                f"of {name}: no copy lies under another key.",
                since=span.start,
                until=span.end,
                evidence=(survey.first_record(identity),),
            )


def _hang(survey: Survey, held: Sequence[CopyState]) -> bool:
    [key, *others] = {one.key for one in held}
    return not others and key is not None and not survey.is_aws_managed(key, survey.at)
