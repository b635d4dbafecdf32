"""Imported key material that expires soon, while data needs it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Final

from analyzer.findings.finding import Finding, Rule, Severity
from analyzer.findings.survey import Survey
from analyzer.moment import DAY, text
from analyzer.resources.kms_key.material import Material, next_expiry
from analyzer.resources.kms_key.state import KeyState
from analyzer.timeline import Span, Timeline, stretches
from analyzer.wording import cited

RULE: Final = Rule(
    name="kms.material-expiring",
    title="Imported key material expires within thirty days",
    severity=Severity.MEDIUM,
    false_positives=("The material will be imported again in time, as every year.",),
    source="https://docs.aws.amazon.com/kms/latest/developerguide/importing-keys.html",
)

AHEAD: Final = 30 * DAY


def seen(survey: Survey) -> Iterator[Finding]:
    """Yield the last thirty days before an expiry; they end with it, or with another import."""
    for arn in survey.history.groups.key_facts:
        states = survey.history.key(arn)
        if not any(state.materials for state in states.values):
            continue
        due = Timeline((span.start, _due(span.value)) for span in states.spans())
        for material in dict.fromkeys(due.values):
            for span in stretches(due, partial(_is, material)):
                yield from _near(survey, arn, span)


def _near(survey: Survey, arn: str, span: Span[Material | None]) -> Iterator[Finding]:
    material = span.value
    if material is None or material.valid_to is None or material.importer is None:
        return
    since = max(span.start, material.valid_to - AHEAD)
    data = survey.dependants_within(arn, since, span.end)
    if data and (span.end is None or since < span.end):
        yield RULE.finding(
            resource=arn,
            detail=f"Material of {survey.key_name(arn, since)} expires on "
            f"{text(material.valid_to)}, as {cited(material.importer)} set it; "
            f"{survey.names(data, since)} would lose its key.",
            since=since,
            until=span.end,
            evidence=(material.importer,),
        )


def _is(material: Material | None, one: Material | None) -> bool:
    return one is not None and one == material


def _due(state: KeyState) -> Material | None:
    """Return the needed material that expires first, while the key can be used."""
    return next_expiry(state.materials) if state.is_usable else None
