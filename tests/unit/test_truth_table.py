"""The truth table of the AWS semantics, one test a row, named by row number.

K is a customer managed key, D an encrypted instance on it with backups on (retention 7).
RDS-EVENT-0418 at the moment of loss makes the two hours exact, as the table's conventions say.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, NamedTuple

import pytest

from analyzer.history.history import History
from tests.replayed import Replayed, facts_of
from tests.simulator import faults
from tests.simulator.actors import user
from tests.simulator.handles import Database, Key
from tests.simulator.world import AwsSimulator

REC = "inaccessible-encryption-credentials-recoverable"
TERM = "inaccessible-encryption-credentials"
MALLORY = "arn:aws:iam::111122223333:user/mallory"


def h(hours: float) -> timedelta:
    return timedelta(hours=hours)


def d(days: float, hours: float = 0, minutes: float = 0) -> timedelta:
    return timedelta(days=days, hours=hours, minutes=minutes)


T0 = d(0)


class Setup(NamedTuple):
    aws: AwsSimulator
    key: Key
    db: Database


@pytest.fixture
def setup() -> Setup:
    return made()


def made(retention: int = 7, origin: str = "AWS_KMS", **options: Any) -> Setup:
    aws = AwsSimulator(seed=7)
    key = aws.create_key("orders", at=d(-20), origin=origin)
    if origin == "EXTERNAL":
        aws.import_key_material(key, at=d(-20, 1), actor=user("importer"))
    db = aws.create_db_instance("orders", key, retention=retention, at=d(-19), **options)
    return Setup(aws, key, db)


def lose(s: Setup, *, at: timedelta = T0, notice: bool = True) -> None:
    s.aws.disable_key(s.key, at=at, actor=user("mallory"))
    if notice:
        s.aws.rds_event(s.db, "RDS-EVENT-0418", at=at)


def schedule(s: Setup, window: int = 7, *, at: timedelta = T0, notice: bool = True) -> None:
    s.aws.schedule_key_deletion(s.key, window, at=at, actor=user("mallory"))
    if notice:
        s.aws.rds_event(s.db, "RDS-EVENT-0418", at=at)


def conditions(document: dict[str, Any]) -> dict[str, str]:
    return {copy["kind"]: copy["condition"] for copy in document["copies"]}


def statuses(replayed: Replayed, name: str, at: timedelta | None = None) -> list[tuple[str, str]]:
    spans = replayed.timeline(name, at)["spans"]
    kept: list[tuple[str, str]] = []
    for span in spans:
        if not kept or kept[-1][1] != span["state"]:
            kept.append((span["from"], span["state"]))
    return kept


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


def test_row_20_a_key_that_aws_manages_cannot_be_killed() -> None:
    aws = AwsSimulator(seed=7)
    db = aws.create_db_instance("orders", None, at=d(-19))
    arn = str(db.key)
    key = Key(
        arn=arn, key_id=arn.rpartition("/")[2], region=db.region, account=db.account, record={}
    )
    denied = faults.unsupported_on_aws_managed(arn)
    aws.schedule_key_deletion(key, 7, at=d(0), error=denied)
    aws.disable_key(key, at=h(1), error=denied)
    replayed = Replayed(aws)
    assert replayed.key(arn, d(9))["state"] == "Enabled"
    assert replayed.key(arn, d(9))["manager"] == "AWS"
    found = replayed.explain("orders", d(9))
    assert found["in_place"]["status"] == "available"
    assert found["verdict"] == "healthy"


def test_row_21_deleted_material_imported_again_brings_the_database_back() -> None:
    setup = made(origin="EXTERNAL")
    setup.aws.delete_imported_key_material(setup.key, at=d(0))
    setup.aws.rds_event(setup.db, "RDS-EVENT-0418", at=d(0))
    setup.aws.import_key_material(setup.key, at=d(1))
    setup.aws.start_db_instance(setup.db, at=d(1, 1))
    replayed = Replayed(setup.aws)
    assert replayed.key(setup.key.arn, h(5))["state"] == "PendingImport"
    during = replayed.explain("orders", h(5))
    assert during["in_place"]["status"] == REC
    assert during["in_place"]["terminal_at"] == replayed.time(d(7, 2))
    assert during["in_place"]["basis"] == "derived"
    assert during["recoverable_until"] is None
    assert set(conditions(during).values()) == {"latent"}
    assert [one["do"] for one in during["actions"]][:2] == ["ImportKeyMaterial", "StartDBInstance"]
    assert replayed.explain("orders")["verdict"] == "healthy"
    assert replayed.key(setup.key.arn)["state"] == "Enabled"


def test_row_22_other_material_is_refused_and_the_clock_runs_on() -> None:
    setup = made(origin="EXTERNAL")
    setup.aws.delete_imported_key_material(setup.key, at=d(0))
    setup.aws.rds_event(setup.db, "RDS-EVENT-0418", at=d(0))
    setup.aws.import_key_material(setup.key, at=d(1), error=faults.INCORRECT_MATERIAL)
    replayed = Replayed(setup.aws)
    assert replayed.key(setup.key.arn, d(8))["state"] == "PendingImport"
    assert replayed.explain("orders", d(2))["in_place"]["status"] == REC
    found = replayed.explain("orders", d(8))
    assert found["in_place"]["status"] == TERM
    assert found["in_place"]["since"] == replayed.time(d(7, 2))
    assert found["verdict"] == "recoverable-with-action"
    assert conditions(found) == {"volume": "gone", "automated-backup": "latent"}
    assert found["actions"][0]["do"] == "ImportKeyMaterial"
    assert found["recoverable_until"] is None


def test_row_23_expired_material_is_the_importers_doing() -> None:
    aws = AwsSimulator(seed=7)
    key = aws.create_key("orders", at=d(-20), origin="EXTERNAL")
    aws.import_key_material(key, at=d(-20, 1), valid_to=d(0), actor=user("mallory"))
    db = aws.create_db_instance("orders", key, at=d(-19))
    aws.expire_key_material(key, at=d(0))
    aws.rds_event(db, "RDS-EVENT-0418", at=d(0))
    replayed = Replayed(aws)
    assert replayed.key(key.arn, h(1))["state"] == "PendingImport"
    found = replayed.explain("orders", h(3))
    assert found["in_place"]["status"] == REC
    assert found["verdict"] == "recoverable-with-action"
    assert found["cause"]["event_name"] == "DeleteExpiredKeyMaterial"
    assert found["root_cause"]["event_name"] == "ImportKeyMaterial"
    assert found["root_cause"]["actor"] == MALLORY
    assert set(conditions(found).values()) == {"latent"}


def with_two_materials(*, rotates: bool) -> Setup:
    setup = made(origin="EXTERNAL")
    setup.aws.import_key_material(setup.key, at=d(-10), material="b" * 64, is_new=True)
    if rotates:
        setup.aws.record(
            "kms", "RotateKeyOnDemand", at=d(-9), request={"keyId": setup.key.key_id},
            response={"keyId": setup.key.key_id}, resources=[setup.key.resource],
        )  # fmt: skip
    return setup


def test_row_24_one_missing_material_of_two_makes_the_whole_key_unusable() -> None:
    setup = with_two_materials(rotates=True)
    first = setup.aws.material_of(setup.key)
    setup.aws.delete_imported_key_material(setup.key, at=d(0), material=first)
    setup.aws.rds_event(setup.db, "RDS-EVENT-0418", at=d(0))
    replayed = Replayed(setup.aws)
    assert replayed.key(setup.key.arn)["state"] == "PendingImport"
    found = replayed.explain("orders", h(3))
    assert found["in_place"]["status"] == REC
    assert set(conditions(found).values()) == {"latent"}
    assert found["actions"][0]["parameters"] == {
        "ImportType": "EXISTING_KEY_MATERIAL", "KeyMaterialId": first,
    }  # fmt: skip
    assert found["unrecoverable"] is None
    setup.aws.import_key_material(setup.key, at=d(1), material=first)
    assert Replayed(setup.aws).key(setup.key.arn)["state"] == "Enabled"


def test_row_25_material_that_waits_for_rotation_may_go() -> None:
    setup = with_two_materials(rotates=False)
    setup.aws.delete_imported_key_material(setup.key, at=d(0), material="b" * 64)
    replayed = Replayed(setup.aws)
    assert replayed.key(setup.key.arn)["state"] == "Enabled"
    assert replayed.explain("orders", d(9))["verdict"] == "healthy"
    assert set(conditions(replayed.explain("orders", d(9))).values()) == {"usable"}


def test_row_26_the_same_material_in_a_new_key_opens_nothing() -> None:
    setup = made(origin="EXTERNAL")
    schedule(setup)
    setup.aws.delete_key(setup.key, at=d(7, 3))
    again = setup.aws.create_key(at=d(8), origin="EXTERNAL")
    setup.aws.import_key_material(
        again, at=d(8, 1), material=setup.aws.material_of(setup.key), valid_to=d(30)
    )
    replayed = Replayed(setup.aws)
    assert replayed.key(setup.key.arn)["state"] == "Deleted"
    assert replayed.key(again.arn)["state"] == "Enabled"
    found = replayed.explain("orders")
    assert found["in_place"]["status"] == TERM
    assert found["verdict"] == "unrecoverable"
    assert found["unrecoverable"]["since"] == replayed.time(d(7, 3))
    assert found["unrecoverable"]["basis"] == "observed"
    assert found["cause"]["event_name"] == "DeleteKey"
    assert found["recoverable_until"] == replayed.time(d(7))
    assert set(conditions(found).values()) == {"gone", "dead"}


def in_custom_store() -> Setup:
    aws = AwsSimulator(seed=7)
    store = "cks-1234567890abcdef0"
    key = aws.create_key("orders", at=d(-20), origin="AWS_CLOUDHSM")
    metadata = aws.records[0]["responseElements"]["keyMetadata"]
    metadata["customKeyStoreId"] = store
    return Setup(aws, key, aws.create_db_instance("orders", key, at=d(-19)))


def switch_store(s: Setup, name: str, at: timedelta) -> None:
    asked = {"customKeyStoreId": "cks-1234567890abcdef0"}
    s.aws.record("kms", name, at=at, request=asked, actor=user("mallory"))


def test_row_27_a_reconnected_store_gives_its_keys_back() -> None:
    setup = in_custom_store()
    switch_store(setup, "DisconnectCustomKeyStore", d(0))
    switch_store(setup, "ConnectCustomKeyStore", d(2))
    setup.aws.start_db_instance(setup.db, at=d(2, 1))
    replayed = Replayed(setup.aws)
    assert replayed.key(setup.key.arn, d(1))["state"] == "Unavailable"
    assert replayed.key(setup.key.arn)["state"] == "Enabled"
    during = replayed.explain("orders", d(1))
    assert during["in_place"]["status"] == REC
    assert during["root_cause"]["actor"] == MALLORY
    assert during["actions"][0]["do"] == "ConnectCustomKeyStore"
    assert during["in_place"]["terminal_at"] == replayed.time(d(7, 2))
    assert set(conditions(during).values()) == {"latent"}
    assert replayed.explain("orders")["verdict"] == "healthy"
    assert set(conditions(replayed.explain("orders")).values()) == {"usable"}


def test_row_28_a_deletion_can_be_cancelled_while_the_store_is_disconnected() -> None:
    setup = in_custom_store()
    schedule(setup, 30)
    switch_store(setup, "DisconnectCustomKeyStore", d(1))
    setup.aws.cancel_key_deletion(setup.key, at=d(2))
    replayed = Replayed(setup.aws)
    assert replayed.key(setup.key.arn, d(1, 1))["state"] == "PendingDeletion"
    assert replayed.key(setup.key.arn)["state"] == "Disabled"
    found = replayed.explain("orders")
    assert found["in_place"]["access_lost_at"] == replayed.time(d(0))
    assert set(conditions(found).values()) == {"latent"}
    assert [one["do"] for one in found["actions"]][:2] == ["ConnectCustomKeyStore", "EnableKey"]


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


def test_row_53_the_performance_insights_key_is_not_the_storage_key() -> None:
    aws = AwsSimulator(seed=7)
    key, insights = aws.create_key("orders", at=d(-20)), aws.create_key("insights", at=d(-20))
    asked = {"enablePerformanceInsights": True, "performanceInsightsKMSKeyId": insights.arn}
    aws.create_db_instance("orders", key, at=d(-19), request=asked)
    aws.schedule_key_deletion(insights, 7, at=d(0))
    aws.delete_key(insights, at=d(7, 3))
    replayed = Replayed(aws)
    assert replayed.key(insights.arn)["state"] == "Deleted"
    assert replayed.explain("orders")["verdict"] == "healthy"
    assert replayed.explain("orders")["key"] == key.arn
    assert set(conditions(replayed.explain("orders")).values()) == {"usable"}


def test_row_55_late_and_doubled_deliveries_change_nothing(setup: Setup) -> None:
    schedule(setup)
    setup.aws.delete_key(setup.key, at=d(7, 3))
    straight = Replayed(setup.aws).explain("orders")
    payloads = setup.aws.payloads()
    shuffled = [*reversed(payloads), payloads[-1]]
    replayed = Replayed(setup.aws)
    replayed.history = History(facts_of(shuffled))
    turned = replayed.explain("orders")
    assert without_entries(turned) == without_entries(straight)
    assert turned["cause"]["event_name"] == "DeleteKey"
    assert turned["unrecoverable"]["since"] == replayed.time(d(7, 3))
    deleted = [one["state"] for one in replayed.timeline(setup.key.arn)["spans"]]
    assert deleted == ["Unknown", "Enabled", "PendingDeletion", "Deleted"]


def without_entries(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: without_entries(held) for name, held in value.items() if name != "entry"}
    return [without_entries(held) for held in value] if isinstance(value, list) else value


def test_row_57_a_deletion_that_no_record_shows_is_inferred(setup: Setup) -> None:
    schedule(setup)
    setup.aws.rds_event(setup.db, "RDS-EVENT-0419", at=h(2))
    setup.aws.stop_logging(at=d(1))
    replayed = Replayed(setup.aws)
    key = replayed.key(setup.key.arn, d(8, 1))
    assert (key["state"], key["basis"]) == ("Deleted", "inferred")
    found = replayed.explain("orders", d(8, 1))
    assert found["verdict"] == "unrecoverable"
    assert found["unrecoverable"] == {
        "since": replayed.time(d(7)),
        "earliest": replayed.time(d(7)),
        "latest": replayed.time(d(8)),
        "basis": "inferred",
    }
    assert found["cause"]["event_name"] == "ScheduleKeyDeletion"
    assert found["in_place"]["status"] == TERM
    assert found["in_place"]["basis"] == "inferred"
    assert any("StopLogging" in note for note in found["notes"])
    assert any("inferred" in note for note in found["notes"])


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


class Pair(NamedTuple):
    """A multi-Region key: primary in us-east-1, replica in us-west-2, a database on each."""

    aws: AwsSimulator
    primary: Key
    replica: Key
    db: Database
    db2: Database


@pytest.fixture
def pair() -> Pair:
    aws = AwsSimulator(seed=7)
    primary = aws.create_key("orders", at=d(-20), multi_region=True)
    replica = aws.replicate_key(primary, "us-west-2", at=d(-19))
    db = aws.create_db_instance("orders", primary, at=d(-18))
    db2 = aws.create_db_instance("orders-west", replica, at=d(-18), region="us-west-2")
    return Pair(aws, primary, replica, db, db2)


def test_row_29_a_key_lost_outside_of_aws_leaves_the_cause_unknown() -> None:
    aws = AwsSimulator(seed=7)
    key = aws.create_key("orders", at=d(-20), origin="EXTERNAL_KEY_STORE")
    db = aws.create_db_instance("orders", key, at=d(-19))
    aws.decrypt(key, at=d(0), error=("KMSInvalidStateException", "the external key is gone"))
    aws.rds_event(db, "RDS-EVENT-0418", at=h(1))
    aws.rds_event(db, "RDS-EVENT-0419", at=h(3))
    replayed = Replayed(aws)
    assert replayed.key(key.arn, d(9))["state"] == "Enabled"
    assert replayed.explain("orders", h(2))["verdict"] == "at-risk"
    found = replayed.explain("orders", d(9))
    assert found["in_place"]["status"] == TERM
    assert found["verdict"] == "unknown"
    assert found["in_place"]["access_lost_at"] == replayed.time(h(1))
    assert conditions(found) == {"volume": "gone", "automated-backup": "unknown"}
    assert any("outside of CloudTrail" in note for note in found["notes"])


def test_row_56_a_suspended_account_shows_only_in_what_rds_says(setup: Setup) -> None:
    setup.aws.rds_event(setup.db, "RDS-EVENT-0419", at=d(0))
    found = Replayed(setup.aws).explain("orders", d(1))
    assert found["in_place"]["status"] == REC
    assert found["verdict"] == "unknown"
    assert found["unrecoverable"] is None
    # Nothing tells a suspended account from a key that was lost outside of AWS.
    assert set(conditions(found).values()) == {"unknown"}
    assert any("outside of CloudTrail" in note for note in found["notes"])


def test_row_30_a_deleted_replica_can_be_made_again(pair: Pair) -> None:
    pair.aws.schedule_key_deletion(pair.replica, 7, at=d(0))
    pair.aws.delete_key(pair.replica, at=d(7, 3))
    replayed = Replayed(pair.aws)
    assert replayed.key(pair.replica.arn)["state"] == "Deleted"
    assert replayed.key(pair.primary.arn)["state"] == "Enabled"
    found = replayed.explain("orders-west", d(8))
    assert found["in_place"]["status"] == TERM
    assert found["verdict"] == "recoverable-with-action"
    assert found["recoverable_until"] is None
    assert conditions(found) == {"volume": "gone", "automated-backup": "latent"}
    assert found["actions"][0]["do"] == "ReplicateKey"
    pair.aws.replicate_key(pair.primary, "us-west-2", at=d(9))
    after = Replayed(pair.aws)
    assert after.key(pair.replica.arn)["state"] == "Enabled"
    assert conditions(after.explain("orders-west"))["automated-backup"] == "usable"
    assert after.explain("orders")["verdict"] == "healthy"


def test_row_31_the_primary_waits_for_its_replicas(pair: Pair) -> None:
    pair.aws.schedule_key_deletion(
        pair.primary, 7, at=d(0), waits_for_replicas=True, actor=user("mallory")
    )
    pair.aws.schedule_key_deletion(pair.replica, 7, at=d(0))
    pair.aws.delete_key(pair.replica, at=d(7))
    replayed = Replayed(pair.aws)
    assert replayed.key(pair.primary.arn, d(3))["state"] == "PendingReplicaDeletion"
    waiting = replayed.key(pair.primary.arn, d(8))
    assert waiting["state"] == "PendingDeletion"
    assert waiting["deletion_date"] == replayed.time(d(14))
    assert replayed.explain("orders", d(1))["in_place"]["access_lost_at"] == replayed.time(d(0))
    for moment in (d(1), d(8)):
        assert replayed.explain("orders", moment)["recoverable_until"] == replayed.time(d(14))
    pair.aws.delete_key(pair.primary, at=d(14, 2))
    found = Replayed(pair.aws).explain("orders")
    assert found["verdict"] == "unrecoverable"
    assert found["unrecoverable"]["since"] == replayed.time(d(14, 2))
    assert found["root_cause"]["actor"] == MALLORY
    assert found["recoverable_until"] == replayed.time(d(14))
    assert conditions(found) == {"volume": "gone", "automated-backup": "dead"}
    west = Replayed(pair.aws).explain("orders-west")
    assert west["unrecoverable"]["since"] == replayed.time(d(14, 2))


def test_row_32_moving_the_primary_harms_nothing(pair: Pair) -> None:
    pair.aws.update_primary_region(pair.primary, "us-west-2", at=d(0))
    replayed = Replayed(pair.aws)
    assert replayed.key(pair.primary.arn)["state"] == "Enabled"
    assert replayed.key(pair.replica.arn)["state"] == "Enabled"
    for name in ("orders", "orders-west"):
        assert replayed.explain(name, d(9))["verdict"] == "healthy"
        assert set(conditions(replayed.explain(name, d(9))).values()) == {"usable"}


def test_row_33_disabling_a_key_in_one_region_leaves_the_other(pair: Pair) -> None:
    pair.aws.disable_key(pair.primary, at=d(0))
    replayed = Replayed(pair.aws)
    assert replayed.key(pair.primary.arn)["state"] == "Disabled"
    assert replayed.key(pair.replica.arn)["state"] == "Enabled"
    assert replayed.explain("orders-west", d(9))["verdict"] == "healthy"
    assert set(conditions(replayed.explain("orders-west", d(9))).values()) == {"usable"}
    assert replayed.explain("orders", d(9))["verdict"] == "recoverable-with-action"
