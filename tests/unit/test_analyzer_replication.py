"""Read replicas: what they hold, when they stand by themselves, and who follows whom."""

from __future__ import annotations

from typing import Any

import pytest

from tests.replayed import Replayed
from tests.simulator.handles import Database, Key
from tests.simulator.world import AwsSimulator
from tests.situations import REC, TERM, conditions, d, h, statuses


def followed(
    engine: str = "mysql", region: str = "us-east-1"
) -> tuple[AwsSimulator, Key, Database, Database]:
    aws = AwsSimulator(seed=7)
    key = aws.create_key("orders", at=d(-20))
    other = aws.create_key("other", at=d(-20), region=region)
    source = aws.create_db_instance("orders", key, at=d(-19), engine=engine)
    replica = aws.create_read_replica(source, "replica", other, at=d(-10), region=region)
    return aws, other, source, replica


def test_a_replica_stands_by_itself_once_its_source_is_deleted() -> None:
    aws, other, source, replica = followed()
    aws.delete_db_instance(source, at=d(-5))
    aws.modify_db_instance(replica, retention=7, at=d(-4))
    aws.disable_key(other, at=d(0))
    aws.rds_event(replica, "RDS-EVENT-0418", at=d(0))
    replayed = Replayed(aws)
    assert statuses(replayed, "replica", d(1))[-1] == (replayed.time(h(2)), REC)
    found = replayed.explain("orders", d(-3))
    assert found["verdict"] == "recoverable"
    [copy] = [one for one in found["copies"] if one["kind"] == "replica"]
    assert (copy["condition"], copy["restorable_to"]) == ("usable", replayed.time(d(-5)))


def test_so_does_one_in_another_region_unless_it_is_postgresql() -> None:
    for engine, status in (("mysql", REC), ("postgres", TERM)):
        aws, other, source, replica = followed(engine, "eu-west-1")
        aws.delete_db_instance(source, at=d(-5))
        aws.modify_db_instance(replica, retention=7, at=d(-4), region="eu-west-1")
        aws.disable_key(other, at=d(0))
        aws.rds_event(replica, "RDS-EVENT-0418", at=d(0))
        assert Replayed(aws).explain("replica", d(1))["in_place"]["status"] == status, engine


def test_a_switchover_makes_the_replica_the_source_and_both_stay_copies() -> None:
    aws = AwsSimulator(seed=7)
    key, far = aws.create_key("orders", at=d(-20)), aws.create_key("far", at=d(-20))
    source = aws.create_db_instance("orders", key, at=d(-19), engine="oracle-ee")
    standby = aws.create_read_replica(source, "standby", far, at=d(-10))
    third = aws.create_read_replica(source, "third", at=d(-9))
    aws.switch_over_replica(standby, source, at=d(-5))
    aws.disable_key(key, at=d(0))
    aws.rds_event(source, "RDS-EVENT-0418", at=d(0))
    replayed = Replayed(aws)
    groups = replayed.history.groups.replications
    assert {pair.replica for pair in groups.of_source(standby.resource_id)} == {
        source.resource_id, third.resource_id,
    }  # fmt: skip
    state = replayed.history.database(source.resource_id).last
    assert state is not None
    assert state.traits.replica_source == standby.arn
    old, new = replayed.explain("orders", d(1)), replayed.explain("standby", d(1))
    assert old["in_place"]["status"] == TERM
    assert old["verdict"] == "recoverable"
    assert [one["id"] for one in old["copies"] if one["condition"] == "usable"] == [standby.arn]
    assert new["verdict"] == "healthy"
    kinds = {one["id"]: one["condition"] for one in new["copies"] if one["kind"] == "replica"}
    assert kinds == {source.arn: "gone", third.arn: "gone"}
    assert old["data_loss_seconds"] == 0


def restorable(found: dict[str, Any]) -> str | None:
    [copy] = [one for one in found["copies"] if one["kind"] == "replica"]
    return copy["restorable_to"]  # type: ignore[no-any-return]


def test_while_replication_has_stopped_the_replica_grows_old() -> None:
    aws, _, _, replica = followed()
    aws.rds_event(replica, "RDS-EVENT-0045", at=d(-8))
    aws.rds_event(replica, "RDS-EVENT-0062", at=d(-7))
    aws.rds_event(replica, "RDS-EVENT-0046", at=d(-6))
    aws.rds_event(replica, "RDS-EVENT-0057", at=d(-5))
    replayed = Replayed(aws)
    assert restorable(replayed.explain("orders", d(-9))) is None
    assert restorable(replayed.explain("orders", d(-7))) == replayed.time(d(-8))
    assert restorable(replayed.explain("orders", d(-6))) is None
    assert restorable(replayed.explain("orders", d(3))) == replayed.time(d(-5))


def test_a_replica_that_did_not_come_to_be_serves_nobody() -> None:
    aws, _, _, replica = followed()
    aws.rds_event(replica, "RDS-EVENT-0202", at=d(-10, 1))
    found = Replayed(aws).explain("replica", d(0))
    assert found["in_place"]["status"] == "failed"
    assert conditions(Replayed(aws).explain("orders", d(0)))["replica"] == "gone"


def test_a_replica_that_was_promoted_before_the_loss_is_not_promoted_again() -> None:
    aws, _, source, replica = followed()
    aws.promote_read_replica(replica, at=d(-5))
    aws.disable_key(Key(
        arn=str(source.key), key_id=str(source.key).rpartition("/")[2], region=source.region,
        account=source.account, record={},
    ), at=d(0))  # fmt: skip
    aws.rds_event(source, "RDS-EVENT-0418", at=d(0))
    replayed = Replayed(aws)
    found = replayed.explain("orders", d(9))
    assert found["verdict"] == "recoverable"
    assert "PromoteReadReplica" not in {one["do"] for one in found["actions"]}
    assert any("stands by itself" in note for note in found["notes"])


@pytest.mark.parametrize("engine", ["mysql", "postgres"])
def test_a_source_without_its_replica_may_stop_again(engine: str) -> None:
    aws, _, source, replica = followed(engine)
    aws.delete_db_instance(replica, at=d(-5))
    aws.disable_key(Key(
        arn=str(source.key), key_id=str(source.key).rpartition("/")[2], region=source.region,
        account=source.account, record={},
    ), at=d(0))  # fmt: skip
    assert Replayed(aws).explain("orders", d(1))["in_place"]["status"] == REC


def test_a_lost_replica_is_told_where_its_data_is() -> None:
    aws, other, source, _ = followed()
    aws.disable_key(other, at=d(0))
    found = Replayed(aws).explain("replica", d(1))
    assert found["verdict"] == "unrecoverable"
    [note] = [one for one in found["notes"] if "read replica of" in one]
    assert source.name in note
    assert Replayed(aws).explain("orders", d(1))["verdict"] == "healthy"
