"""A database that is offline, and no copy can be restored before a key is saved."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from analyzer.findings.finding import Finding, Rule, Severity
from analyzer.findings.survey import Survey
from analyzer.moment import text
from analyzer.recovery.verdict import Verdict
from analyzer.timeline import stretches
from analyzer.wording import cited

RULE: Final = Rule(
    name="rds.recoverable-with-action",
    title="Database offline, recoverable only if a key is saved",
    severity=Severity.CRITICAL,
    false_positives=("A database that is deliberately shut away by disabling its key.",),
    source="https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Overview.Encryption.html",
)


def seen(survey: Survey) -> Iterator[Finding]:
    """Yield each stretch in which only the saving of a key saves the data."""
    for identity in survey.databases:
        judgements = survey.history.judgements(identity)
        for span in stretches(judgements, lambda one: one.seen is Verdict.WITH_ACTION):
            cause = span.value.root or span.value.cause
            if cause is None:
                continue
            limit = "" if span.value.until is None else f", at the latest {text(span.value.until)}"
            yield RULE.finding(
                resource=survey.arn(identity, span.start),
                detail=f"{survey.name(identity, span.start)} cannot be reached and no copy is "
                f"usable after {cited(cause)}; saving the key saves the data{limit}.",
                since=span.start,
                until=span.end,
                evidence=(*span.value.chain, span.value.cause, cause),
            )
