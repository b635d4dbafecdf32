"""The truth table: a key is lost, is given back, and what becomes of the database meanwhile.

One test a row, named by row number.
"""

from __future__ import annotations

from tests.replayed import Replayed
from tests.simulator import faults
from tests.situations import (
    MALLORY,
    REC,
    T0,
    TERM,
    Setup,
    conditions,
    d,
    h,
    lose,
    made,
    schedule,
    statuses,
)


def test_row_01_key_enabled_again_within_two_hours_leaves_the_database_available(
    setup: Setup,
) -> None:
    lose(setup, notice=False)
    setup.aws.enable_key(setup.key, at=d(0, 0, 30))
    replayed = Replayed(setup.aws)
    assert {status for _, status in statuses(replayed, "orders", d(30))} == {"available"}
    found = replayed.explain("orders", d(30))
    assert found["verdict"] == "healthy"
    assert found["unrecoverable"] is None
    assert found["recoverable_until"] is None
    assert conditions(found) == {"volume": "usable", "automated-backup": "usable"}
    during = replayed.explain("orders", d(0, 0, 15))
    assert during["verdict"] == "at-risk"
    assert during["in_place"]["status"] == "available"
    assert set(conditions(during).values()) == {"latent"}
    assert replayed.key(setup.key.arn, d(0, 0, 15))["state"] == "Disabled"
    assert replayed.key(setup.key.arn, d(30))["state"] == "Enabled"


def test_row_02_recovered_by_enabling_the_key_and_starting_the_instance(setup: Setup) -> None:
    lose(setup)
    setup.aws.enable_key(setup.key, at=h(5))
    setup.aws.start_db_instance(setup.db, at=h(6))
    replayed = Replayed(setup.aws)
    assert statuses(replayed, "orders", d(30))[-2:] == [
        (replayed.time(h(2)), REC),
        (replayed.time(h(6)), "available"),
    ]
    while_lost = replayed.explain("orders", h(3))
    assert while_lost["in_place"]["terminal_at"] == replayed.time(d(7, 2))
    assert while_lost["in_place"]["deadline"] == replayed.time(d(7, 2))
    assert replayed.key(setup.key.arn)["state"] == "Enabled"
    after = replayed.explain("orders", d(30))
    assert after["verdict"] == "healthy"
    assert conditions(after) == {"volume": "usable", "automated-backup": "usable"}


def test_row_03_enabled_but_never_started_ends_terminal_with_usable_backups(setup: Setup) -> None:
    lose(setup)
    setup.aws.enable_key(setup.key, at=h(5))
    replayed = Replayed(setup.aws)
    found = replayed.explain("orders", d(8))
    assert found["in_place"]["status"] == TERM
    assert found["in_place"]["since"] == replayed.time(d(7, 2))
    assert found["in_place"]["basis"] == "derived"
    assert replayed.key(setup.key.arn, d(8))["state"] == "Enabled"
    assert found["verdict"] == "recoverable"
    assert found["unrecoverable"] is None
    assert conditions(found) == {"volume": "gone", "automated-backup": "usable"}
    assert found["in_place"]["deadline"] == replayed.time(d(7, 2))
    assert found["recoverable_until"] is None
    assert [one["do"] for one in found["actions"]] == ["RestoreDBInstanceToPointInTime"]


def test_row_04_disabled_for_eight_days_is_terminal_with_latent_backups(setup: Setup) -> None:
    lose(setup)
    found = Replayed(setup.aws).explain("orders", d(8))
    assert found["in_place"]["status"] == TERM
    assert found["in_place"]["since"] == Replayed(setup.aws).time(d(7, 2))
    assert found["verdict"] == "recoverable-with-action"
    assert found["unrecoverable"] is None
    assert found["recoverable_until"] is None
    assert found["root_cause"]["event_name"] == "DisableKey"
    assert Replayed(setup.aws).key(setup.key.arn, d(8))["state"] == "Disabled"
    assert conditions(found) == {"volume": "gone", "automated-backup": "latent"}
    assert [one["do"] for one in found["actions"]] == [
        "EnableKey",
        "RestoreDBInstanceToPointInTime",
    ]


def test_row_05_a_cancelled_deletion_leaves_the_key_disabled(setup: Setup) -> None:
    schedule(setup)
    setup.aws.cancel_key_deletion(setup.key, at=d(1))
    replayed = Replayed(setup.aws)
    assert replayed.key(setup.key.arn, h(12))["state"] == "PendingDeletion"
    assert replayed.key(setup.key.arn, d(2))["state"] == "Disabled"
    assert statuses(replayed, "orders", d(9))[-2:] == [
        (replayed.time(h(2)), REC),
        (replayed.time(d(7, 2)), TERM),
    ]
    found = replayed.explain("orders", d(2))
    assert found["verdict"] == "recoverable-with-action"
    assert found["in_place"]["deadline"] == replayed.time(d(7, 2))
    assert [one["do"] for one in found["actions"]][:2] == ["EnableKey", "StartDBInstance"]
    assert [one["before"] for one in found["actions"]][:2] == [replayed.time(d(7, 2))] * 2
    assert found["unrecoverable"] is None
    assert set(conditions(found).values()) == {"latent"}
    ended = replayed.explain("orders", d(9))
    assert (ended["verdict"], ended["unrecoverable"]) == ("recoverable-with-action", None)


