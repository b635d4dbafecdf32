"""The truth table: what is left in copies, under which key, and until when.

One test a row, named by row number.
"""

from __future__ import annotations

from tests.replayed import Replayed
from tests.simulator import faults
from tests.simulator.actors import user
from tests.situations import MALLORY, REC, TERM, Setup, conditions, d, h, lose, schedule


def test_row_41_a_copy_under_another_key_survives(setup: Setup) -> None:
    other = setup.aws.create_key("vault", at=d(-18))
    snapshot = setup.aws.create_db_snapshot(setup.db, "orders-weekly", at=d(-1))
    setup.aws.copy_db_snapshot(snapshot, "orders-vault", other, at=d(-1, 0, 10))
    schedule(setup)
    setup.aws.delete_key(setup.key, at=d(7, 3))
    replayed = Replayed(setup.aws)
    found = replayed.explain("orders")
    assert found["verdict"] == "recoverable"
    assert found["unrecoverable"] is None
    assert conditions(found) == {
        "volume": "gone", "automated-backup": "dead", "snapshot": "dead", "snapshot-copy": "usable",
    }  # fmt: skip
    [survivor] = [copy for copy in found["copies"] if copy["condition"] == "usable"]
    assert survivor["key"] == other.arn
    assert survivor["restorable_to"] == replayed.time(d(-1))
    assert found["data_loss_seconds"] == (24 + 2) * 3600
    assert found["data_loss_basis"] == "derived"
    assert [one["do"] for one in found["actions"]] == ["RestoreDBInstanceFromDBSnapshot"]
    assert replayed.key(other.arn)["state"] == "Enabled"


def test_row_42_the_last_copy_dies_with_the_second_key(setup: Setup) -> None:
    other = setup.aws.create_key("vault", at=d(-18))
    snapshot = setup.aws.create_db_snapshot(setup.db, "orders-weekly", at=d(-1))
    setup.aws.copy_db_snapshot(snapshot, "orders-vault", other, at=d(-1, 0, 10))
    schedule(setup)
    setup.aws.delete_key(setup.key, at=d(7, 3))
    setup.aws.schedule_key_deletion(other, 7, at=d(2), actor=user("trudy"))
    setup.aws.delete_key(other, at=d(9, 5))
    replayed = Replayed(setup.aws)
    found = replayed.explain("orders")
    assert found["verdict"] == "unrecoverable"
    assert found["unrecoverable"]["since"] == replayed.time(d(9, 5))
    assert found["cause"]["event_name"] == "DeleteKey"
    assert found["root_cause"]["actor"] == "arn:aws:iam::111122223333:user/trudy"
    assert found["recoverable_until"] == replayed.time(d(9))
    assert [one["actor"] for one in found["decisive"]] == [
        MALLORY,
        "arn:aws:iam::111122223333:user/trudy",
    ]


def test_row_45_a_replica_under_another_key_can_be_promoted(setup: Setup) -> None:
    other = setup.aws.create_key("far", at=d(-18), region="eu-west-1")
    replica = setup.aws.create_read_replica(
        setup.db, "orders-far", other, at=d(-3), region="eu-west-1"
    )
    lose(setup)
    before = Replayed(setup.aws).explain("orders", h(3))
    assert before["actions"][-1] == {
        "do": "PromoteReadReplica", "on": replica.arn, "before": None, "then": None,
        "parameters": None,
    }  # fmt: skip
    setup.aws.promote_read_replica(replica, at=h(4))
    replayed = Replayed(setup.aws)
    assert replayed.key(other.arn)["state"] == "Enabled"
    found = replayed.explain("orders", d(3))
    assert found["in_place"]["status"] == TERM
    assert found["verdict"] == "recoverable"
    assert conditions(found)["replica"] == "usable"
    assert found["data_loss_seconds"] == 0
    assert replayed.explain("orders-far", d(3))["verdict"] == "healthy"


def test_row_46_deleting_the_instance_with_its_backups_is_the_loss(setup: Setup) -> None:
    setup.aws.delete_db_instance(setup.db, at=d(0), actor=user("mallory"))
    replayed = Replayed(setup.aws)
    found = replayed.explain("orders", d(1))
    assert replayed.key(setup.key.arn, d(1))["state"] == "Enabled"
    assert found["in_place"]["status"] == "deleted"
    assert found["verdict"] == "unrecoverable"
    assert found["unrecoverable"]["since"] == replayed.time(d(0))
    assert found["unrecoverable"]["basis"] == "observed"
    assert found["cause"]["event_name"] == "DeleteDBInstance"
    assert found["root_cause"]["actor"] == MALLORY
    assert found["recoverable_until"] is None
    assert conditions(found) == {"volume": "gone", "automated-backup": "gone"}
    assert any("six days" in note for note in found["notes"])


