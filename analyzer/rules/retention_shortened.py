"""A database whose backups are kept for less long than before, or not at all."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from analyzer.findings.finding import Finding, Rule, Severity
from analyzer.findings.survey import Survey
from analyzer.moment import Moment
from analyzer.recovery.database import DatabaseState
from analyzer.resources.rds_database.events import DatabaseModified
from analyzer.timeline import Timeline
from analyzer.wording import cited

RULE: Final = Rule(
    name="rds.retention-shortened",
    title="Backup retention shortened or backups switched off",
    severity=Severity.MEDIUM,
    false_positives=("A test database.",),
    source="https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_WorkingWithAutomatedBackups.html",
)


def seen(survey: Survey) -> Iterator[Finding]:
    """Yield each shortening, until backups are kept as long as before again."""
    for identity in survey.databases:
        states = survey.history.database(identity)
        for fact in survey.history.groups.database_facts[identity]:
            if fact.has_failed or not isinstance(fact.event, DatabaseModified):
                continue
            by = fact.evidence
            was, now = _days(states.before(by.time)), _days(states.at(by.time))
            if was is None or now is None or now >= was:
                continue
            what = f"from {was} to {now} days" if now else f"from {was} days to none: all are gone"
            yield RULE.finding(
                resource=survey.arn(identity, by.time),
                detail=f"{cited(by)} took the backup retention of "
                f"{survey.name(identity, by.time)} {what}.",
                since=by.time,
                until=_end(states, by.time, was),
                evidence=(by,),
                severity=None if now else Severity.HIGH,
            )


def _days(state: DatabaseState | None) -> int | None:
    return None if state is None else state.traits.retention_days


def _end(states: Timeline[DatabaseState], start: Moment, days: int) -> Moment | None:
    for span in states.spans():
        if span.start > start and ((_days(span.value) or 0) >= days or span.value.deleted_by):
            return span.start
    return None
