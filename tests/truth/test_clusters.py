"""The truth table's rows about clusters, copies in other Regions, and other accounts."""

from __future__ import annotations

from typing import Any

from tests.replayed import Replayed
from tests.simulator.actors import user
from tests.simulator.handles import Cluster, Database, Key
from tests.simulator.world import AwsSimulator
from tests.situations import REC, TERM, conditions, d, h, statuses


def world(**more: Any) -> tuple[AwsSimulator, Key, Cluster]:
    aws = AwsSimulator(seed=7)
    key = aws.create_key("shop", at=d(-20))
    return aws, key, aws.create_db_cluster("shop", key, at=d(-19), **more)


def test_row_15_a_multi_az_db_cluster_ends_terminal_at_once() -> None:
    aws, key, _ = world(engine="postgres")
    aws.disable_key(key, at=d(0))
    replayed = Replayed(aws)
    assert statuses(replayed, "shop", d(3))[-1] == (replayed.time(h(2)), TERM)
    found = replayed.explain("shop", d(3))
    assert found["in_place"]["basis"] == "bounded"
    assert found["verdict"] == "recoverable-with-action"
    assert (found["unrecoverable"], found["recoverable_until"]) == (None, None)
    assert replayed.key(key.arn)["state"] == "Disabled"
    assert conditions(found) == {"volume": "gone", "automated-backup": "latent"}


def test_row_15_what_rds_says_of_a_member_dates_the_move_of_its_cluster() -> None:
    aws, key, cluster = world(engine="postgres")
    member = aws.create_cluster_member(cluster, "shop-1", at=d(-19))
    aws.disable_key(key, at=d(0))
    aws.rds_event(member, "RDS-EVENT-0418", at=d(0, 0, 30))
    found = Replayed(aws).explain("shop", d(3))["in_place"]
    assert (found["status"], found["basis"]) == (TERM, "derived")
    assert found["since"] == Replayed(aws).time(d(0, 2, 30))


def test_row_16_an_aurora_cluster_comes_back_with_key_and_start() -> None:
    aws, key, cluster = world()
    aws.disable_key(key, at=d(0))
    aws.enable_key(key, at=d(3))
    aws.start_db_cluster(cluster, at=d(3, 1))
    replayed = Replayed(aws)
    assert statuses(replayed, "shop")[-2:] == [
        (replayed.time(d(0)), REC),
        (replayed.time(d(3, 1)), "available"),
    ]
    during = replayed.explain("shop", d(1))
    assert during["kind"] == "cluster"
    assert during["in_place"]["terminal_at"] == replayed.time(d(7))
    assert during["in_place"]["basis"] == "bounded"
    assert [one["do"] for one in during["actions"]][:2] == ["EnableKey", "StartDBCluster"]
    assert replayed.key(key.arn)["state"] == "Enabled"
    assert replayed.explain("shop")["verdict"] == "healthy"
    assert set(conditions(replayed.explain("shop")).values()) == {"usable"}


def test_row_17_aurora_with_a_cross_region_replica_ends_terminal_at_once() -> None:
    aws, key, source = world()
    far = aws.create_key("far", at=d(-18), region="eu-west-1")
    replica = aws.create_db_cluster("shop-far", far, at=d(-17), region="eu-west-1", source=source)
    aws.disable_key(key, at=d(0))
    replayed = Replayed(aws)
    found = replayed.explain("shop", d(1))
    assert found["in_place"]["status"] == TERM
    assert found["verdict"] == "recoverable"
    assert conditions(found) == {
        "volume": "gone", "automated-backup": "latent", "replica": "usable",
    }  # fmt: skip
    promote = {"do": "PromoteReadReplicaDBCluster", "on": replica.arn}
    assert promote.items() <= found["actions"][-1].items()
    assert replayed.explain("shop-far", d(1))["verdict"] == "healthy"


def global_pair() -> tuple[AwsSimulator, Key, Cluster, Cluster]:
    aws, key, primary = world()
    far = aws.create_key("far", at=d(-18), region="eu-west-1")
    aws.create_global_cluster("globe", primary, at=d(-17))
    secondary = aws.create_db_cluster(
        "shop-eu", far, at=d(-16), region="eu-west-1", global_cluster="globe"
    )
    return aws, key, primary, secondary


def test_row_18_a_global_database_has_no_recoverable_status() -> None:
    aws, key, _, secondary = global_pair()
    aws.disable_key(key, at=d(0))
    replayed = Replayed(aws)
    found = replayed.explain("shop", d(1))
    assert found["in_place"]["status"] == TERM
    assert found["verdict"] == "recoverable"
    assert conditions(found)["global-secondary"] == "usable"
    failover = {"do": "FailoverGlobalCluster", "on": secondary.arn}
    assert failover.items() <= found["actions"][-1].items()
    assert found["data_loss_seconds"] == 0
    assert replayed.explain("shop-eu", d(1))["verdict"] == "healthy"


