"""An attempt to share a snapshot that cannot be shared: its key is managed by AWS."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from analyzer.findings.finding import Finding, Rule, Severity
from analyzer.findings.survey import Survey
from analyzer.resources.rds_sharing import SnapshotShared
from analyzer.wording import cited, named, short

RULE: Final = Rule(
    name="rds.managed-share-attempt",
    title="Attempt to share a snapshot under a key managed by AWS",
    severity=Severity.MEDIUM,
    false_positives=("Somebody did not know that such a snapshot has to be copied first.",),
    source="https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_ShareSnapshot.html",
)


def seen(survey: Survey) -> Iterator[Finding]:
    """Yield each attempt, whatever became of the call."""
    for fact in survey.facts:
        if not isinstance(fact.event, SnapshotShared) or not fact.event.added:
            continue
        snapshot, by = fact.event.snapshot, fact.evidence
        key = survey.key_of_snapshot(snapshot)
        if not survey.is_aws_managed(key, by.time):
            continue
        yield RULE.finding(
            resource=snapshot,
            detail=f"{cited(by)} tried to share {short(snapshot)} with {named(fact.event.added)}; "
            "it lies under a key managed by AWS, so nobody else could ever read it.",
            since=by.time,
            evidence=(by,),
        )
