"""A key that waits for its deletion; while it waits, the deletion can be cancelled."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from analyzer.findings.finding import Finding, Rule, Severity
from analyzer.findings.survey import Survey
from analyzer.moment import text
from analyzer.resources.kms_key.events import KeyStatus
from analyzer.resources.kms_key.state import KeyState
from analyzer.timeline import stretches
from analyzer.wording import cited

RULE: Final = Rule(
    name="kms.deletion-scheduled",
    title="Key scheduled for deletion",
    severity=Severity.CRITICAL,
    false_positives=("A key under which nothing lies any more; such findings are low.",),
    source="https://docs.aws.amazon.com/kms/latest/developerguide/deleting-keys.html",
)

_WAITING: Final = frozenset({KeyStatus.PENDING_DELETION, KeyStatus.PENDING_REPLICA_DELETION})


def seen(survey: Survey) -> Iterator[Finding]:
    """Yield each waiting period; it ends with the cancellation, or with the key."""
    for arn in survey.history.groups.key_facts:
        for span in stretches(survey.history.key(arn), _waits):
            state, until = span.value, span.end
            if state.schedule is None:
                continue
            data = survey.dependants_within(arn, span.start, until)
            due = "" if state.deletion_date is None else f" on {text(state.deletion_date)}"
            below = survey.names(data, span.start)
            what = f"{below} would lose it" if data else "no database on record lies under it"
            yield RULE.finding(
                resource=arn,
                detail=f"{survey.key_name(arn, span.start)} is to be deleted{due} by "
                f"{cited(state.schedule)}; {what}.",
                since=span.start,
                until=until,
                evidence=(state.schedule,),
                severity=None if data else Severity.LOW,
            )


def _waits(state: KeyState) -> bool:
    return state.status in _WAITING