def test_no_failover_is_proposed_to_a_cluster_that_writes_already() -> None:
    for is_failover in (False, True):
        aws, key, primary, secondary = global_pair()
        aws.switch_over_global_cluster("globe", secondary, at=d(-2), is_failover=is_failover)
        aws.disable_key(key, at=d(0))
        found = Replayed(aws).explain("shop", d(1))
        assert found["verdict"] == "recoverable"
        assert "FailoverGlobalCluster" not in {one["do"] for one in found["actions"]}
        assert not any("stands by itself" in note for note in found["notes"])
        aws.switch_over_global_cluster("globe", primary, at=d(-1))
        again = Replayed(aws).explain("shop", d(1))
        assert "FailoverGlobalCluster" in {one["do"] for one in again["actions"]}


def test_a_cluster_that_left_the_global_database_is_recoverable_again() -> None:
    aws, key, primary, _ = global_pair()
    aws.remove_from_global_cluster("globe", primary, at=d(-2))
    aws.disable_key(key, at=d(0))
    assert Replayed(aws).explain("shop", d(1))["in_place"]["status"] == REC


def test_row_19_storage_under_a_key_that_aws_owns_is_out_of_reach() -> None:
    aws = AwsSimulator(seed=7)
    key = aws.create_key("unrelated", at=d(-20))
    aws.create_db_cluster("shop", at=d(-19), is_aws_owned=True)
    aws.schedule_key_deletion(key, 7, at=d(0))
    aws.delete_key(key, at=d(7, 3))
    found = Replayed(aws).explain("shop", d(9))
    assert found["verdict"] == "healthy"
    assert found["in_place"]["status"] == "available"
    assert set(conditions(found).values()) == {"usable"}


def test_a_member_is_answered_with_its_cluster() -> None:
    aws, key, cluster = world()
    arn = aws.create_cluster_member(cluster, "shop-writer", at=d(-18)).arn
    aws.disable_key(key, at=d(0))
    replayed = Replayed(aws)
    assert replayed.explain("shop-writer", d(1))["database"] == cluster.arn
    assert len(replayed.history.groups.database_facts) == 1
    member = aws.notifications
    assert arn.endswith(":db:shop-writer")
    assert member == []


def test_cluster_snapshots_are_copies() -> None:
    aws, key, cluster = world()
    other = aws.create_key("vault", at=d(-18))
    snapshot = aws.create_db_cluster_snapshot(cluster, "one", at=d(-3))
    aws.copy_db_cluster_snapshot(snapshot, "two", other, at=d(-2))
    aws.schedule_key_deletion(key, 7, at=d(0), actor=user("mallory"))
    aws.delete_key(key, at=d(7, 3))
    found = Replayed(aws).explain("shop")
    assert found["verdict"] == "recoverable"
    assert conditions(found) == {
        "volume": "gone", "automated-backup": "dead", "snapshot": "dead", "snapshot-copy": "usable",
    }  # fmt: skip
    assert found["actions"][-1]["do"] == "RestoreDBClusterFromSnapshot"


def test_documentdb_is_told_apart_and_given_no_clock() -> None:
    aws, key, _ = world(engine="docdb")
    aws.disable_key(key, at=d(0))
    found = Replayed(aws).explain("shop", d(9))
    assert found["in_place"]["status"] == "available"
    assert found["verdict"] == "at-risk"
    assert any("docdb" in note for note in found["notes"])


def replicated() -> tuple[AwsSimulator, Key, Key, Database]:
    aws = AwsSimulator(seed=7)
    key = aws.create_key("orders", at=d(-20))
    far = aws.create_key("far", at=d(-20), region="us-west-2")
    db = aws.create_db_instance("orders", key, at=d(-19))
    aws.replicate_backups(db, far, at=d(-18), days=14)
    aws.schedule_key_deletion(key, 7, at=d(0))
    aws.rds_event(db, "RDS-EVENT-0418", at=d(0))
    aws.delete_key(key, at=d(7, 3))
    return aws, key, far, db


def test_row_43_a_replicated_backup_under_its_own_key_survives() -> None:
    aws, key, far, _ = replicated()
    replayed = Replayed(aws)
    assert replayed.key(key.arn)["state"] == "Deleted"
    assert replayed.key(far.arn)["state"] == "Enabled"
    found = replayed.explain("orders")
    assert found["in_place"]["status"] == TERM
    assert found["verdict"] == "recoverable"
    [backup] = [copy for copy in found["copies"] if copy["kind"] == "replicated-backup"]
    assert (backup["condition"], backup["key"]) == ("usable", far.arn)
    assert found["recoverable_until"] is None  # their retention begins when their source is gone
    restore = {"do": "RestoreDBInstanceToPointInTime", "on": backup["id"]}
    assert restore.items() <= found["actions"][-1].items()


def test_row_44_a_replicated_backup_waits_for_its_own_key() -> None:
    aws, _, far, _ = replicated()
    aws.disable_key(far, at=d(8), region="us-west-2")
    found = Replayed(aws).explain("orders")
    assert found["verdict"] == "recoverable-with-action"
    assert Replayed(aws).key(far.arn)["state"] == "Disabled"
    assert conditions(found)["replicated-backup"] == "latent"
    assert found["actions"][1]["do"] == "RestoreDBInstanceToPointInTime"
    assert found["unrecoverable"] is None
    enable = {"do": "EnableKey", "on": far.arn}
    assert enable.items() <= found["actions"][0].items()


