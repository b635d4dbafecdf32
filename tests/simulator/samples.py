"""Samples: one record for each event name that is decoded (`python -m tests.simulator.samples`).

Each is made by the simulator in one small world, and stands in `samples/<service>` under the name
of its event.
"""

from __future__ import annotations

import json
import sys
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final

from tests.simulator.actors import ACCOUNT, on_behalf, role, service
from tests.simulator.messages import (
    MESSAGES,
    MESSAGES_OF_MORE,
    MORE_OF_CLUSTER_SNAPSHOTS,
    MORE_OF_CLUSTERS,
    MORE_OF_DEPLOYMENTS,
    MORE_OF_SNAPSHOTS,
    OF_CLUSTERS,
    OF_SNAPSHOTS,
)
from tests.simulator.times import utc
from tests.simulator.world import AwsSimulator

if TYPE_CHECKING:
    from tests.simulator.handles import Cluster, ClusterSnapshot, Database, Key, Snapshot
    from tests.simulator.recorder import Json

SHELF: Final = Path(__file__).parents[2] / "samples"
BACKUP: Final = "backup.amazonaws.com"
_HOUR = timedelta(hours=1)
_POLICY: Final = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Sid": "the account decides",
            "Effect": "Allow",
            "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"},
            "Action": "kms:*",
            "Resource": "*",
        }
    ],
}


def build() -> dict[Path, bytes]:
    """Return every sample: its path below `samples/`, and its bytes."""
    aws = AwsSimulator(
        seed="samples",
        start=utc("2026-01-05 09:00:00"),
        actor=role("platform-admin", "noor.haddad", source_ip="198.51.100.31", has_mfa=True),
    )
    key = _life_of_a_key(aws)
    _imported_material(aws)
    database = _life_of_a_database(aws, key)
    for number, event_id in enumerate(sorted(MESSAGES.keys() - OF_SNAPSHOTS - OF_CLUSTERS)):
        aws.rds_event(database, event_id, at=number * _HOUR)
    # What comes later stands below, so that the ids above stay as they are.
    aws.disconnect_key_store("cks-1a2b3c4d5e6f7a8b9", at=50 * _HOUR)
    aws.connect_key_store("cks-1a2b3c4d5e6f7a8b9", at=51 * _HOUR)
    _relatives(aws)
    cluster = _life_of_a_cluster(aws, key)
    for number, event_id in enumerate(sorted(OF_CLUSTERS)):
        aws.rds_event(cluster, event_id, at=(80 + number) * _HOUR)
    _copies_elsewhere(aws, database, key)
    _trail(aws)
    _shares(aws, database, cluster)
    _trades(aws, database, cluster, key)
    _more_events(aws, database, cluster)
    _vaults(aws, database, key)
    named: dict[str, Json] = {}
    for event in aws.events():
        # The first of a name is the one that shows it best.
        named.setdefault(_path(event), event)
    return {
        Path(path): (json.dumps(event, indent=2, ensure_ascii=False) + "\n").encode()
        for path, event in sorted(named.items())
    }


def _path(event: Json) -> str:
    detail = event.get("detail", {})
    name = event.get("eventName") or detail.get("EventID") or event["detail-type"]
    service = (event.get("eventSource") or event["source"]).removeprefix("aws.").split(".")[0]
    return f"{service}/{name.replace(' ', '-')}.json"


def _life_of_a_key(aws: AwsSimulator) -> Key:
    key = aws.create_key("sample", at=0 * _HOUR, description="sample database")
    other = aws.create_key(at=1 * _HOUR)
    aws.update_alias("sample", other, at=2 * _HOUR)
    aws.delete_alias("sample", other, at=3 * _HOUR)
    aws.put_key_policy(key, json.dumps(_POLICY), at=4 * _HOUR)
    context = {"aws:rds:db-id": aws.ids.resource_id()}
    passed_on = on_behalf(aws.actor, "rds.amazonaws.com")
    granted = aws.create_grant(key, at=5 * _HOUR, context=context, actor=passed_on)
    grant_id = granted["responseElements"]["grantId"]
    aws.revoke_grant(key, grant_id, at=6 * _HOUR)
    aws.retire_grant(key, grant_id, at=7 * _HOUR, actor=passed_on)
    aws.tag_key(key, "team", "payments", at=8 * _HOUR)
    aws.untag_key(key, "team", at=9 * _HOUR)
    aws.update_key_description(key, "sample database, production", at=10 * _HOUR)
    aws.enable_key_rotation(key, at=11 * _HOUR)
    aws.rotate_key_on_demand(key, at=12 * _HOUR)
    aws.rotate_key(key, at=13 * _HOUR)
    aws.kms_event("KMS CMK Rotation", key, at=13 * _HOUR)
    aws.disable_key_rotation(key, at=14 * _HOUR)
    aws.disable_key(other, at=15 * _HOUR)
    aws.enable_key(other, at=16 * _HOUR)
    aws.schedule_key_deletion(other, 7, at=17 * _HOUR)
    aws.cancel_key_deletion(other, at=18 * _HOUR)
    aws.schedule_key_deletion(other, 7, at=19 * _HOUR)
    aws.delete_key(other, at=190 * _HOUR)
    aws.kms_event("KMS CMK Deletion", other, at=190 * _HOUR)
    return key


