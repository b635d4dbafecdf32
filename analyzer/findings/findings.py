"""Findings: what deserves attention, with a severity; the rules' answers at one moment.

A finding that was withdrawn (a deletion that was cancelled) does not stand any more, and remains as
history. One whose end lies after the moment asked about still stood then.
"""

from __future__ import annotations

from analyzer.answers.shape import Scope
from analyzer.findings.finding import Finding
from analyzer.findings.incidents import grouped
from analyzer.findings.survey import Survey
from analyzer.frozen import replace
from analyzer.rules import RULES


def find(scope: Scope) -> tuple[Finding, ...]:
    """Return every finding up to the moment asked about, by time, the gravest first.

    Args:
        scope: what is known and which moment is asked about.
    """
    survey = Survey(scope)
    found = (
        one if one.until is None or one.until <= scope.at else replace(one, until=None)
        for module in RULES
        for one in module.seen(survey)
        if one.since <= scope.at
    )
    conditions = {module.RULE.name for module in RULES if module.RULE.is_condition}
    return grouped(survey, sorted(found, key=lambda one: one.order), conditions)
