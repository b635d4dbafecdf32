"""A key that cannot be used, though it lives, while databases or copies lie under it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from analyzer.findings.finding import Finding, Rule, Severity
from analyzer.findings.survey import Survey
from analyzer.resources.kms_key.events import KeyStatus
from analyzer.resources.kms_key.state import KeyState
from analyzer.timeline import stretches
from analyzer.wording import cited

RULE: Final = Rule(
    name="kms.unusable-in-use",
    title="Key cannot be used while data lies under it",
    severity=Severity.HIGH,
    false_positives=("A key that is disabled to see whether anything still needs it.",),
    source="https://docs.aws.amazon.com/kms/latest/developerguide/key-state.html",
)

_WORDS: Final = {
    KeyStatus.DISABLED: "is disabled",
    KeyStatus.PENDING_IMPORT: "lacks its imported material",
    KeyStatus.UNAVAILABLE: "is unavailable, its key store is disconnected",
}


def seen(survey: Survey) -> Iterator[Finding]:
    """Yield each stretch in which a key is disabled, without material, or cut off."""
    for arn in survey.history.groups.key_facts:
        for span in stretches(survey.history.key(arn), _is_unusable):
            cause = span.value.lost_root or span.value.root
            data = survey.dependants_within(arn, span.start, span.end)
            if not data or cause is None:
                continue
            yield RULE.finding(
                resource=arn,
                detail=f"{survey.key_name(arn, span.start)} {_WORDS[span.value.status]}, after "
                f"{cited(cause)}; under it lies data of {survey.names(data, span.start)}.",
                since=span.start,
                until=span.end,
                evidence=(*span.value.lost, cause),
            )


def _is_unusable(state: KeyState) -> bool:
    return state.status in _WORDS