def _imported_material(aws: AwsSimulator) -> None:
    key = aws.create_key("own-material", at=20 * _HOUR, origin="EXTERNAL")
    aws.import_key_material(key, at=21 * _HOUR, valid_to=900 * _HOUR, is_new=True)
    aws.delete_imported_key_material(key, at=22 * _HOUR)
    aws.import_key_material(key, at=23 * _HOUR, valid_to=900 * _HOUR)
    aws.expire_key_material(key, at=900 * _HOUR)
    aws.kms_event("KMS Imported Key Material Expiration", key, at=900 * _HOUR)


def _life_of_a_database(aws: AwsSimulator, key: Key) -> Database:
    database = aws.create_db_instance("sample", key, at=30 * _HOUR)
    aws.modify_db_instance(database, at=31 * _HOUR, retention=14)
    aws.reboot_db_instance(database, at=32 * _HOUR)
    aws.stop_db_instance(database, at=33 * _HOUR)
    aws.start_db_instance(database, at=34 * _HOUR)
    snapshot = aws.create_db_snapshot(database, "sample-manual", at=35 * _HOUR)
    dr_key = aws.create_key(at=36 * _HOUR, region="us-west-2")
    copy = aws.copy_db_snapshot(snapshot, "sample-copy", dr_key, at=37 * _HOUR, region="us-west-2")
    aws.delete_db_snapshot(copy, at=38 * _HOUR)
    replica = aws.create_read_replica(database, "sample-replica", at=39 * _HOUR)
    aws.promote_read_replica(replica, at=40 * _HOUR, retention=7)
    aws.restore_from_snapshot(snapshot, "sample-restored", at=41 * _HOUR)
    aws.restore_to_point_in_time(database, "sample-rewound", at=42 * _HOUR, restore_time=41 * _HOUR)
    aws.restore_from_s3("sample-imported", key, at=43 * _HOUR)
    aws.delete_db_instance(
        replica, at=44 * _HOUR, final_snapshot="sample-final", delete_automated_backups=False
    )
    aws.delete_automated_backup(replica, at=45 * _HOUR)
    return database


def _relatives(aws: AwsSimulator) -> None:
    key = aws.create_key(at=60 * _HOUR, multi_region=True)
    aws.replicate_key(key, "us-west-2", at=61 * _HOUR)
    aws.synchronize_multi_region_key(key, at=62 * _HOUR)
    aws.update_primary_region(key, "us-west-2", at=63 * _HOUR)


def _life_of_a_cluster(aws: AwsSimulator, key: Key) -> Cluster:
    cluster = aws.create_db_cluster("sample-cluster", key, at=64 * _HOUR)
    aws.create_cluster_member(cluster, "sample-writer", at=64 * _HOUR)
    aws.create_cluster_member(cluster, "sample-reader", at=64 * _HOUR)
    aws.modify_db_cluster(cluster, at=65 * _HOUR, retention=14)
    aws.failover_db_cluster(cluster, at=66 * _HOUR, target="sample-reader")
    aws.stop_db_cluster(cluster, at=67 * _HOUR)
    aws.start_db_cluster(cluster, at=68 * _HOUR)
    three_nodes = aws.create_db_cluster("sample-multi-az", key, at=69 * _HOUR, engine="postgres")
    aws.reboot_db_cluster(three_nodes, at=70 * _HOUR)
    snapshot = aws.create_db_cluster_snapshot(cluster, "sample-cluster-manual", at=71 * _HOUR)
    far = aws.create_key(at=72 * _HOUR, region="us-west-2")
    copy = aws.copy_db_cluster_snapshot(
        snapshot, "sample-cluster-copy", far, at=73 * _HOUR, region="us-west-2"
    )
    aws.delete_db_cluster_snapshot(copy, at=74 * _HOUR)
    aws.restore_cluster_from_snapshot(snapshot, "sample-cluster-restored", at=75 * _HOUR)
    rewound = aws.restore_cluster_to_point_in_time(
        cluster, "sample-cluster-rewound", at=76 * _HOUR, restore_time=75 * _HOUR
    )
    aws.restore_cluster_from_s3("sample-cluster-imported", key, at=77 * _HOUR)
    replica = aws.create_db_cluster(
        "sample-cluster-west", far, at=78 * _HOUR, source=cluster, region="us-west-2"
    )
    aws.promote_read_replica_cluster(replica, at=79 * _HOUR)
    aws.delete_db_cluster(
        rewound, at=80 * _HOUR, final_snapshot="sample-final", delete_automated_backups=False
    )
    aws.delete_cluster_automated_backup(rewound, at=81 * _HOUR)
    aws.create_global_cluster("sample-global", cluster, at=82 * _HOUR)
    secondary = aws.create_db_cluster(
        "sample-secondary", far, at=83 * _HOUR, global_cluster="sample-global", region="us-west-2"
    )
    aws.remove_from_global_cluster("sample-global", secondary, at=84 * _HOUR)
    return cluster


