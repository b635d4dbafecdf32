"""Blue/green deployments: names move, data stays where it is."""

from __future__ import annotations

from datetime import timedelta
from typing import NamedTuple

import pytest

from analyzer.counterfactual.counterfactual import imagined
from tests.replayed import Replayed
from tests.simulator.actors import user
from tests.simulator.handles import BlueGreen, Cluster, Database, Key
from tests.simulator.world import AwsSimulator
from tests.situations import REC, TERM, conditions, d, h


class Deployed(NamedTuple):
    aws: AwsSimulator
    key: Key
    blue: Database
    deployment: BlueGreen


@pytest.fixture
def deployed() -> Deployed:
    aws = AwsSimulator(seed=7)
    key = aws.create_key("orders", at=d(-20))
    blue = aws.create_db_instance("orders", key, at=d(-19))
    return Deployed(aws, key, blue, aws.create_blue_green(blue, "upgrade", at=d(-10)))


def test_after_the_switchover_the_name_means_green(deployed: Deployed) -> None:
    aws, key, blue, deployment = deployed
    green, old = aws.switch_over_blue_green(deployment, blue, at=d(-5))
    aws.modify_db_instance(green, retention=14, at=d(-4))
    replayed = Replayed(aws)
    before, after = replayed.explain("orders", d(-6)), replayed.explain("orders", d(0))
    assert before["resource_id"] == blue.resource_id
    assert after["resource_id"] == green.resource_id
    assert (after["database"], after["key"]) == (blue.arn, key.arn)
    left = replayed.explain("orders-old1", d(0))
    assert (left["resource_id"], left["database"]) == (blue.resource_id, old.arn)
    assert {one["name"] for one in replayed_rows(replayed)} == {"orders", "orders-old1"}


def replayed_rows(replayed: Replayed) -> list[dict[str, str]]:
    return [replayed.database(name) for name in ("orders", "orders-old1")]


def test_each_is_a_copy_of_the_other_as_of_the_switchover(deployed: Deployed) -> None:
    aws, _, blue, deployment = deployed
    green, old = aws.switch_over_blue_green(deployment, blue, at=d(-5))
    aws.modify_db_instance(green, retention=14, at=d(-4))
    aws.delete_db_instance(green, at=d(0), actor=user("mallory"))
    replayed = Replayed(aws)
    found = replayed.explain(green.resource_id, d(1))
    assert found["verdict"] == "recoverable"
    [copy] = [one for one in found["copies"] if one["condition"] == "usable"]
    assert (copy["id"], copy["kind"]) == (old.arn, "replica")
    assert copy["restorable_to"] == replayed.time(d(-5))
    assert found["data_loss_seconds"] == 5 * 24 * 3600
    assert replayed.explain("orders-old1", d(1))["verdict"] == "healthy"


def test_before_the_switchover_green_follows_blue_which_cannot_stop(deployed: Deployed) -> None:
    aws, key, blue, deployment = deployed
    aws.disable_key(key, at=d(-8))
    aws.rds_event(blue, "RDS-EVENT-0418", at=d(-8))
    aws.delete_blue_green(deployment, at=d(-5))
    replayed = Replayed(aws)
    found = replayed.explain("orders", d(-8, 3))
    assert found["in_place"]["status"] == TERM
    assert conditions(found)["replica"] == "gone"


def test_a_switchover_that_rds_took_back_moves_no_name(deployed: Deployed) -> None:
    aws, _, blue, deployment = deployed
    aws.switch_over_blue_green(deployment, blue, at=d(-5))
    aws.rds_event(deployment, "RDS-EVENT-0249", at=d(-5, 0, 9))
    assert Replayed(aws).explain("orders", d(0))["resource_id"] == blue.resource_id


def test_rds_itself_may_tell_the_name_under_which_blue_lives_on(deployed: Deployed) -> None:
    aws, _, blue, deployment = deployed
    green = deployment.pairs[0][1].rpartition(":")[2]
    said = f"completed. Renamed orders to orders-old2 and {green} to orders."
    aws.rds_event(
        deployment, "RDS-EVENT-0251", at=d(-5),
        message=f"Switchover from primary/read replica orders to {green} {said}",
    )  # fmt: skip
    replayed = Replayed(aws)
    assert replayed.explain("orders-old2", d(0))["resource_id"] == blue.resource_id
    assert replayed.explain("orders", d(0))["resource_id"] is None


