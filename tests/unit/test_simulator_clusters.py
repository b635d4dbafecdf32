"""The simulator's verbs for clusters, multi-Region keys and copies elsewhere."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from tests.simulator import AwsSimulator, Cluster
from tests.simulator.faults import KEY_NOT_ACCESSIBLE

DAY = timedelta(days=1)
WEST = "us-west-2"
OTHER = "444455556666"


def cluster_in(aws: AwsSimulator, **more: Any) -> Cluster:
    return aws.create_db_cluster("shop", aws.create_key(at=0), at=0, **more)


def test_a_failed_call_on_a_cluster_has_no_response_and_changes_nothing() -> None:
    aws = AwsSimulator()
    cluster = cluster_in(aws)
    before = dict(aws.clusters[cluster.resource_id])
    record = aws.stop_db_cluster(cluster, at=DAY, error=KEY_NOT_ACCESSIBLE)
    assert (record["errorCode"], record["responseElements"]) == ("KMSKeyNotAccessibleFault", None)
    assert aws.clusters[cluster.resource_id] == before


def test_a_cluster_under_a_key_that_aws_owns_names_no_key() -> None:
    aws = AwsSimulator()
    record = aws.create_db_cluster("shop", at=0, is_aws_owned=True).record
    shown = record["responseElements"]
    assert (shown["storageEncrypted"], shown["storageEncryptionType"]) == (False, "sse-rds")
    assert "kmsKeyId" not in shown
    assert "kmsKeyId" not in record["requestParameters"]


def test_a_cluster_without_a_key_of_its_own_lies_under_the_default_one() -> None:
    aws = AwsSimulator()
    cluster = aws.create_db_cluster("shop", at=0)
    assert cluster.key == aws.default_rds_key()
    assert cluster.context == {"aws:rds:dbc-id": cluster.resource_id}


def test_a_cluster_lists_its_members_and_the_first_is_the_writer() -> None:
    aws = AwsSimulator()
    cluster = cluster_in(aws)
    members = [aws.create_cluster_member(cluster, name, at=1) for name in ("a", "b")]
    assert {member.key for member in members} == {cluster.key}
    assert members[0].record["responseElements"]["dBClusterIdentifier"] == "shop"
    shown = aws.reboot_db_cluster(cluster, at=2)["responseElements"]["dBClusterMembers"]
    assert [one["isClusterWriter"] for one in shown] == [True, False]


def test_a_cluster_lists_its_replicas_until_they_are_promoted() -> None:
    aws = AwsSimulator()
    source = cluster_in(aws)
    far = aws.create_key(at=0, region=WEST)
    replica = aws.create_db_cluster("west", far, at=1, source=source, region=WEST)
    shown = aws.start_db_cluster(source, at=2)["responseElements"]
    assert shown["readReplicaIdentifiers"] == [replica.arn]
    promoted = aws.promote_read_replica_cluster(replica, at=3)["responseElements"]
    assert promoted["replicationSourceIdentifier"] == source.arn
    assert aws.start_db_cluster(source, at=4)["responseElements"]["readReplicaIdentifiers"] == []


def test_a_renamed_cluster_keeps_its_immutable_id() -> None:
    aws = AwsSimulator()
    cluster = cluster_in(aws)
    aws.modify_db_cluster(cluster, at=1, new_name="Shop-Old", retention=14)
    shown = aws.stop_db_cluster(cluster, at=2)["responseElements"]
    assert shown["dBClusterArn"].endswith(":cluster:shop-old")
    assert shown["dbClusterResourceId"] == cluster.resource_id
    assert shown["backupRetentionPeriod"] == 14


def test_a_global_database_lists_who_is_in_it() -> None:
    aws = AwsSimulator()
    primary = cluster_in(aws)
    aws.create_global_cluster("globe", primary, at=1)
    far = aws.create_key(at=1, region=WEST)
    secondary = aws.create_db_cluster("west", far, at=2, global_cluster="globe", region=WEST)
    left = aws.remove_from_global_cluster("globe", secondary, at=3)["responseElements"]
    assert [one["dBClusterArn"] for one in left["globalClusterMembers"]] == [primary.arn]
    assert left["globalClusterArn"] == f"arn:aws:rds::{aws.account}:global-cluster:globe"


def test_a_snapshot_taken_elsewhere_names_its_source_by_its_arn() -> None:
    aws = AwsSimulator()
    key, theirs = aws.create_key(at=0), aws.create_key(at=0, account=OTHER)
    ours = aws.create_db_cluster_snapshot(cluster_in(aws), "s", at=1)
    single = aws.create_db_snapshot(aws.create_db_instance("o", key, at=0), "s", at=1)
    copies = (
        (aws.copy_db_cluster_snapshot(ours, "c", theirs, at=2, account=OTHER), ours),
        (aws.copy_db_snapshot(single, "c", theirs, at=2, account=OTHER), single),
    )
    for copy, source in copies:
        assert source.arn in copy.record["requestParameters"].values()
        assert (copy.key, copy.account) == (theirs.arn, OTHER)


def test_a_key_is_replicated_with_two_records_and_one_if_that_fails() -> None:
    aws = AwsSimulator()
    key = aws.create_key(at=0, multi_region=True)
    replica = aws.replicate_key(key, WEST, at=1)
    first, second = aws.records[-2:]
    assert [first["eventName"], second["eventName"]] == ["ReplicateKey", "CreateKey"]
    assert [first["awsRegion"], second["awsRegion"]] == ["us-east-1", WEST]
    assert replica.arn == key.arn.replace("us-east-1", WEST)
    assert second["userIdentity"]["invokedBy"] == "kms.amazonaws.com"
    aws.replicate_key(key, "eu-west-1", at=2, error=KEY_NOT_ACCESSIBLE)
    assert aws.records[-2:] == [second, aws.records[-1]]


def test_a_new_primary_is_told_twice_the_second_time_without_resources() -> None:
    aws = AwsSimulator()
    key = aws.create_key(at=0, multi_region=True)
    assert aws.update_primary_region(key, WEST, at=1) is aws.records[-2]
    second = aws.records[-1]
    assert second["requestParameters"]["keyId"] == key.arn.replace("us-east-1", WEST)
    assert "resources" not in second
    before = len(aws.records)
    aws.update_primary_region(key, WEST, at=2, error=KEY_NOT_ACCESSIBLE)
    assert len(aws.records) == before + 1


def test_a_replicated_backup_lies_in_the_region_of_its_key_and_tells_its_source() -> None:
    aws = AwsSimulator()
    database = aws.create_db_instance("o", aws.create_key(at=0), at=0)
    far = aws.create_key(at=0, region=WEST)
    backup = aws.replicate_backups(database, far, at=1, days=14)
    for record in (
        backup.record,
        aws.stop_replicating_backups(backup, at=2),
        aws.delete_replicated_backup(backup, at=3),
    ):
        shown = record["responseElements"]
        assert record["awsRegion"] == WEST
        assert shown["dBInstanceAutomatedBackupsArn"].startswith(f"arn:aws:rds:{WEST}:")
        assert (shown["region"], shown["kmsKeyId"]) == ("us-east-1", far.arn)
        assert shown["backupRetentionPeriod"] == 14


def test_an_export_is_cancelled_where_it_was_started() -> None:
    aws = AwsSimulator()
    cluster, key = cluster_in(aws, account=OTHER), aws.create_key(at=0, account=OTHER)
    started = aws.start_export_task(cluster, "parquet", key, at=1)
    cancelled = aws.cancel_export_task(started, at=2)
    assert started["responseElements"]["sourceType"] == "CLUSTER"
    assert cancelled["requestParameters"] == {"exportTaskIdentifier": "parquet"}
    assert cancelled["recipientAccountId"] == OTHER


def test_an_event_says_of_what_kind_its_source_is() -> None:
    aws = AwsSimulator()
    cluster = cluster_in(aws)
    snapshot = aws.create_db_cluster_snapshot(cluster, "s", at=1)
    aws.rds_event(cluster, "RDS-EVENT-0150", at=2)
    aws.rds_event(snapshot, "RDS-EVENT-0075", at=3, message="Manual cluster snapshot created.")
    assert [one["detail-type"] for one in aws.notifications] == [
        "RDS DB Cluster Event",
        "RDS DB Cluster Snapshot Event",
    ]
    rows = aws.describe_events()["Events"]
    assert [row["SourceType"] for row in rows] == ["db-cluster", "db-cluster-snapshot"]