def _copies_elsewhere(aws: AwsSimulator, database: Database, key: Key) -> None:
    far = aws.create_key(at=90 * _HOUR, region="us-west-2")
    replication = aws.replicate_backups(database, far, at=91 * _HOUR, days=14)
    aws.stop_replicating_backups(replication, at=92 * _HOUR)
    snapshot = aws.create_db_snapshot(database, "sample-export", at=93 * _HOUR)
    export = aws.start_export_task(snapshot, "sample-parquet", key, at=94 * _HOUR)
    aws.cancel_export_task(export, at=95 * _HOUR)
    point = aws.create_db_snapshot(
        database, f"awsbackup:job-{aws.ids.uuid()}", at=96 * _HOUR, actor=service(BACKUP)
    )
    aws.delete_recovery_point(point, at=97 * _HOUR)


def _shares(aws: AwsSimulator, database: Database, cluster: Cluster) -> None:
    snapshot = aws.create_db_snapshot(database, "sample-shared", at=110 * _HOUR)
    aws.share_snapshot(snapshot, at=111 * _HOUR, add=["444455556666"])
    of_cluster = aws.create_db_cluster_snapshot(cluster, "sample-shared", at=112 * _HOUR)
    aws.share_snapshot(of_cluster, at=113 * _HOUR, add=["444455556666"])


def _trades(aws: AwsSimulator, database: Database, cluster: Cluster, key: Key) -> None:
    oracle = aws.create_db_instance("sample-oracle", key, at=110 * _HOUR, engine="oracle-ee")
    standby = aws.create_read_replica(oracle, "sample-standby", at=111 * _HOUR)
    aws.switch_over_replica(standby, oracle, at=112 * _HOUR)
    deployment = aws.create_blue_green(database, "sample-upgrade", at=113 * _HOUR)
    green, _ = aws.switch_over_blue_green(deployment, database, at=114 * _HOUR)
    aws.delete_blue_green(deployment, at=115 * _HOUR)
    aws.apply_maintenance(green, "system-update", at=116 * _HOUR)
    aws.delete_tenant_database(green, "TENANT", "sample-tenant-final", at=117 * _HOUR)
    aws.rename_global_cluster("sample-global", "sample-globe", at=118 * _HOUR)
    aws.switch_over_global_cluster("sample-globe", cluster, at=118 * _HOUR)
    aws.switch_over_global_cluster("sample-globe", cluster, at=118 * _HOUR, is_failover=True)
    upgrade = aws.create_blue_green(cluster, "sample-cluster-upgrade", at=119 * _HOUR)
    for number, event_id in enumerate(MORE_OF_DEPLOYMENTS):
        aws.rds_event(upgrade, f"RDS-EVENT-{event_id}", at=(120 + number) * _HOUR)


def _more_events(aws: AwsSimulator, database: Database, cluster: Cluster) -> None:
    snapshot = aws.create_db_snapshot(database, "sample-told-of", at=130 * _HOUR)
    of_cluster = aws.create_db_cluster_snapshot(cluster, "sample-told-of", at=131 * _HOUR)
    about: dict[str, Database | Cluster | Snapshot | ClusterSnapshot] = {
        **dict.fromkeys(MORE_OF_SNAPSHOTS, snapshot),
        **dict.fromkeys(MORE_OF_CLUSTER_SNAPSHOTS, of_cluster),
        **dict.fromkeys(MORE_OF_CLUSTERS, cluster),
    }
    aws.rds_event(snapshot, "RDS-EVENT-0041", at=132 * _HOUR)
    for number, event_id in enumerate(sorted(MESSAGES_OF_MORE)):
        short = event_id.removeprefix("RDS-EVENT-")
        if short not in MORE_OF_DEPLOYMENTS:
            aws.rds_event(about.get(short, database), event_id, at=(133 + number) * _HOUR)


def _vaults(aws: AwsSimulator, database: Database, key: Key) -> None:
    vault = aws.create_backup_vault("sample-vault", key, at=200 * _HOUR)
    point = aws.back_up(database, at=201 * _HOUR)
    copy = aws.copy_recovery_point(point, vault, at=202 * _HOUR)
    aws.expire_recovery_point(copy, at=300 * _HOUR)


def _trail(aws: AwsSimulator) -> None:
    aws.start_logging("sample-trail", at=101 * _HOUR)
    aws.put_event_selectors("sample-trail", exclude_kms=True, at=102 * _HOUR)
    aws.stop_logging("sample-trail", at=103 * _HOUR)
    aws.delete_trail("sample-trail", at=104 * _HOUR)


def main(arguments: list[str]) -> int:
    """Write every sample below the given directory, `samples/` by default."""
    directory = Path(arguments[0]) if arguments else SHELF
    for path, payload in build().items():
        (directory / path).parent.mkdir(parents=True, exist_ok=True)
        (directory / path).write_bytes(payload)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
