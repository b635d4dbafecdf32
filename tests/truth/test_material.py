"""The truth table: keys of AWS, imported material, custom and external key stores.

One test a row, named by row number.
"""

from __future__ import annotations

from datetime import timedelta

from tests.replayed import Replayed
from tests.simulator import faults
from tests.simulator.actors import user
from tests.simulator.handles import Key
from tests.simulator.world import AwsSimulator
from tests.situations import MALLORY, REC, TERM, Setup, conditions, d, h, made, schedule


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
