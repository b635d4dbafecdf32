"""Actions: the calls that save the most data, each with all that it needs, in order."""

from __future__ import annotations

from typing import Any

from tests.replayed import Replayed
from tests.simulator.handles import Database, Key
from tests.simulator.world import AwsSimulator
from tests.situations import d, h

SECOND, THIRD = "b" * 64, "c" * 64


def imported() -> tuple[AwsSimulator, Key, Database]:
    """Make a database under a key that was rotated twice: three materials, all of them needed."""
    aws = AwsSimulator(seed=7)
    key = aws.create_key("orders", at=d(-20), origin="EXTERNAL")
    aws.import_key_material(key, at=d(-20, 1))
    db = aws.create_db_instance("orders", key, at=d(-19))
    for number, material in enumerate((SECOND, THIRD)):
        aws.import_key_material(key, at=d(-18 + number), material=material, is_new=True)
        aws.rotate_key_on_demand(key, at=d(-18 + number, 1))
    return aws, key, db


def imports(found: dict[str, Any]) -> list[tuple[str | None, str]]:
    return [
        (one["parameters"].get("KeyMaterialId"), one["parameters"]["ImportType"])
        for one in found["actions"]
        if one["do"] == "ImportKeyMaterial"
    ]


def test_each_missing_material_is_an_import_of_its_own() -> None:
    aws, key, db = imported()
    aws.delete_imported_key_material(key, at=d(0), material=THIRD)
    aws.delete_imported_key_material(key, at=h(1), material=aws.material_of(key))
    aws.rds_event(db, "RDS-EVENT-0418", at=d(0))
    found = Replayed(aws).explain("orders", h(5))
    first = aws.material_of(key)
    assert imports(found) == [(first, "EXISTING_KEY_MATERIAL"), (THIRD, "EXISTING_KEY_MATERIAL")]
    ahead = found["actions"][:3]
    assert [one["do"] for one in ahead] == ["ImportKeyMaterial"] * 2 + ["StartDBInstance"]
    assert [one["then"] for one in ahead] == ["ImportKeyMaterial", "StartDBInstance", None]
    assert {one["before"] for one in ahead} == {Replayed(aws).time(d(7, 2))}
    assert {one["on"] for one in ahead[:2]} == {key.arn}


def test_what_waits_for_rotation_is_neither_imported_nor_rotated() -> None:
    aws, key, _ = imported()
    pending = "d" * 64
    aws.import_key_material(key, at=d(-5), material=pending, is_new=True)
    aws.delete_imported_key_material(key, at=d(-4), material=pending)
    aws.delete_imported_key_material(key, at=d(0), material=SECOND)
    found = Replayed(aws).explain("orders", h(1))
    assert imports(found) == [(SECOND, "EXISTING_KEY_MATERIAL")]
    assert not {"RotateKeyOnDemand"} & {one["do"] for one in found["actions"]}


def test_a_cancelled_deletion_of_a_key_without_material_needs_both_and_then_the_key_enabled() -> (
    None
):
    aws, key, _ = imported()
    aws.delete_imported_key_material(key, at=d(0), material=SECOND)
    aws.schedule_key_deletion(key, 7, at=d(1))
    found = Replayed(aws).explain("orders", d(2))
    assert [one["do"] for one in found["actions"]][:4] == [
        "CancelKeyDeletion", "ImportKeyMaterial", "EnableKey", "StartDBInstance",
    ]  # fmt: skip
    assert {one["before"] for one in found["actions"][:2]} == {Replayed(aws).time(d(7, 2))}


def test_a_deleted_replica_is_made_again_and_given_all_that_its_primary_needs() -> None:
    aws = AwsSimulator(seed=7)
    primary = aws.create_key("orders", at=d(-20), origin="EXTERNAL", multi_region=True)
    first = aws.material_of(primary)
    aws.import_key_material(primary, at=d(-20, 1))
    replica = aws.replicate_key(primary, "us-west-2", at=d(-19))
    aws.import_key_material(replica, at=d(-19, 1), material=first)
    db = aws.create_db_instance("far", replica, at=d(-18), region="us-west-2")
    for key in (primary, replica):
        aws.import_key_material(key, at=d(-10), material=SECOND, is_new=key is primary)
    aws.rotate_key_on_demand(primary, at=d(-9))
    aws.schedule_key_deletion(replica, 7, at=d(-8))
    aws.delete_key(replica, at=d(-1, 1))
    found = Replayed(aws).explain(db.resource_id, d(0))
    assert [one["do"] for one in found["actions"]][:3] == [
        "ReplicateKey", "ImportKeyMaterial", "ImportKeyMaterial",
    ]  # fmt: skip
    assert found["actions"][0]["parameters"] == {"ReplicaRegion": "us-west-2"}
    assert {material for material, _ in imports(found)} == {first, SECOND}


def test_a_failover_says_that_it_may_lose_data() -> None:
    aws = AwsSimulator(seed=7)
    key = aws.create_key("shop", at=d(-20))
    far = aws.create_key("far", at=d(-20), region="eu-west-1")
    cluster = aws.create_db_cluster("shop", key, at=d(-19))
    aws.create_global_cluster("world", cluster, at=d(-18))
    aws.create_db_cluster("shop-eu", far, at=d(-17), region="eu-west-1", global_cluster="world")
    aws.disable_key(key, at=d(0))
    found = Replayed(aws).explain("shop", d(1))
    [call] = [one for one in found["actions"] if one["do"] == "FailoverGlobalCluster"]
    assert call["parameters"] == {"AllowDataLoss": "true"}