def test_row_06_cancel_enable_and_start_save_everything(setup: Setup) -> None:
    schedule(setup)
    setup.aws.cancel_key_deletion(setup.key, at=d(1))
    setup.aws.enable_key(setup.key, at=d(1, 1))
    setup.aws.start_db_instance(setup.db, at=d(1, 2))
    replayed = Replayed(setup.aws)
    assert replayed.key(setup.key.arn)["state"] == "Enabled"
    found = replayed.explain("orders")
    assert found["in_place"]["status"] == "available"
    assert found["verdict"] == "healthy"
    assert set(conditions(found).values()) == {"usable"}


def test_row_07_key_deletion_makes_everything_unrecoverable(setup: Setup) -> None:
    schedule(setup)
    setup.aws.delete_key(setup.key, at=d(7, 3))
    replayed = Replayed(setup.aws)
    assert replayed.key(setup.key.arn)["state"] == "Deleted"
    assert statuses(replayed, "orders")[-2:] == [
        (replayed.time(h(2)), REC),
        (replayed.time(d(7, 2)), TERM),
    ]
    found = replayed.explain("orders")
    assert found["verdict"] == "unrecoverable"
    assert found["unrecoverable"] == {
        "since": replayed.time(d(7, 3)),
        "earliest": replayed.time(d(7, 3)),
        "latest": replayed.time(d(7, 3)),
        "basis": "observed",
    }
    assert found["cause"]["event_name"] == "DeleteKey"
    assert found["root_cause"]["event_name"] == "ScheduleKeyDeletion"
    assert found["root_cause"]["actor"] == MALLORY
    assert found["recoverable_until"] == replayed.time(d(7))
    assert conditions(found) == {"volume": "gone", "automated-backup": "dead"}
    assert [one["event_name"] for one in found["decisive"]] == ["ScheduleKeyDeletion"]
    before = replayed.explain("orders", d(7))
    assert before["verdict"] == "recoverable-with-action"
    assert before["recoverable_until"] == replayed.time(d(7))
    assert [one["do"] for one in before["actions"]][:3] == [
        "CancelKeyDeletion", "EnableKey", "StartDBInstance",
    ]  # fmt: skip


def test_row_08_without_backups_the_running_host_is_the_only_copy() -> None:
    setup = made(retention=0)
    schedule(setup)
    setup.aws.delete_key(setup.key, at=d(7, 3))
    replayed = Replayed(setup.aws)
    before = replayed.explain("orders", d(6))
    assert (before["verdict"], before["in_place"]["status"]) == ("at-risk", "available")
    assert before["recoverable_until"] == replayed.time(d(7))
    assert [(one["do"], one["before"]) for one in before["actions"]] == [
        ("CancelKeyDeletion", replayed.time(d(7))),
        ("EnableKey", replayed.time(d(7))),
        ("dump", None),
    ]
    found = replayed.explain("orders")
    assert found["in_place"]["status"] == "available"
    assert found["verdict"] == "unrecoverable"
    assert found["unrecoverable"]["since"] == replayed.time(d(7, 3))
    assert found["unrecoverable"]["basis"] == "observed"
    assert found["cause"]["event_name"] == "DeleteKey"
    assert replayed.key(setup.key.arn)["state"] == "Deleted"
    assert found["root_cause"]["actor"] == MALLORY
    assert found["recoverable_until"] == replayed.time(d(7))
    assert conditions(found) == {"volume": "dead"}
    assert [one["do"] for one in found["actions"]] == ["dump"]
    assert any("still runs" in note for note in found["notes"])


def test_row_09_a_stopped_instance_without_backups_keeps_a_latent_volume() -> None:
    setup = made(retention=0)
    lose(setup, notice=False)
    setup.aws.stop_db_instance(setup.db, at=h(1))
    replayed = Replayed(setup.aws)
    found = replayed.explain("orders", d(10))
    assert replayed.key(setup.key.arn, d(10))["state"] == "Disabled"
    assert found["in_place"]["status"] == "stopped"
    assert found["verdict"] == "recoverable-with-action"
    assert found["unrecoverable"] is None
    assert found["root_cause"]["event_name"] == "DisableKey"
    assert conditions(found) == {"volume": "latent"}
    assert [one["do"] for one in found["actions"]] == ["EnableKey", "StartDBInstance"]
    [note] = [one for one in found["notes"] if "what becomes of a stopped" in one]
    assert "contradict each other" in note
    assert f"inaccessible since {replayed.time(h(1))}" in note
    assert f"terminal from {replayed.time(d(7, 1))}" in note


