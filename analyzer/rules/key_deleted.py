"""A key that is gone, and what lay under it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from analyzer.findings.finding import Finding, Rule, Severity
from analyzer.findings.survey import Survey
from analyzer.resources.kms_key.state import KeyState
from analyzer.timeline import Basis, stretches
from analyzer.wording import cited

RULE: Final = Rule(
    name="kms.deleted-under-data",
    title="Key deleted while data lay under it",
    severity=Severity.CRITICAL,
    false_positives=("Only copies that nobody needs any more lay under it.",),
    source="https://docs.aws.amazon.com/kms/latest/developerguide/deleting-keys.html",
)


def seen(survey: Survey) -> Iterator[Finding]:
    """Yield each deletion of a key under which a database or a copy of one lay."""
    for arn in survey.history.groups.key_facts:
        for span in stretches(survey.history.key(arn), lambda state: state.is_gone):
            data = survey.dependants(arn, span.start)
            if not data or span.value.cause is None:
                continue
            by = span.value.root or span.value.cause
            yield RULE.finding(
                resource=arn,
                detail=f"{survey.key_name(arn, span.start)} {_is_gone(span.value)} after "
                f"{cited(by)}; it takes data of {survey.names(data, span.start)} with it.",
                since=span.start,
                until=span.end,
                evidence=(*span.value.lost, span.value.cause, by),
            )


def _is_gone(state: KeyState) -> str:
    is_inferred = state.since is not None and state.since.basis is Basis.INFERRED
    return "is gone, as far as no record shows otherwise," if is_inferred else "is gone"
