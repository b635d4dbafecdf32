"""Ruling: what several rules do alike, so that each of their files says only what is its own."""

from __future__ import annotations

from analyzer.findings.finding import Finding, Rule, Severity
from analyzer.findings.survey import Survey
from analyzer.policy.changes import Standing
from analyzer.policy.effects import sentence
from analyzer.wording import cited


def of_policy(
    rule: Rule, survey: Survey, key: str, one: Standing, severity: Severity | None = None
) -> Finding:
    """Return the finding about one effect of a change of policy, with the policies' difference.

    It is low while no data on record lies under the key, whatever the rule says.
    """
    by = one.change.by
    is_in_use = bool(survey.dependants_within(key, by.time, one.until))
    return rule.finding(
        resource=key,
        detail=f"{cited(by)} on {survey.key_name(key, by.time)}: {sentence(one.effect)}.",
        since=by.time,
        until=one.until,
        evidence=(by,),
        severity=severity if is_in_use else Severity.LOW,
        changes=one.change.difference,
    )