def test_a_replicated_backup_expires_after_its_source_was_deleted() -> None:
    aws, _, _, db = replicated()
    aws.delete_db_instance(db, at=d(8))
    replayed = Replayed(aws)
    assert replayed.explain("orders", d(9))["recoverable_until"] == replayed.time(d(22))
    found = replayed.explain("orders", d(23))
    assert found["unrecoverable"]["since"] == replayed.time(d(22))


def test_row_54_an_export_survives_but_is_no_database() -> None:
    aws = AwsSimulator(seed=7)
    key, other = aws.create_key("orders", at=d(-20)), aws.create_key("export", at=d(-20))
    db = aws.create_db_instance("orders", key, at=d(-19))
    snapshot = aws.create_db_snapshot(db, "weekly", at=d(-3))
    aws.start_export_task(snapshot, "weekly-parquet", other, at=d(-2))
    aws.schedule_key_deletion(key, 7, at=d(0))
    aws.delete_key(key, at=d(7, 3))
    found = Replayed(aws).explain("orders")
    assert found["in_place"]["status"] == TERM
    assert found["verdict"] == "unrecoverable"
    assert found["unrecoverable"]["since"] == Replayed(aws).time(d(7, 3))
    assert conditions(found)["export"] == "usable"
    assert any("Parquet" in note for note in found["notes"])


def test_row_50_a_key_that_another_account_disables_takes_access() -> None:
    aws = AwsSimulator(seed=7)
    key = aws.create_key("shared", at=d(-20))
    other = "444455556666"
    aws.create_db_instance("restored", key, at=d(-10), account=other)
    aws.disable_key(key, at=d(0))
    replayed = Replayed(aws)
    assert replayed.explain("restored", h(1))["verdict"] == "at-risk"
    found = replayed.explain("restored", d(1))
    assert found["in_place"]["status"] == REC
    assert found["root_cause"]["event_name"] == "DisableKey"
    assert found["verdict"] == "recoverable-with-action"
    assert found["actions"][0] | {"do": "EnableKey", "on": key.arn} == found["actions"][0]


def test_one_call_told_by_two_accounts_is_one_fact_with_two_evidences() -> None:
    aws = AwsSimulator(seed=7)
    key = aws.create_key("shared", at=d(-20))
    aws.create_db_instance("restored", key, at=d(-10), account="444455556666")
    for account in (aws.account, "444455556666"):
        record = aws.schedule_key_deletion(key, 7, at=d(0), account=account)
        record["sharedEventID"] = "4f9c6b1e-0000-4000-8000-00000000cafe"
    replayed = Replayed(aws)
    found = replayed.explain("restored", d(1))
    assert len([one for one in found["chain"] if one["event_name"] == "ScheduleKeyDeletion"]) == 1
    assert len(found["root_cause"]["twins"]) == 1
    assert not any("rules do not allow" in note for note in found["notes"])


def test_another_accounts_key_that_no_record_shows_is_unknown() -> None:
    aws = AwsSimulator(seed=7)
    key = aws.create_key("shared", at=d(-20))
    aws.records.clear()
    aws.create_db_instance("restored", key, at=d(-10), account="444455556666")
    found = Replayed(aws).explain("restored", d(1))
    assert found["verdict"] == "unknown"
    assert any("another" in note for note in found["notes"])


def test_row_51_taking_an_account_out_of_the_policy_leaves_its_running_database() -> None:
    aws = AwsSimulator(seed=7)
    key = aws.create_key("shared", at=d(-20))
    aws.create_db_instance("restored", key, at=d(-10), account="444455556666")
    aws.put_key_policy(key, '{"Version":"2012-10-17","Statement":[]}', at=d(0))
    assert Replayed(aws).explain("restored", d(9))["verdict"] == "healthy"


def test_row_52_a_copy_under_another_accounts_own_key_is_out_of_reach() -> None:
    aws = AwsSimulator(seed=7)
    key = aws.create_key("orders", at=d(-20))
    own = aws.create_key("theirs", at=d(-20), account="444455556666")
    db = aws.create_db_instance("orders", key, at=d(-19))
    snapshot = aws.create_db_snapshot(db, "shared", at=d(-5))
    record = aws.copy_db_snapshot(snapshot, "ours", own, at=d(-4), account="444455556666").record
    aws.schedule_key_deletion(key, 7, at=d(0))
    aws.delete_key(key, at=d(7, 3))
    found = Replayed(aws).explain("orders")
    assert record["recipientAccountId"] == "444455556666"
    assert found["verdict"] == "recoverable"
    [copy] = [one for one in found["copies"] if one["condition"] == "usable"]
    assert (copy["kind"], copy["key"]) == ("snapshot-copy", own.arn)