def names_at(replayed: Replayed, *moments: timedelta) -> list[str | None]:
    return [replayed.explain("orders", at)["resource_id"] for at in moments]


def exchanged(aws: AwsSimulator, deployment: BlueGreen, at: timedelta) -> None:
    green = deployment.pairs[0][1].rpartition(":")[2]
    said = f"completed. Renamed orders to orders-old1 and {green} to orders."
    aws.rds_event(
        deployment, "RDS-EVENT-0251", at=at,
        message=f"Switchover from primary/read replica orders to {green} {said}",
    )  # fmt: skip


@pytest.mark.parametrize("is_renamed", [True, False])
def test_names_move_when_rds_says_that_the_switchover_is_over(
    deployed: Deployed, is_renamed: bool
) -> None:
    aws, _, blue, deployment = deployed
    green, _ = aws.switch_over_blue_green(deployment, blue, at=d(-5))
    if is_renamed:
        exchanged(aws, deployment, d(-5, 0, 3))
    aws.rds_event(deployment, "RDS-EVENT-0248", at=d(-5, 0, 4))
    aws.modify_db_instance(green, retention=14, at=d(-4))
    replayed = Replayed(aws)
    end = d(-5, 0, 3) if is_renamed else d(-5, 0, 4)
    before, after = blue.resource_id, green.resource_id
    found = names_at(replayed, d(-5), d(-5, 0, 2), end, d(-5, 0, 5))
    assert found == [before, before, after, after]
    assert not any("switchover" in note for note in replayed.explain("orders", d(0))["notes"])
    effects = [one["effect"] for one in replayed.timeline("orders-old1", d(0))["events"]]
    assert "named orders-old1 from now on; database stays available" in effects
    [copy] = [one for one in replayed.explain("orders", d(0))["copies"] if one["kind"] == "replica"]
    assert copy["restorable_to"] == replayed.time(end)


def test_a_loss_after_a_switchover_is_explained_though_no_record_names_greens_id(
    deployed: Deployed,
) -> None:
    aws, key, blue, deployment = deployed
    aws.switch_over_blue_green(deployment, blue, at=d(-5))
    aws.rds_event(deployment, "RDS-EVENT-0248", at=d(-5, 0, 4))
    aws.disable_key(key, at=d(-4))
    said = Replayed(aws).explain("orders", d(0))
    assert (said["database"], said["resource_id"]) == (blue.arn, None)
    assert said["root_cause"]["event_name"] == "DisableKey"
    assert any("By the rules" in note for note in said["notes"])


def test_a_call_between_call_and_end_is_about_blue(deployed: Deployed) -> None:
    aws, _, blue, deployment = deployed
    aws.switch_over_blue_green(deployment, blue, at=d(-5))
    aws.record(
        "rds", "StopDBInstance", at=d(-5, 0, 1), request={"dBInstanceIdentifier": "orders"},
        response=None, error=("InvalidDBInstanceStateFault", "switching over"),
    )  # fmt: skip
    aws.rds_event(blue, "RDS-EVENT-0418", at=d(-5, 0, 1))
    exchanged(aws, deployment, d(-5, 0, 3))
    history = Replayed(aws).history
    told = [one.evidence.event_name for one in history.groups.database_facts[blue.resource_id]]
    assert {"RDS-EVENT-0418", "StopDBInstance"} <= set(told)


def test_where_nothing_tells_the_end_that_is_inferred_and_said(deployed: Deployed) -> None:
    aws, _, blue, deployment = deployed
    green, _ = aws.switch_over_blue_green(deployment, blue, at=d(-5))
    aws.modify_db_instance(green, retention=14, at=d(-4))
    replayed = Replayed(aws)
    assert names_at(replayed, d(-6), d(-5)) == [blue.resource_id, green.resource_id]
    [note] = [one for one in replayed.explain("orders", d(0))["notes"] if "switchover" in one]
    assert "inferred" in note
    assert replayed.time(d(-5, 0, 5)) in note


