"""Keys: what AWS's table of states does not allow is a finding, and nothing else is."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from tests.replayed import Replayed
from tests.simulator.actors import user
from tests.simulator.handles import Key
from tests.simulator.policies import WHOLE_ACCOUNT, policy
from tests.simulator.world import AwsSimulator


def h(hours: float) -> timedelta:
    return timedelta(hours=hours)


def oddities(aws: AwsSimulator, key: Key) -> list[str]:
    return [one.detail for one in Replayed(aws).history.oddities(key.arn)]


Deed = Callable[[AwsSimulator, Key], object]


def disabled(aws: AwsSimulator, key: Key) -> None:
    aws.disable_key(key, at=h(1))


def scheduled(aws: AwsSimulator, key: Key) -> None:
    aws.schedule_key_deletion(key, 7, at=h(1))


def deleted(aws: AwsSimulator, key: Key) -> None:
    scheduled(aws, key)
    aws.delete_key(key, at=h(1 + 7 * 24))


LATE = h(200)


@pytest.mark.parametrize(
    ("state", "deed", "is_odd"),
    [
        (disabled, lambda aws, key: aws.create_grant(key, at=h(2)), True),
        (disabled, lambda aws, key: aws.create_grant(key, at=h(1.05)), False),  # settling
        (disabled, lambda aws, key: aws.create_db_instance("db", key, at=h(2)), True),
        (disabled, lambda aws, key: aws.enable_key_rotation(key, at=h(2)), True),
        (disabled, lambda aws, key: aws.tag_key(key, "a", "b", at=h(2)), False),
        (disabled, lambda aws, key: aws.put_key_policy(key, policy(WHOLE_ACCOUNT), at=h(2)), False),
        (disabled, lambda aws, key: aws.schedule_key_deletion(key, 7, at=h(2)), False),
        (disabled, lambda aws, key: aws.cancel_key_deletion(key, at=h(2)), True),
        (scheduled, lambda aws, key: aws.tag_key(key, "a", "b", at=h(2)), True),
        (scheduled, lambda aws, key: aws.update_key_description(key, "x", at=h(2)), True),
        (scheduled, lambda aws, key: aws.revoke_grant(key, "g", at=h(2)), False),
        (scheduled, lambda aws, key: aws.enable_key(key, at=h(2)), True),
        (scheduled, lambda aws, key: aws.schedule_key_deletion(key, 7, at=h(2)), True),
        (scheduled, lambda aws, key: aws.delete_key(key, at=h(100)), True),  # too early
        (scheduled, lambda aws, key: aws.delete_key(key, at=h(180)), False),
        (deleted, lambda aws, key: aws.put_key_policy(key, policy(WHOLE_ACCOUNT), at=LATE), True),
        (deleted, lambda aws, key: aws.retire_grant(key, "g", at=LATE), True),
        (deleted, lambda aws, key: aws.enable_key(key, at=LATE), True),
        (deleted, lambda aws, key: aws.kms_event("KMS CMK Deletion", key, at=h(170)), False),
    ],
)
def test_what_a_state_does_not_allow_is_odd(state: Deed, deed: Deed, *, is_odd: bool) -> None:
    aws = AwsSimulator(seed=31)
    key = aws.create_key(at=0)
    state(aws, key)
    deed(aws, key)
    assert bool(oddities(aws, key)) is is_odd


@pytest.mark.parametrize(
    ("spec", "usage", "is_odd"),
    [
        ("SYMMETRIC_DEFAULT", "ENCRYPT_DECRYPT", False),
        ("RSA_4096", "ENCRYPT_DECRYPT", True),
        ("HMAC_256", "GENERATE_VERIFY_MAC", True),
    ],
)
def test_asymmetric_and_hmac_keys_hold_no_database(spec: str, usage: str, *, is_odd: bool) -> None:
    aws = AwsSimulator(seed=32)
    key = aws.create_key(at=0)
    aws.records[0]["responseElements"]["keyMetadata"] |= {"keySpec": spec, "keyUsage": usage}
    aws.create_db_instance("db", key, at=h(1))
    assert bool(oddities(aws, key)) is is_odd


def test_nobody_disables_a_key_that_aws_manages() -> None:
    aws = AwsSimulator(seed=33)
    db = aws.create_db_instance("db", None, at=0)
    arn = str(db.key)
    key = Key(
        arn=arn, key_id=arn.rpartition("/")[2], region=db.region, account=db.account, record={}
    )
    aws.disable_key(key, at=h(1), actor=user("forger"))
    assert oddities(aws, key) == ["DisableKey succeeded although AWS manages the key"]


def test_a_disabled_key_is_not_replicated() -> None:
    aws = AwsSimulator(seed=34)
    key = aws.create_key(at=0, multi_region=True)
    first = aws.replicate_key(key, "us-west-2", at=h(1))
    assert not oddities(aws, key)
    assert not oddities(aws, first)
    aws.disable_key(key, at=h(2))
    second = aws.replicate_key(key, "eu-west-1", at=h(3))
    assert oddities(aws, key)
    assert not oddities(aws, second)


def test_a_new_primary_waits_for_all_its_relatives_the_old_primary_too() -> None:
    aws = AwsSimulator(seed=35)
    old = aws.create_key(at=0, multi_region=True)
    new = aws.replicate_key(old, "us-west-2", at=h(1))
    third = aws.replicate_key(old, "eu-west-1", at=h(2))
    aws.update_primary_region(old, "us-west-2", at=h(3))
    record = aws.schedule_key_deletion(new, 7, at=h(4))
    record["responseElements"] = {
        "keyId": new.arn, "keyState": "PendingReplicaDeletion", "pendingWindowInDays": 7,
    }  # fmt: skip
    for number, key in enumerate((old, third), 1):
        aws.schedule_key_deletion(key, 7, at=h(4))
        aws.delete_key(key, at=timedelta(days=7 + number))
    replayed = Replayed(aws)
    assert replayed.key(new.arn, timedelta(days=8, hours=12))["state"] == "PendingReplicaDeletion"
    waiting = replayed.key(new.arn, timedelta(days=9, hours=1))
    assert waiting["state"] == "PendingDeletion"
    assert waiting["deletion_date"] == replayed.time(timedelta(days=16))


def test_material_that_was_rotated_to_had_not_expired() -> None:
    aws = AwsSimulator(seed=7)
    key = aws.create_key("orders", at=h(0), origin="EXTERNAL")
    aws.import_key_material(key, at=h(1))
    aws.import_key_material(key, at=h(2), material="b" * 64, is_new=True, valid_to=h(5))
    aws.rotate_key_on_demand(key, at=h(6))
    replayed = Replayed(aws)
    assert replayed.key(key.arn, h(7))["state"] == "Enabled"
    assert replayed.key(key.arn, h(900))["state"] == "Enabled"


def test_a_key_that_only_serves_stays_in_one_state_however_often_it_does() -> None:
    """Each database under it is judged anew wherever its key changes."""
    aws = AwsSimulator(seed=1)
    key = aws.create_key(at=h(0))
    for number in range(5):
        database = aws.create_db_instance(f"db-{number}", key, at=h(1 + number))
        aws.create_db_snapshot(database, f"copy-{number}", at=h(10 + number))
    aws.disable_key(key, at=h(20))
    states = Replayed(aws).history.key(key.arn)
    assert [state.status.value for state in states.values] == ["Unknown", "Enabled", "Disabled"]
