"""Two records under one event id that say different things."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from analyzer.findings.finding import Finding, Rule, Severity
from analyzer.findings.survey import Survey
from analyzer.place import spelled
from analyzer.wording import who

RULE: Final = Rule(
    name="ledger.conflict",
    title="The same event delivered with other content",
    severity=Severity.HIGH,
    false_positives=("AWS corrected a record and delivered it again (addendum).",),
    source="https://docs.aws.amazon.com/awscloudtrail/latest/userguide/"
    "cloudtrail-event-reference-record-contents.html",
)


def seen(survey: Survey) -> Iterator[Finding]:
    """Yield each record whose event id was taken; answers rest on what was sealed first."""
    first = {fact.evidence.event_id: fact.evidence for fact in survey.history.groups.facts}
    for other in survey.scope.contradictions:
        held = first.get(other.event_id)
        where = "" if held is None else f" and as entry {spelled(held.entry)}"
        yield RULE.finding(
            resource=other.event_id,
            detail=f"{other.event_name} by {who(other)} lies in the ledger as entry "
            f"{spelled(other.entry)}{where}, with different content; answers rest on what came "
            "first.",
            since=other.time,
            evidence=(held, other),
        )