def test_without_the_call_rds_would_have_moved_no_name(deployed: Deployed) -> None:
    aws, _, blue, deployment = deployed
    aws.switch_over_blue_green(deployment, blue, at=d(-5))
    exchanged(aws, deployment, d(-5, 0, 3))
    aws.rds_event(deployment, "RDS-EVENT-0248", at=d(-5, 0, 4))
    history = Replayed(aws).history
    [call] = [
        one.evidence.entry for one in history.groups.facts
        if one.evidence.event_name == "SwitchoverBlueGreenDeployment"
    ]  # fmt: skip
    found = imagined(history, (call,))
    told = [one.evidence.event_name for one in found.dropped]
    assert told == ["RDS-EVENT-0251", "RDS-EVENT-0248"]
    assert found.history.groups.identities.at(blue.arn, history.end or 0) == blue.resource_id


def test_green_that_goes_with_its_deployment_is_gone(deployed: Deployed) -> None:
    aws, _, blue, deployment = deployed
    aws.delete_blue_green(deployment, at=d(-5), delete_target=True)
    replayed = Replayed(aws)
    assert conditions(replayed.explain("orders", d(-6)))["replica"] == "usable"
    assert conditions(replayed.explain("orders", d(0)))["replica"] == "gone"
    assert replayed.explain("orders", d(0))["resource_id"] == blue.resource_id


def of_cluster() -> tuple[AwsSimulator, Key, Cluster, BlueGreen]:
    aws = AwsSimulator(seed=7)
    key = aws.create_key("shop", at=d(-20))
    blue = aws.create_db_cluster("shop", key, at=d(-19))
    aws.create_cluster_member(blue, "shop-writer", at=d(-19))
    return aws, key, blue, aws.create_blue_green(blue, "upgrade", at=d(-10))


def test_an_aurora_cluster_in_a_deployment_ends_terminal_at_once() -> None:
    aws, key, _, _ = of_cluster()
    aws.disable_key(key, at=d(0))
    assert Replayed(aws).explain("shop", h(1))["in_place"]["status"] == TERM


def test_once_the_deployment_is_deleted_it_may_stop_again() -> None:
    aws, key, blue, deployment = of_cluster()
    aws.switch_over_blue_green(deployment, blue, at=d(-5))
    aws.delete_blue_green(deployment, at=d(-4))
    aws.disable_key(key, at=d(0))
    replayed = Replayed(aws)
    for name in ("shop", "shop-old1"):
        assert replayed.explain(name, h(1))["in_place"]["status"] == REC, name


def test_members_move_with_their_cluster() -> None:
    aws, _, blue, deployment = of_cluster()
    green, old = aws.switch_over_blue_green(deployment, blue, at=d(-5))
    aws.modify_db_cluster(green, retention=14, at=d(-4))
    replayed = Replayed(aws)
    assert replayed.explain("shop-writer", d(0))["resource_id"] == green.resource_id
    assert replayed.explain("shop-writer-old1", d(0))["database"] == old.arn
    assert replayed.explain("shop-writer", d(-6))["resource_id"] == blue.resource_id


def test_green_is_as_blue_was_when_it_was_made(deployed: Deployed) -> None:
    aws, _, blue, deployment = deployed
    green, _ = aws.switch_over_blue_green(deployment, blue, at=d(-5))
    aws.create_db_snapshot(green, "kept", at=d(-4))
    aws.modify_db_instance(blue, retention=0, at=d(-3))
    found = Replayed(aws).explain(green.resource_id, d(0))
    assert found["verdict"] == "healthy"
    assert conditions(found)["automated-backup"] == "usable"


def test_an_instance_cannot_stop_while_it_has_a_green_one(deployed: Deployed) -> None:
    aws, key, _, _ = deployed
    aws.disable_key(key, at=d(-8))
    assert Replayed(aws).explain("orders", d(-8, 3))["in_place"]["status"] == TERM


def test_an_instance_may_stop_again_once_it_has_been_switched_over(deployed: Deployed) -> None:
    aws, key, blue, deployment = deployed
    aws.switch_over_blue_green(deployment, blue, at=d(-5))
    aws.disable_key(key, at=d(0))
    assert Replayed(aws).explain("orders-old1", h(3))["in_place"]["status"] == REC
