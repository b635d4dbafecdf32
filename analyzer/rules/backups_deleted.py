"""Copies that were deleted close to the loss of the key or of the database."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from analyzer.evidence import Evidence
from analyzer.findings.finding import Finding, Rule, Severity
from analyzer.findings.incidents import NEAR
from analyzer.findings.survey import Survey
from analyzer.moment import DAY
from analyzer.recovery.copies import Condition, Copy, CopyState, Kind
from analyzer.timeline import stretches
from analyzer.wording import cited, counted

RULE: Final = Rule(
    name="rds.backups-deleted-near-loss",
    title="Backup deleted close to the loss of key or database",
    severity=Severity.HIGH,
    false_positives=("A scheduled clean-up that deletes old snapshots every night.",),
    source="https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_DeleteSnapshot.html",
)


def seen(survey: Survey) -> Iterator[Finding]:
    """Yield each copy that a call deleted within eight days of a loss, before or after it."""
    for identity in survey.databases:
        copies = survey.history.copies(identity)
        taken = [how for copy in copies if (how := _taken(copy)) is not None]
        losses = tuple(_losses(survey, identity)) if taken else ()
        for gone, by in taken:
            near = [one for one in losses if abs(one.time - by.time) <= NEAR]
            if not near or by.entry in {one.entry for one in losses} or by.time != gone.since.at:
                continue
            loss = min(near, key=lambda one: abs(one.time - by.time))
            yield RULE.finding(
                resource=gone.id if gone.id.startswith("arn:") else survey.arn(identity, by.time),
                detail=f"{cited(by)} deleted a copy of {survey.name(identity, by.time)} "
                f"({gone.kind.value}), {_apart(by, loss)} {cited(loss)}.",
                since=max(by.time, loss.time),
                evidence=(by, loss),
            )


def _taken(copy: Copy) -> tuple[CopyState, Evidence] | None:
    """Return how a copy went that is no volume, and the record of it; None while it is there."""
    gone = next((one for one in copy.values if one.condition is Condition.GONE), None)
    if gone is None or gone.kind is Kind.VOLUME or gone.cause is None:
        return None
    return gone, gone.cause


def _losses(survey: Survey, identity: str) -> Iterator[Evidence]:
    """Yield what took the key away, each time, and what deleted the database."""
    key = survey.history.key_of(identity)
    if key is not None:
        for span in stretches(survey.history.key(key), lambda state: state.is_usable is False):
            if span.value.lost:
                yield span.value.lost[0]
    last = survey.history.database(identity).last
    if last is not None and last.deleted_by is not None:
        yield last.deleted_by


def _apart(by: Evidence, loss: Evidence) -> str:
    days = abs(by.time - loss.time) // DAY
    apart = "within a day" if days == 0 else counted(days, "day")
    return f"{apart} {'before' if by.time < loss.time else 'after'}"