def test_row_10_without_backups_a_host_change_ends_in_loss_though_the_key_lives() -> None:
    setup = made(retention=0)
    lose(setup)
    setup.aws.modify_db_instance(setup.db, instance_class="db.r6g.xlarge", at=d(1))
    setup.aws.rds_event(setup.db, "RDS-EVENT-0419", at=d(1))
    replayed = Replayed(setup.aws)
    assert statuses(replayed, "orders", d(9))[-2:] == [
        (replayed.time(d(1)), REC),
        (replayed.time(d(8)), TERM),
    ]
    found = replayed.explain("orders", d(9))
    assert replayed.key(setup.key.arn, d(9))["state"] == "Disabled"
    assert found["verdict"] == "unrecoverable"
    assert found["unrecoverable"]["since"] == replayed.time(d(8))
    assert found["unrecoverable"]["basis"] == "derived"
    assert found["cause"]["event_name"] == "DisableKey"
    assert found["root_cause"]["actor"] == MALLORY
    assert found["recoverable_until"] == replayed.time(d(8))
    assert conditions(found) == {"volume": "gone"}
    before = replayed.explain("orders", d(2))
    assert [(one["do"], one["before"]) for one in before["actions"]] == [
        ("EnableKey", replayed.time(d(8))),
        ("StartDBInstance", replayed.time(d(8))),
    ]


def test_row_11_a_stopped_instance_cannot_start_with_a_disabled_key(setup: Setup) -> None:
    setup.aws.stop_db_instance(setup.db, at=d(-1))
    lose(setup, notice=False)
    setup.aws.start_db_instance(setup.db, at=h(1), error=faults.KEY_NOT_ACCESSIBLE)
    replayed = Replayed(setup.aws)
    found = replayed.explain("orders")
    assert found["in_place"]["status"] == "stopped"
    assert found["verdict"] == "recoverable-with-action"
    assert found["unrecoverable"] is None
    assert replayed.key(setup.key.arn)["state"] == "Disabled"
    assert set(conditions(found).values()) == {"latent"}
    assert replayed.timeline("orders")["events"][-1]["error"] == "KMSKeyNotAccessibleFault"


def test_row_12_the_automatic_start_cannot_succeed_without_the_key(setup: Setup) -> None:
    lose(setup, at=d(-1), notice=False)
    setup.aws.stop_db_instance(setup.db, at=T0)
    setup.aws.rds_event(setup.db, "RDS-EVENT-0154", at=d(7))
    replayed = Replayed(setup.aws)
    found = replayed.explain("orders", d(8))
    assert found["in_place"]["status"] == "stopped"
    assert found["verdict"] == "recoverable-with-action"
    assert found["actions"][0]["do"] == "EnableKey"
    [note] = [one for one in found["notes"] if "what becomes of a stopped" in one]
    assert "contradict each other" in note
    assert f"inaccessible since {replayed.time(T0)}" in note
    assert replayed.timeline("orders", d(8))["events"][-1]["event_name"] == "RDS-EVENT-0154"


def test_row_13_an_instance_with_a_read_replica_ends_terminal_at_once(setup: Setup) -> None:
    setup.aws.create_read_replica(setup.db, "orders-replica", at=d(-3))
    lose(setup)
    replayed = Replayed(setup.aws)
    assert statuses(replayed, "orders", d(3))[-1] == (replayed.time(h(2)), TERM)
    assert statuses(replayed, "orders-replica", d(3))[-1] == (replayed.time(h(2)), TERM)
    found = replayed.explain("orders", d(3))
    assert found["in_place"]["basis"] == "derived"
    assert found["in_place"]["terminal_at"] == replayed.time(h(2))
    assert found["verdict"] == "recoverable-with-action"
    assert found["unrecoverable"] is None
    assert found["recoverable_until"] is None
    assert conditions(found) == {
        "volume": "gone", "automated-backup": "latent", "replica": "gone",
    }  # fmt: skip
    assert [one["do"] for one in found["actions"]] == [
        "EnableKey", "RestoreDBInstanceToPointInTime",
    ]  # fmt: skip


def test_row_14_sql_server_multi_az_ends_terminal_at_once() -> None:
    setup = made(engine="sqlserver-se", multi_az=True)
    lose(setup)
    replayed = Replayed(setup.aws)
    assert statuses(replayed, "orders", d(3))[-1] == (replayed.time(h(2)), TERM)
    found = replayed.explain("orders", d(3))
    assert found["in_place"]["basis"] == "derived"
    assert found["verdict"] == "recoverable-with-action"
    assert (found["unrecoverable"], found["recoverable_until"]) == (None, None)
    assert conditions(found) == {"volume": "gone", "automated-backup": "latent"}
