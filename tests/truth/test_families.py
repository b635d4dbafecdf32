"""The truth table: keys that have relatives in other Regions.

One test a row, named by row number.
"""

from __future__ import annotations

from typing import NamedTuple

import pytest

from tests.replayed import Replayed
from tests.simulator.actors import user
from tests.simulator.handles import Database, Key
from tests.simulator.world import AwsSimulator
from tests.situations import MALLORY, TERM, conditions, d


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
