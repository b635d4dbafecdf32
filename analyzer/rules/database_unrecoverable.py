"""A database of which nothing brings the data back."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from analyzer.findings.finding import Finding, Rule, Severity
from analyzer.findings.survey import Survey
from analyzer.recovery.verdict import Verdict
from analyzer.timeline import stretches
from analyzer.wording import cited

RULE: Final = Rule(
    name="rds.unrecoverable",
    title="Database unrecoverable",
    severity=Severity.CRITICAL,
    false_positives=("A database that was retired on purpose, with all its copies.",),
    source="https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Overview.Encryption.html",
)


def seen(survey: Survey) -> Iterator[Finding]:
    """Yield each stretch in which every copy of a database is dead or gone."""
    for identity in survey.databases:
        judgements = survey.history.judgements(identity)
        for span in stretches(judgements, lambda one: one.seen is Verdict.UNRECOVERABLE):
            root = span.value.root or span.value.cause
            if root is None:
                continue
            seen = "" if span.value.doubt is None else " as far as is seen (a shard is lost)"
            yield RULE.finding(
                resource=survey.arn(identity, span.start),
                detail=f"Every copy of {survey.name(identity, span.start)} is dead or gone{seen}; "
                f"what led there is {cited(root)}.",
                since=span.start,
                until=span.end,
                evidence=(*span.value.chain, span.value.cause, root),
            )
