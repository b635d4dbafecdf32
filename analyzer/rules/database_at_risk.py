"""A database that still serves although it lost its key: a clock runs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from analyzer.findings.finding import Finding, Rule, Severity
from analyzer.findings.survey import Survey
from analyzer.recovery.verdict import Verdict
from analyzer.timeline import stretches
from analyzer.wording import cited

RULE: Final = Rule(
    name="rds.at-risk",
    title="Database still serves, but its key cannot be used",
    severity=Severity.HIGH,
    source="https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Overview.Encryption.html",
)


def seen(survey: Survey) -> Iterator[Finding]:
    """Yield each stretch between the loss of the key and what becomes of the database."""
    for identity in survey.databases:
        judgements = survey.history.judgements(identity)
        for span in stretches(judgements, lambda one: one.seen is Verdict.AT_RISK):
            cause = span.value.root or span.value.cause
            if cause is None:
                continue
            yield RULE.finding(
                resource=survey.arn(identity, span.start),
                detail=f"{survey.name(identity, span.start)} still runs on what its host holds in "
                f"memory; it lost its key by {cited(cause)}.",
                since=span.start,
                until=span.end,
                evidence=(*span.value.chain, span.value.cause, cause),
            )
