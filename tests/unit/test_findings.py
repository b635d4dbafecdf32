"""Findings: what is found, when it is withdrawn, and what belongs together."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from analyzer.findings.finding import Finding, Severity
from analyzer.findings.findings import find
from analyzer.rules import RULES
from tests.replayed import Replayed
from tests.simulator.actors import user
from tests.simulator.world import AwsSimulator

if TYPE_CHECKING:
    from collections.abc import Sequence


def d(days: float, hours: float = 0) -> timedelta:
    return timedelta(days=days, hours=hours)


def found(aws: AwsSimulator, at: timedelta | None = None) -> tuple[Finding, ...]:
    return find(Replayed(aws).scope(at))


def rules_of(findings: Sequence[Finding], *, is_open: bool | None = None) -> set[str]:
    return {one.rule for one in findings if is_open is None or one.is_open is is_open}


def scheduled(*, data: bool = True) -> AwsSimulator:
    aws = AwsSimulator(seed=11)
    key = aws.create_key("orders", at=d(-20))
    if data:
        aws.create_db_instance("orders", key, at=d(-19))
    aws.schedule_key_deletion(key, 7, at=d(0), actor=user("mallory"))
    return aws


def test_a_scheduled_deletion_is_critical_while_data_lies_under_the_key_and_low_otherwise() -> None:
    [finding] = [one for one in found(scheduled()) if one.rule == "kms.deletion-scheduled"]
    assert finding.severity is Severity.CRITICAL
    assert "orders would lose it" in finding.detail
    assert "ScheduleKeyDeletion by user/mallory" in finding.detail
    [bare] = found(scheduled(data=False))
    assert (bare.rule, bare.severity) == ("kms.deletion-scheduled", Severity.LOW)


def test_a_cancelled_deletion_is_no_open_finding_but_remains_history() -> None:
    aws = scheduled()
    key_arn = aws.records[0]["resources"][0]["ARN"]
    [key] = [one for one in Replayed(aws).history.groups.key_facts if one == key_arn]
    aws.record(
        "kms",
        "CancelKeyDeletion",
        at=d(1),
        request={"keyId": key},
        response={"keyId": key},
        resources=[{"accountId": aws.account, "type": "AWS::KMS::Key", "ARN": key}],
    )
    later = found(aws)
    assert "kms.deletion-scheduled" in rules_of(later, is_open=False)
    assert "kms.deletion-scheduled" not in rules_of(later, is_open=True)
    assert "kms.deletion-scheduled" in rules_of(found(aws, d(0, 12)), is_open=True)


def test_findings_about_one_mistake_are_one_incident_and_others_are_not() -> None:
    aws = scheduled()
    far = aws.create_key("archive", at=d(-3))
    aws.schedule_key_deletion(far, 30, at=d(-2), actor=user("petra"))
    findings = [one for one in found(aws, d(1)) if one.rule != "rds.single-key"]
    by_incident = {one.incident for one in findings if one.resource != far.arn}
    assert len(by_incident) == 1
    assert {one.incident for one in findings if one.resource == far.arn}.isdisjoint(by_incident)


def test_what_one_hand_did_within_an_hour_is_one_incident() -> None:
    aws = AwsSimulator(seed=12)
    for minute in range(3):
        key = aws.create_key(at=d(-1))
        aws.schedule_key_deletion(key, 7, at=timedelta(minutes=minute), actor=user("mallory"))
    assert len({one.incident for one in found(aws)}) == 1


def test_how_things_are_belongs_to_no_incident() -> None:
    findings = found(scheduled(), d(30))
    assert {one.rule for one in findings if not one.incident} == {"rds.single-key"}


def test_every_finding_has_evidence_and_every_rule_a_name_of_its_own() -> None:
    assert all(one.evidence for one in found(scheduled(), d(30)))
    names = [module.RULE.name for module in RULES]
    assert len(names) == len(set(names))
