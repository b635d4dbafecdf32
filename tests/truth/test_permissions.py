"""The truth table: rotation, aliases, policies and grants, refused calls, and earlier eras.

One test a row, named by row number.
"""

from __future__ import annotations

from datetime import datetime

from tests.replayed import Replayed
from tests.simulator import faults
from tests.simulator.actors import user
from tests.simulator.world import AwsSimulator
from tests.situations import MALLORY, REC, TERM, Setup, conditions, d, h, schedule


def test_row_34_rotation_never_harms(setup: Setup) -> None:
    for name in ("RotateKeyOnDemand", "RotateKey"):
        setup.aws.record(
            "kms", name, at=d(0), request={"keyId": setup.key.key_id},
            response={"keyId": setup.key.key_id}, resources=[setup.key.resource],
        )  # fmt: skip
    replayed = Replayed(setup.aws)
    assert replayed.key(setup.key.arn)["state"] == "Enabled"
    assert replayed.explain("orders", d(9))["verdict"] == "healthy"
    assert set(conditions(replayed.explain("orders", d(9))).values()) == {"usable"}


def test_row_35_an_alias_never_binds_a_database(setup: Setup) -> None:
    other = setup.aws.create_key(at=d(-10))
    setup.aws.update_alias("orders", other, at=d(-5))
    setup.aws.delete_alias("orders", other, at=d(-4))
    setup.aws.schedule_key_deletion(other, 7, at=d(-3))
    setup.aws.delete_key(other, at=d(4, 3))
    replayed = Replayed(setup.aws)
    assert replayed.key(setup.key.arn)["state"] == "Enabled"
    assert replayed.key(other.arn)["state"] == "Deleted"
    assert replayed.explain("orders")["verdict"] == "healthy"
    assert set(conditions(replayed.explain("orders")).values()) == {"usable"}


def test_row_36_taking_the_creators_rights_leaves_a_running_database(setup: Setup) -> None:
    setup.aws.put_key_policy(setup.key, '{"Version":"2012-10-17","Statement":[]}', at=d(0))
    replayed = Replayed(setup.aws)
    assert replayed.key(setup.key.arn)["state"] == "Enabled"
    assert replayed.explain("orders", d(9))["verdict"] == "healthy"
    assert replayed.explain("orders", d(9))["in_place"]["status"] == "available"


def revoked(at: str = "2026-01-01") -> tuple[Setup, Replayed]:
    aws = AwsSimulator(seed=7, start=datetime.fromisoformat(f"{at}T00:00:00+00:00"))
    key = aws.create_key("orders", at=d(-20))
    db = aws.create_db_instance("orders", key, at=d(-19))
    record = aws.create_grant(key, at=d(-19), context=db.context)
    grant = record["responseElements"]["grantId"]
    aws.revoke_grant(key, grant, at=d(0), actor=user("mallory"))
    return Setup(aws, key, db), Replayed(aws)


def test_row_37_a_revoked_grant_is_in_doubt_since_the_documents_disagree() -> None:
    setup, replayed = revoked()
    assert replayed.key(setup.key.arn, d(9))["state"] == "Enabled"
    found = replayed.explain("orders", d(9))
    assert found["in_place"]["status"] == "available"
    assert found["in_place"]["access_lost_at"] == replayed.time(d(0))
    assert found["verdict"] == "at-risk"
    assert found["unrecoverable"] is None
    assert found["root_cause"]["event_name"] == "RevokeGrant"
    assert any("contradict" in note for note in found["notes"])
    setup.aws.create_grant(setup.key, at=d(1), context=setup.db.context)
    assert Replayed(setup.aws).explain("orders", d(9))["verdict"] == "healthy"


def test_row_37_by_the_text_of_2023_a_revoked_grant_is_a_loss() -> None:
    _, replayed = revoked("2023-01-01")
    found = replayed.explain("orders", d(1))
    assert found["in_place"]["status"] == REC
    assert found["in_place"]["basis"] == "bounded"
    assert found["root_cause"]["actor"] == MALLORY


def test_row_38_a_denied_schedule_moves_nothing(setup: Setup) -> None:
    setup.aws.schedule_key_deletion(setup.key, 7, at=d(0), error=faults.ACCESS_DENIED)
    replayed = Replayed(setup.aws)
    assert replayed.key(setup.key.arn, d(9))["state"] == "Enabled"
    assert replayed.explain("orders", d(9))["verdict"] == "healthy"
    assert replayed.timeline(setup.key.arn, d(9))["events"][-1]["error"] == "AccessDenied"


def test_row_39_the_first_deletion_date_stands(setup: Setup) -> None:
    schedule(setup)
    setup.aws.schedule_key_deletion(
        setup.key, 30, at=d(1), error=faults.key_pending_deletion(setup.key.arn)
    )
    setup.aws.delete_key(setup.key, at=d(7, 3))
    replayed = Replayed(setup.aws)
    assert replayed.key(setup.key.arn, d(2))["deletion_date"] == replayed.time(d(7))
    found = replayed.explain("orders")
    assert found["unrecoverable"]["since"] == replayed.time(d(7, 3))
    assert found["recoverable_until"] == replayed.time(d(7))
    assert found["root_cause"]["event_time"] == replayed.time(d(0))


def test_row_40_a_dry_run_adds_nothing(setup: Setup) -> None:
    setup.aws.create_grant(setup.key, at=d(0), error=faults.DRY_RUN)
    replayed = Replayed(setup.aws)
    assert replayed.key(setup.key.arn)["state"] == "Enabled"
    event = replayed.timeline(setup.key.arn)["events"][-1]
    assert (event["error"], event["effect"]) == (
        "DryRunOperationException",
        "none: the call failed",
    )
    assert replayed.explain("orders", d(9))["verdict"] == "healthy"


def test_before_march_2022_a_lost_key_was_terminal_at_once() -> None:
    aws = AwsSimulator(seed=7, start=datetime.fromisoformat("2021-05-01T00:00:00+00:00"))
    key = aws.create_key("orders", at=d(-20))
    aws.create_db_instance("orders", key, at=d(-19))
    aws.disable_key(key, at=d(0))
    found = Replayed(aws).explain("orders", h(1))
    assert found["in_place"]["status"] == TERM
    assert found["in_place"]["basis"] == "bounded"
    assert found["rules"]["name"] == "terminal-at-once"
    assert any("two-hours" in note for note in found["notes"])
