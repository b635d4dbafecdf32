"""Global databases: which cluster writes, and what a failover may lose."""

from __future__ import annotations

from typing import NamedTuple

import pytest

from tests.replayed import Replayed
from tests.simulator.handles import Cluster, Key
from tests.simulator.world import AwsSimulator
from tests.situations import d, h


class World(NamedTuple):
    aws: AwsSimulator
    key: Key
    home: Cluster
    away: Cluster


@pytest.fixture
def world() -> World:
    aws = AwsSimulator(seed=7)
    key = aws.create_key("shop", at=d(-20))
    far = aws.create_key("far", at=d(-20), region="eu-west-1")
    home = aws.create_db_cluster("shop", key, at=d(-19))
    aws.create_global_cluster("world", home, at=d(-18))
    away = aws.create_db_cluster(
        "shop-eu", far, at=d(-17), region="eu-west-1", global_cluster="world"
    )
    return World(aws, key, home, away)


def notes(replayed: Replayed, name: str) -> list[str]:
    return [one for one in replayed.explain(name, d(9))["notes"] if "allowed data loss" in one]


@pytest.mark.parametrize(
    ("is_failover", "allows", "may_lose"),
    [(True, True, True), (True, None, False), (True, False, False), (False, None, False)],
)
def test_only_a_failover_that_allows_it_may_lose_the_last_writes(
    world: World, is_failover: bool, allows: bool | None, may_lose: bool
) -> None:
    aws, _, _, away = world
    aws.switch_over_global_cluster(
        "world", away, at=d(0), is_failover=is_failover, allows_data_loss=allows
    )
    replayed = Replayed(aws)
    for name in ("shop", "shop-eu"):
        assert bool(notes(replayed, name)) is may_lose, name


def test_what_is_lost_with_the_old_writer_is_at_least_what_had_not_arrived(world: World) -> None:
    aws, key, _, away = world
    aws.disable_key(key, at=d(0))
    aws.switch_over_global_cluster("world", away, at=h(1), is_failover=True, allows_data_loss=True)
    found = Replayed(aws).explain("shop", h(2))
    assert found["verdict"] == "recoverable"
    assert (found["data_loss_seconds"], found["data_loss_basis"]) == (0, "bounded")
    [secondary] = [one for one in found["copies"] if one["kind"] == "global-secondary"]
    assert secondary["restorable_to"] == Replayed(aws).time(d(0))


def test_a_snapshot_dates_what_is_lost(world: World) -> None:
    aws, key, home, away = world
    aws.remove_from_global_cluster("world", away, at=d(-3))
    aws.delete_db_cluster(away, at=d(-3, 1))
    other = aws.create_key("other", at=d(-20))
    snapshot = aws.create_db_cluster_snapshot(home, "nightly", at=d(-2))
    aws.copy_db_cluster_snapshot(snapshot, "kept", other, at=d(-1))
    aws.remove_from_global_cluster("world", home, at=d(-1, 1))
    aws.schedule_key_deletion(key, 7, at=d(0))
    aws.delete_key(key, at=d(7, 1))
    found = Replayed(aws).explain("shop", d(9))
    assert found["data_loss_basis"] == "derived"
    assert found["data_loss_seconds"] == 2 * 24 * 3600


@pytest.mark.parametrize("event_id", ["RDS-EVENT-0186", "RDS-EVENT-0187", "RDS-EVENT-0239"])
def test_what_rds_took_back_makes_no_writer(world: World, event_id: str) -> None:
    aws, key, home, away = world
    aws.switch_over_global_cluster("world", away, at=d(0), is_failover=True, allows_data_loss=True)
    aws.rds_event(
        home, event_id, at=h(1),
        message="Global failover to DB cluster shop-eu in Region eu-west-1 failed.",
    )  # fmt: skip
    aws.disable_key(key, at=h(2))
    replayed = Replayed(aws)
    assert not notes(replayed, "shop")
    calls = [one["do"] for one in replayed.explain("shop", h(3))["actions"]]
    assert "FailoverGlobalCluster" in calls


def test_clusters_that_never_belonged_together_are_no_copies_of_each_other(world: World) -> None:
    aws, key, home, _ = world
    aws.remove_from_global_cluster("world", home, at=d(-10))
    third = aws.create_key("third", at=d(-20), region="us-west-2")
    aws.create_db_cluster("late", third, at=d(-9), region="us-west-2", global_cluster="world")
    aws.disable_key(key, at=d(0))
    found = Replayed(aws).explain("shop", d(1))
    [secondary] = [one for one in found["copies"] if one["kind"] == "global-secondary"]
    assert secondary["id"].endswith(":shop-eu")
    assert secondary["restorable_to"] == Replayed(aws).time(d(-10))
