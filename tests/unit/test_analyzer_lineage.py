"""Restores and recovery points: whose data a thing holds, and of which age."""

from __future__ import annotations

from typing import Any

import pytest

from tests.replayed import Replayed
from tests.simulator.handles import Cluster, Database, Key
from tests.simulator.world import AwsSimulator
from tests.situations import Setup, conditions, d, h, made


@pytest.fixture
def setup() -> Setup:
    return made()


def test_a_restore_from_a_snapshot_leads_back_to_its_database(setup: Setup) -> None:
    snapshot = setup.aws.create_db_snapshot(setup.db, "weekly", at=d(-3))
    copied = setup.aws.copy_db_snapshot(snapshot, "kept", at=d(-2))
    setup.aws.restore_from_snapshot(copied, "orders-test", at=d(-1))
    replayed = Replayed(setup.aws)
    came = replayed.explain("orders-test", d(0))["restored_from"]
    assert (came["kind"], came["id"]) == ("snapshot", copied.arn)
    assert (came["database"], came["resource_id"]) == (setup.db.arn, setup.db.resource_id)
    assert came["restorable_to"] == replayed.time(d(-3))
    assert came["cause"]["event_name"] == "RestoreDBInstanceFromDBSnapshot"
    [made_of] = replayed.explain("orders", d(0))["restored_as"]
    assert (made_of["name"], made_of["verdict"]) == ("orders-test", "healthy")
    assert replayed.explain("orders", d(-2))["restored_as"] == []
    assert replayed.explain("orders", d(0))["restored_from"] is None


def test_a_restore_to_a_point_in_time_holds_the_data_up_to_it(setup: Setup) -> None:
    setup.aws.restore_to_point_in_time(setup.db, "then", at=d(-1), restore_time=d(-5))
    setup.aws.restore_to_point_in_time(setup.db, "newest", at=d(-1))
    replayed = Replayed(setup.aws)
    made_of = {one["name"]: one for one in replayed.explain("orders", d(0))["restored_as"]}
    assert made_of["then"]["restorable_to"] == replayed.time(d(-5))
    assert made_of["newest"]["restorable_to"] == replayed.time(d(-1))
    assert {one["kind"] for one in made_of.values()} == {"point-in-time"}


def test_a_name_that_was_reused_is_no_ancestor(setup: Setup) -> None:
    setup.aws.delete_db_instance(setup.db, at=d(-9), delete_automated_backups=False)
    again = setup.aws.create_db_instance("orders", setup.key, at=d(-8))
    setup.aws.restore_to_point_in_time(again, "copy", at=d(-1))
    came = Replayed(setup.aws).explain("copy", d(0))["restored_from"]
    assert came["resource_id"] == again.resource_id


def test_a_restore_from_s3_has_no_database_behind_it(setup: Setup) -> None:
    setup.aws.restore_from_s3("imported", setup.key, at=d(-1))
    came = Replayed(setup.aws).explain("imported", d(0))["restored_from"]
    assert (came["kind"], came["database"], came["restorable_to"]) == ("s3", None, None)
    assert came["id"].startswith("s3://imports-")


def test_clusters_have_ancestors_too() -> None:
    aws = AwsSimulator(seed=7)
    cluster = aws.create_db_cluster("shop", aws.create_key(at=d(-20)), at=d(-19))
    snapshot = aws.create_db_cluster_snapshot(cluster, "weekly", at=d(-3))
    aws.restore_cluster_from_snapshot(snapshot, "shop-test", at=d(-1))
    aws.restore_cluster_to_point_in_time(cluster, "shop-then", at=d(-1), restore_time=d(-2))
    replayed = Replayed(aws)
    for name, kind in (("shop-test", "snapshot"), ("shop-then", "point-in-time")):
        came = replayed.explain(name, d(0))["restored_from"]
        assert (came["kind"], came["resource_id"]) == (kind, cluster.resource_id)
    assert len(replayed.explain("shop", d(0))["restored_as"]) == 2


def test_a_restored_database_is_no_copy_but_is_told_of_when_all_is_lost(setup: Setup) -> None:
    setup.aws.create_db_snapshot(setup.db, "weekly", at=d(-3))
    setup.aws.restore_to_point_in_time(setup.db, "orders-test", at=d(-1))
    [snapshot] = [one for one in setup.aws.records if one["eventName"] == "CreateDBSnapshot"]
    assert snapshot["responseElements"]["dBSnapshotIdentifier"] == "weekly"
    setup.aws.delete_db_instance(setup.db, at=d(0))
    found = Replayed(setup.aws).explain("orders", d(1))
    assert "orders-test" not in {one["id"] for one in found["copies"]}
    [note] = [one for one in found["notes"] if "was restored from" in one]
    assert note.startswith("orders-test")
    assert "another database, healthy at this moment" in note


