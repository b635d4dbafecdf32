"""A database that lost its key and is offline, while some copy can be restored as it is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from analyzer.findings.finding import Finding, Rule, Severity
from analyzer.findings.survey import Survey
from analyzer.recovery.verdict import Judgement, Verdict
from analyzer.timeline import stretches
from analyzer.wording import cited

RULE: Final = Rule(
    name="rds.offline",
    title="Database offline after the loss of its key, a copy can be restored",
    severity=Severity.HIGH,
    false_positives=("The restored database is in service, and the old one only awaits deletion.",),
    source="https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Overview.Encryption.html",
)


def seen(survey: Survey) -> Iterator[Finding]:
    """Yield each stretch in which a copy has to be restored; not of databases that were deleted."""
    for identity in survey.databases:
        for span in stretches(survey.history.judgements(identity), _is_offline):
            state = survey.history.database(identity).at(span.start)
            cause = span.value.root or span.value.cause
            if cause is None or state is None or state.deleted_by is not None:
                continue
            yield RULE.finding(
                resource=survey.arn(identity, span.start),
                detail=f"{survey.name(identity, span.start)} cannot be reached after "
                f"{cited(cause)}; a copy of its data can be restored as it is.",
                since=span.start,
                until=span.end,
                evidence=(*span.value.chain, span.value.cause, cause),
            )


def _is_offline(judgement: Judgement) -> bool:
    return judgement.seen is Verdict.RECOVERABLE
