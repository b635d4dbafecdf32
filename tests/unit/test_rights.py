"""Rights: `explain` and `timeline` say what was taken from whom, what works on and what fails."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from analyzer.findings.findings import find
from tests.replayed import Replayed
from tests.simulator import faults
from tests.simulator.actors import user
from tests.simulator.handles import Database, Key
from tests.simulator.policies import USE, WHOLE_ACCOUNT, allow, arn, deny, policy
from tests.simulator.world import AwsSimulator

OTHER = "444455556666"
CREATOR = arn("user/carol")
GOOD = policy(WHOLE_ACCOUNT, allow(CREATOR, USE))


def d(days: float) -> timedelta:
    return timedelta(days=days)


def made() -> tuple[AwsSimulator, Key, Database]:
    aws = AwsSimulator(seed=41)
    key = aws.create_key("orders", at=d(-20))
    aws.put_key_policy(key, GOOD, at=d(-20) + timedelta(hours=1))
    return aws, key, aws.create_db_instance("orders", key, at=d(-19), actor=user("carol"))


def notes(aws: AwsSimulator, at: timedelta | None = None) -> str:
    return "\n".join(Replayed(aws).explain("orders", at)["notes"])


def after(*statements: dict[str, Any]) -> AwsSimulator:
    aws, key, _ = made()
    aws.put_key_policy(key, policy(*statements), at=d(0), actor=user("mallory"))
    return aws


def test_row_36_new_restores_by_the_creator_fail_and_the_database_runs_on() -> None:
    aws, key, _ = made()
    aws.put_key_policy(key, policy(allow(arn("role/keys"))), at=d(0), actor=user("mallory"))
    found = Replayed(aws).explain("orders", d(1))
    assert found["verdict"] == "healthy"
    told = "\n".join(found["notes"])
    assert "PutKeyPolicy by user/mallory (entry 4), on the key's policy: user/carol" in told
    assert "may no longer create or restore databases under the key" in told
    assert "databases that run keep RDS's own grant" in told
    aws.put_key_policy(key, GOOD, at=d(2))
    assert "may no longer" not in notes(aws, d(3))
    assert "may no longer" in notes(aws, d(1))


def test_a_refused_call_is_led_back_to_the_change_that_took_the_permission() -> None:
    aws, key, db = made()
    snapshot = aws.create_db_snapshot(db, "monthly", at=d(-1))
    put = aws.put_key_policy(key, policy(allow(arn("role/keys"))), at=d(0), actor=user("mallory"))
    aws.copy_db_snapshot(
        snapshot, "copy", key, at=d(1), actor=user("carol"), error=faults.KEY_NOT_ACCESSIBLE
    )
    findings = find(Replayed(aws).scope())
    [refused] = [one for one in findings if one.rule == "rds.key-access-refused"]
    assert refused.evidence[0].event_id == put["eventID"]
    assert "after PutKeyPolicy by user/mallory" in refused.detail


def test_row_51_what_another_account_runs_goes_on_after_its_access_is_withdrawn() -> None:
    aws, key, _ = made()
    shared = policy(WHOLE_ACCOUNT, allow(arn("root", OTHER), USE))
    aws.put_key_policy(key, shared, at=d(-1))
    aws.put_key_policy(key, policy(WHOLE_ACCOUNT), at=d(0), actor=user("mallory"))
    [taken] = [one for one in find(Replayed(aws).scope()) if one.rule == "kms.foreign-access-taken"]
    assert taken.detail.startswith("PutKeyPolicy by user/mallory")
    assert "the account 444455556666 may no longer create or restore" in taken.detail
    assert "databases that run keep RDS's own grant" in taken.detail
    assert Replayed(aws).explain("orders")["verdict"] == "healthy"


def test_a_lock_out_and_a_deny_that_matches_rds_are_told_in_explain() -> None:
    assert "nobody is left who may change its policy" in notes(after(allow(CREATOR, USE)))
    assert "an explicit Deny also matches RDS itself" in notes(after(WHOLE_ACCOUNT, deny("*")))


def test_a_policy_that_cannot_be_read_is_told_and_stops_nothing() -> None:
    aws, key, _ = made()
    aws.put_key_policy(key, "{", at=d(0))
    assert "what the key's policy allows is unknown, it is not JSON" in notes(aws)
    [row] = [
        one
        for one in Replayed(aws).timeline("orders")["events"]
        if one["event_name"] == "PutKeyPolicy" and one["entry"] == 4
    ]
    assert row["effect"] == "policy: cannot be read, it is not JSON; key stays Enabled"


def test_the_timeline_tells_the_difference_of_policies_for_key_and_database() -> None:
    aws = after(WHOLE_ACCOUNT)
    for name in ("orders", "alias/orders"):
        effects = [
            one["effect"]
            for one in Replayed(aws).timeline(name)["events"]
            if one["event_name"] == "PutKeyPolicy"
        ]
        assert effects[-1] == (
            "policy: removed Allow CreateGrant, Decrypt and DescribeKey for user/carol of "
            "111122223333; key stays Enabled"
        )


def test_a_failed_change_of_policy_changes_none() -> None:
    aws, key, _ = made()
    aws.put_key_policy(key, policy(), at=d(0), error=faults.ACCESS_DENIED)
    assert "on the key's policy" not in notes(aws)
    assert "kms.policy-lockout" not in {one.rule for one in find(Replayed(aws).scope())}


def test_a_withdrawn_grant_names_who_withdrew_it_until_there_is_another() -> None:
    aws, key, db = made()
    grant = aws.create_grant(key, at=d(-18), context=db.context)["responseElements"]["grantId"]
    aws.retire_grant(key, grant, at=d(0), actor=user("mallory"))
    assert "RetireGrant by user/mallory (entry 5) withdrew the last grant on record" in notes(aws)
    assert "contradict each other" in notes(aws)
    aws.create_grant(key, at=d(1), context=db.context)
    assert "withdrew the last grant" not in notes(aws)


def test_copies_under_the_key_that_aws_manages_are_not_shareable() -> None:
    aws = AwsSimulator(seed=42)
    aws.create_db_instance("orders", None, at=d(0))
    assert "none can be shared with another account" in notes(aws)
    assert "none can be shared" not in notes(made()[0])