def backed_up(
    *, is_known: bool, kind: str = "instance"
) -> tuple[AwsSimulator, Key, Key, Database | Cluster, str, str]:
    aws = AwsSimulator(seed=7)
    key, other = aws.create_key("orders", at=d(-20)), aws.create_key("vault", at=d(-20))
    db: Database | Cluster
    if kind == "instance":
        db = aws.create_db_instance("orders", key, at=d(-19))
    else:
        db = aws.create_db_cluster("orders", key, at=d(-19))
    vault = "arn:aws:backup:us-east-1:111122223333:backup-vault:far"
    if is_known:
        vault = aws.create_backup_vault("far", other, at=d(-18))
    point = aws.back_up(db, at=d(-3))
    return aws, key, other, db, point, aws.copy_recovery_point(point, vault, at=d(-2))


def points(found: dict[str, Any]) -> dict[str, tuple[str, str]]:
    return {
        one["id"]: (one["condition"], one["key"])
        for one in found["copies"]
        if one["kind"] == "recovery-point"
    }


@pytest.mark.parametrize("kind", ["instance", "cluster"])
def test_a_recovery_point_lies_under_its_databases_key_and_a_copy_under_its_vaults(
    kind: str,
) -> None:
    aws, key, other, _, point, copy = backed_up(is_known=True, kind=kind)
    aws.schedule_key_deletion(key, 7, at=d(0))
    aws.delete_key(key, at=d(7, 3))
    replayed = Replayed(aws)
    found = replayed.explain("orders")
    assert points(found) == {point: ("dead", key.arn), copy: ("usable", other.arn)}
    assert found["verdict"] == "recoverable"
    [kept] = [one for one in found["copies"] if one["id"] == copy]
    assert kept["restorable_to"] == replayed.time(d(-3))
    assert found["actions"][-1]["on"] == copy


def test_a_copy_in_a_vault_of_which_nothing_is_known_is_unknown() -> None:
    aws, key, _, _, point, copy = backed_up(is_known=False)
    aws.schedule_key_deletion(key, 7, at=d(0))
    aws.delete_key(key, at=d(7, 3))
    replayed = Replayed(aws)
    found = replayed.explain("orders")
    assert found["verdict"] == "unknown"
    assert {one: held[0] for one, held in points(found).items()} == {point: "dead", copy: "unknown"}
    assert not [arn for arn in replayed.history.groups.key_facts if ":backup:" in arn]


def test_a_job_that_did_not_end_well_made_nothing() -> None:
    aws, _, _, db, point, _ = backed_up(is_known=True)
    assert isinstance(db, Database)
    aws.back_up(db, at=d(-1), state="FAILED")
    aws.copy_recovery_point(
        point, "arn:aws:backup:us-east-1:1:backup-vault:x", at=d(-1), state="FAILED"
    )
    assert len(points(Replayed(aws).explain("orders", d(0)))) == 2


def test_a_recovery_point_that_expired_or_was_deleted_is_gone_once() -> None:
    aws, _, _, db, point, copy = backed_up(is_known=True)
    assert isinstance(db, Database)
    aws.expire_recovery_point(copy, at=d(-1))
    aws.record("backup", "DeleteRecoveryPoint", at=h(-12), request={"recoveryPointArn": point})
    aws.expire_recovery_point(point, at=h(-11))
    found = Replayed(aws).explain("orders", d(0))
    assert {condition for condition, _ in points(found).values()} == {"gone"}
    assert conditions(found)["volume"] == "usable"
    [gone] = [one for one in found["copies"] if one["id"] == point]
    assert gone["cause"]["event_name"] == "DeleteRecoveryPoint"


def test_rdss_own_record_of_a_recovery_point_is_the_same_point(setup: Setup) -> None:
    point = setup.aws.back_up(setup.db, at=d(-3, 0, 20))
    setup.aws.create_db_snapshot(setup.db, point.rpartition("snapshot:")[2], at=d(-3))
    found = points(Replayed(setup.aws).explain("orders", d(0)))
    assert found == {point: ("usable", setup.key.arn)}