def test_row_47_a_retained_backup_expires(setup: Setup) -> None:
    setup.aws.delete_db_instance(
        setup.db, at=d(0), delete_automated_backups=False, actor=user("mallory")
    )
    replayed = Replayed(setup.aws)
    held = replayed.explain("orders", d(3))
    assert held["verdict"] == "recoverable"
    assert held["recoverable_until"] == replayed.time(d(7))
    assert conditions(held) == {"volume": "gone", "retained-backup": "usable"}
    assert [(one["do"], one["before"]) for one in held["actions"]] == [
        ("RestoreDBInstanceToPointInTime", replayed.time(d(7)))
    ]
    assert replayed.key(setup.key.arn)["state"] == "Enabled"
    found = replayed.explain("orders", d(8))
    assert found["verdict"] == "unrecoverable"
    assert found["unrecoverable"]["since"] == replayed.time(d(7))
    assert found["unrecoverable"]["basis"] == "derived"
    assert found["cause"]["event_name"] == "DeleteDBInstance"
    assert found["recoverable_until"] == replayed.time(d(7))
    assert conditions(found) == {"volume": "gone", "retained-backup": "gone"}


def test_row_48_the_backup_expires_before_the_key_dies(setup: Setup) -> None:
    setup.aws.delete_db_instance(setup.db, at=d(0), delete_automated_backups=False)
    setup.aws.schedule_key_deletion(setup.key, 30, at=d(1))
    replayed = Replayed(setup.aws)
    held = replayed.explain("orders", d(3))
    assert held["verdict"] == "recoverable-with-action"
    assert conditions(held)["retained-backup"] == "latent"
    assert held["recoverable_until"] == replayed.time(d(7))
    assert [(one["do"], one["before"]) for one in held["actions"]] == [
        ("CancelKeyDeletion", replayed.time(d(7))),
        ("EnableKey", replayed.time(d(7))),
        ("RestoreDBInstanceToPointInTime", replayed.time(d(7))),
    ]
    found = replayed.explain("orders", d(8))
    assert found["verdict"] == "unrecoverable"
    assert found["unrecoverable"]["since"] == replayed.time(d(7))
    assert found["unrecoverable"]["basis"] == "derived"
    assert found["cause"]["event_name"] == "DeleteDBInstance"


def test_row_49_retention_zero_takes_the_backups_at_once(setup: Setup) -> None:
    setup.aws.create_db_snapshot(setup.db, "orders-manual", at=d(-3))
    setup.aws.modify_db_instance(setup.db, retention=0, at=d(-1))
    setup.aws.rds_event(setup.db, "RDS-EVENT-0028", at=d(-1))
    lose(setup, notice=False)
    replayed = Replayed(setup.aws)
    found = replayed.explain("orders", d(20))
    assert conditions(found) == {
        "volume": "latent",
        "automated-backup": "gone",
        "snapshot": "latent",
    }
    [backup] = [copy for copy in found["copies"] if copy["kind"] == "automated-backup"]
    assert backup["since"] == replayed.time(d(-1))
    assert found["in_place"]["status"] == "available"
    assert found["verdict"] == "at-risk"


def test_row_58_no_copy_is_made_while_the_key_is_disabled(setup: Setup) -> None:
    snapshot = setup.aws.create_db_snapshot(setup.db, "orders-weekly", at=d(-1))
    lose(setup)
    setup.aws.copy_db_snapshot(snapshot, "orders-copy", at=h(1), error=faults.KEY_NOT_ACCESSIBLE)
    found = Replayed(setup.aws).explain("orders")
    assert found["unrecoverable"] is None
    assert set(conditions(found).values()) == {"latent"}
    assert [copy["kind"] for copy in found["copies"]] == ["volume", "automated-backup", "snapshot"]


def test_row_59_a_deletion_with_final_snapshot_fails_without_the_key(setup: Setup) -> None:
    lose(setup)
    setup.aws.delete_db_instance(
        setup.db, final_snapshot="orders-final", at=h(3), error=faults.KEY_NOT_ACCESSIBLE
    )
    found = Replayed(setup.aws).explain("orders")
    assert found["in_place"]["status"] == REC
    assert conditions(found) == {"volume": "latent", "automated-backup": "latent"}
    assert found["verdict"] == "recoverable-with-action"


def test_row_60_deleting_the_last_snapshot_is_the_loss(setup: Setup) -> None:
    snapshot = setup.aws.create_db_snapshot(setup.db, "orders-weekly", at=d(-1))
    lose(setup)
    setup.aws.enable_key(setup.key, at=d(8))
    setup.aws.delete_db_instance(setup.db, at=d(9), delete_automated_backups=False)
    setup.aws.delete_db_snapshot(snapshot, at=d(20), actor=user("mallory"))
    replayed = Replayed(setup.aws)
    assert replayed.explain("orders", d(19))["verdict"] == "recoverable"
    found = replayed.explain("orders")
    assert replayed.key(setup.key.arn)["state"] == "Enabled"
    assert found["verdict"] == "unrecoverable"
    assert found["unrecoverable"]["since"] == replayed.time(d(20))
    assert found["cause"]["event_name"] == "DeleteDBSnapshot"
    assert found["root_cause"]["actor"] == MALLORY
    assert found["recoverable_until"] is None
    assert set(conditions(found).values()) == {"gone"}
