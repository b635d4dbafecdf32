"""Every rule: a world in which it speaks, and one that comes close in which it does not."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Final, NamedTuple

import pytest

from analyzer import moment
from analyzer.answers.shape import Scope
from analyzer.digests.unvouched import Reason, Unvouched
from analyzer.findings.finding import Finding, Severity
from analyzer.findings.findings import find
from analyzer.history.history import History
from analyzer.rules import RULES
from tests.deeds import (
    OTHER,
    Deed,
    World,
    bypassing,
    copied,
    copying_without_access,
    d,
    doomed,
    enabled_while_doomed,
    foreign,
    granted,
    imported,
    made,
    managed,
    nothing,
    opens,
    puts,
    refused,
    share,
    unreadable,
    wiped,
    withdrawn,
)
from tests.replayed import Replayed
from tests.simulator import faults
from tests.simulator.policies import USE, WHOLE_ACCOUNT, allow, arn, deny, policy, through
from tests.simulator.world import AwsSimulator


class Case(NamedTuple):
    """A rule, the deed that it speaks of, one that it does not, and in which worlds."""

    rule: str
    deed: Deed
    harmless: Deed
    severity: Severity
    world: Callable[[], World] = made
    harmless_world: Callable[[], World] = made


LOW, MEDIUM, HIGH, CRITICAL = Severity
CASES: Final = (
    Case("rds.unrecoverable", doomed, lambda w: w.aws.schedule_key_deletion(w.key, 30, at=d(0)),
         CRITICAL),
    Case("rds.recoverable-with-action", lambda w: w.aws.disable_key(w.key, at=d(0)), nothing,
         CRITICAL),
    Case("rds.offline", lambda w: (copied(away=False)(w), w.aws.disable_key(w.key, at=d(1))),
         copied(away=False), HIGH),
    Case("rds.at-risk", lambda w: w.aws.disable_key(w.key, at=d(9) - timedelta(hours=1)), nothing,
         HIGH),
    Case("rds.single-key", nothing, copied(away=False), LOW),
    Case("rds.not-shareable", nothing, nothing, LOW, managed),
    Case("rds.foreign-key", nothing, nothing, MEDIUM, foreign),
    Case("rds.backups-deleted-near-loss", wiped(3), wiped(8.5), HIGH),
    Case("rds.retention-shortened", lambda w: w.aws.modify_db_instance(w.db, at=d(0), retention=1),
         lambda w: w.aws.modify_db_instance(w.db, at=d(0), retention=14), MEDIUM),
    Case("rds.snapshot-shared", share(OTHER), share(managed=True), HIGH),
    Case("rds.managed-share-attempt", share(OTHER, managed=True), share(OTHER, managed=True),
         MEDIUM, managed),
    Case("rds.copied-to-outsider", copied(away=True), copied(away=False), HIGH),
    Case("kms.deleted-under-data", doomed, lambda w: w.aws.disable_key(w.key, at=d(0)), CRITICAL),
    Case("kms.deletion-scheduled", lambda w: w.aws.schedule_key_deletion(w.key, 30, at=d(0)),
         lambda w: w.aws.schedule_key_deletion(w.key, 7, at=d(0), error=faults.ACCESS_DENIED),
         CRITICAL),
    Case("kms.unusable-in-use", lambda w: w.aws.disable_key(w.key, at=d(0)),
         lambda w: w.aws.disable_key(w.aws.create_key(at=d(-1)), at=d(0)), HIGH),
    Case("kms.material-expiring", nothing, nothing, MEDIUM, lambda: imported(30),
         lambda: imported(60)),
    Case("kms.policy-lockout", puts(allow(arn("role/app"), USE)),
         puts(allow(arn("role/app"), "kms:*")), CRITICAL),
    Case("kms.account-access-removed", puts(allow(arn("role/app"))), puts(WHOLE_ACCOUNT), HIGH),
    Case("kms.policy-denies-rds", puts(WHOLE_ACCOUNT, deny("*", "kms:Decrypt")),
         puts(WHOLE_ACCOUNT, deny("*", "kms:Decrypt", through(negated=True))), HIGH),
    Case("kms.opened-to-outsider", opens(), opens("111122223333"), CRITICAL),
    Case("kms.permission-taken", puts(allow(arn("role/keys"))),
         puts(allow(arn("role/keys")), allow(arn("role/app"), USE)), MEDIUM),
    Case("kms.foreign-access-taken", puts(WHOLE_ACCOUNT),
         puts(WHOLE_ACCOUNT, allow(arn("root", OTHER), USE)), MEDIUM),
    Case("kms.policy-check-bypassed", bypassing, puts(WHOLE_ACCOUNT), MEDIUM),
    Case("kms.policy-unreadable", unreadable("{"), unreadable('{"Statement": []}'), LOW),
    Case("kms.grant-withdrawn", withdrawn(again=False), withdrawn(again=True), HIGH),
    Case("kms.grant-to-outsider", granted(arn("role/x", OTHER)), granted(arn("role/x")), HIGH),
    Case("rds.key-access-refused", copying_without_access(disabled=False),
         copying_without_access(disabled=True), MEDIUM),
    Case("kms.impossible-move", enabled_while_doomed, doomed, MEDIUM),
    Case("attempt.refused", refused(faults.ACCESS_DENIED), refused(faults.DRY_RUN), LOW),
    Case("trail.silent", lambda w: w.aws.stop_logging(at=d(0)),
         lambda w: w.aws.start_logging(at=d(0)), HIGH),
)  # fmt: skip


def found(make: Callable[[], World], deed: Deed) -> tuple[Finding, ...]:
    world = make()
    deed(world)
    return tuple(one for one in find(Replayed(world.aws).scope(d(9))) if one.is_open)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.rule)
def test_a_rule_speaks_of_what_it_is_there_for(case: Case) -> None:
    seen = [one for one in found(case.world, case.deed) if one.rule == case.rule]
    assert seen
    assert seen[0].severity is case.severity
    assert seen[0].evidence
    assert seen[0].detail.endswith(".")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.rule)
def test_a_rule_is_silent_about_what_only_comes_close(case: Case) -> None:
    seen = found(case.harmless_world, case.harmless)
    assert case.rule not in {one.rule for one in seen}


def test_every_rule_has_its_two_worlds_or_is_tested_apart() -> None:
    assert {case.rule for case in CASES} == {module.RULE.name for module in RULES} - {
        "ledger.conflict",
        "trail.unvouched",
    }


def test_another_record_under_the_same_event_id_is_a_finding() -> None:
    world = made()
    replayed = Replayed(world.aws)
    plain = replayed.scope()
    assert "ledger.conflict" not in {one.rule for one in find(plain)}
    first = replayed.history.groups.facts[0].evidence
    again = Scope(
        history=plain.history, at=plain.at, known_at=plain.known_at, contradictions=(first,)
    )
    [conflict] = [one for one in find(again) if one.rule == "ledger.conflict"]
    assert conflict.since == first.time == moment.of(world.aws.start + d(-20))


def test_a_stretch_for_which_no_digest_file_vouches_is_a_finding() -> None:
    world = made()
    start = moment.of(world.aws.start)
    reasons = {Reason.MISSING: MEDIUM, Reason.CONTRADICTED: HIGH}
    holes = [
        Unvouched(account=world.aws.account, region=None, start=start, end=start + 1,
                  reason=reason, shown_by=(7,))
        for reason in reasons
    ]  # fmt: skip
    replayed = Replayed(world.aws)
    replayed.history = History(replayed.history.groups.facts, unvouched=tuple(holes))
    seen = [one for one in find(replayed.scope(d(9))) if one.rule == "trail.unvouched"]
    assert sorted(one.severity for one in seen) == sorted(reasons.values())
    assert {cited.entry for one in seen for cited in one.evidence} == {7}


def test_a_share_ends_when_it_is_taken_back_or_the_snapshot_goes() -> None:
    for ends in (True, False):
        world = made()
        snapshot = world.aws.create_db_snapshot(world.db, "monthly", at=d(-1))
        world.aws.share_snapshot(snapshot, at=d(0), add=[OTHER, "all"])
        if ends:
            world.aws.share_snapshot(snapshot, at=d(1), remove=[OTHER, "all"])
        else:
            world.aws.delete_db_snapshot(snapshot, at=d(1))
        shared = [
            one
            for one in find(Replayed(world.aws).scope(d(9)))
            if one.rule == "rds.snapshot-shared"
        ]
        assert [one.is_open for one in shared] == [False, False]
        assert {one.severity for one in shared} == {HIGH, CRITICAL}


def test_a_policy_that_is_put_right_again_ends_what_it_did() -> None:
    world = made()
    good = policy(WHOLE_ACCOUNT, allow(arn("role/app"), USE))
    world.aws.put_key_policy(world.key, good, at=d(0))
    world.aws.put_key_policy(world.key, policy(allow(arn("role/app"), USE)), at=d(1))
    world.aws.put_key_policy(world.key, good, at=d(2))
    locked = [one for one in find(Replayed(world.aws).scope()) if one.rule == "kms.policy-lockout"]
    assert [one.is_open for one in locked] == [False]
    assert locked[0].changes == ("removed Allow kms:* for the account 111122223333",)


def test_findings_about_a_key_without_data_are_low() -> None:
    aws = AwsSimulator(seed=24)
    key = aws.create_key(at=d(-1))
    aws.put_key_policy(key, policy(allow(arn("root", OTHER))), at=d(0))
    assert {one.severity for one in find(Replayed(aws).scope())} == {LOW}
