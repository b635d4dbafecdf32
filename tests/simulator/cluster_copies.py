"""Copies of clusters: snapshots, restores and backups."""

from __future__ import annotations

from typing import TYPE_CHECKING, Unpack

from tests.simulator.cluster_shapes import (
    NEW_CLUSTER,
    cluster_automated_backup,
    db_cluster_snapshot,
)
from tests.simulator.clusters import Clusters
from tests.simulator.handles import Cluster, ClusterSnapshot, Key
from tests.simulator.times import When, iso, us_text

if TYPE_CHECKING:
    from tests.simulator.recorder import Call, Json


class ClusterCopies(Clusters):
    """The verbs that make and delete what is left of a cluster without its volume."""

    def create_db_cluster_snapshot(
        self, cluster: Cluster, name: str, *, at: When, **call: Unpack[Call]
    ) -> ClusterSnapshot:
        """CreateDBClusterSnapshot: under the key of the cluster."""
        located = cluster.home | call
        asked = {"dBClusterIdentifier": cluster.name, "dBClusterSnapshotIdentifier": name}
        arn = _snapshot_arn(located, name)
        held = self.clusters[cluster.resource_id]
        shown = db_cluster_snapshot(arn=arn, cluster=held, key=cluster.key) | {
            "snapshotCreateTime": us_text(self.moment(at))
        }
        record = self.record(
            "rds", "CreateDBClusterSnapshot", at=at, request=asked, response=shown, **located
        )
        return _snapshot(arn, located, record, cluster, cluster.key)

    def copy_db_cluster_snapshot(
        self,
        snapshot: ClusterSnapshot,
        name: str,
        key: Key | None = None,
        *,
        at: When,
        **call: Unpack[Call],
    ) -> ClusterSnapshot:
        """CopyDBClusterSnapshot: under `key`, else its source's; `region=` takes it to another."""
        located = snapshot.home | call
        used = key.arn if key else snapshot.key
        leaves = (located["region"], located["account"]) != (snapshot.region, snapshot.account)
        asked: Json = {
            "copyTags": False,
            "sourceDBClusterSnapshotIdentifier": snapshot.arn if leaves else snapshot.name,
            "targetDBClusterSnapshotIdentifier": name,
        }
        if key is not None:
            asked["kmsKeyId"] = key.arn
        arn = _snapshot_arn(located, name)
        held = self.clusters[snapshot.cluster.resource_id]
        shown = db_cluster_snapshot(arn=arn, cluster=held, key=used) | {
            "sourceDBClusterSnapshotArn": snapshot.arn,
            "snapshotCreateTime": us_text(self.moment(at)),
            "status": "copying",
        }
        record = self.record(
            "rds", "CopyDBClusterSnapshot", at=at, request=asked, response=shown, **located
        )
        return _snapshot(arn, located, record, snapshot.cluster, used)

    def delete_db_cluster_snapshot(
        self, snapshot: ClusterSnapshot, *, at: When, **call: Unpack[Call]
    ) -> Json:
        """DeleteDBClusterSnapshot."""
        held = self.clusters[snapshot.cluster.resource_id]
        shown = db_cluster_snapshot(arn=snapshot.arn, cluster=held, key=snapshot.key) | {
            "status": "available",
            "percentProgress": 100,
        }
        asked = {"dBClusterSnapshotIdentifier": snapshot.name}
        located = snapshot.home | call
        return self.record(
            "rds", "DeleteDBClusterSnapshot", at=at, request=asked, response=shown, **located
        )

    def final_cluster_snapshot(self, cluster: Cluster, name: str) -> ClusterSnapshot:
        """Return the handle of the final snapshot that a DeleteDBCluster has asked for."""
        arn = _snapshot_arn(cluster.home, name)
        return _snapshot(arn, cluster.home, {}, cluster, cluster.key)

    def delete_cluster_automated_backup(
        self, cluster: Cluster, *, at: When, **call: Unpack[Call]
    ) -> Json:
        """DeleteDBClusterAutomatedBackup, by the immutable id of the cluster."""
        located = cluster.home | call
        where = f"arn:aws:rds:{cluster.region}:{cluster.account}"
        arn = f"{where}:cluster-auto-backup:{self.ids.backup_id()}"
        return self.record(
            "rds",
            "DeleteDBClusterAutomatedBackup",
            at=at,
            request={"dbClusterResourceId": cluster.resource_id},
            response=cluster_automated_backup(
                arn=arn, cluster=self.clusters[cluster.resource_id], status="deleting"
            ),
            **located,
        )

    def restore_cluster_from_snapshot(
        self,
        snapshot: ClusterSnapshot,
        name: str,
        key: Key | None = None,
        *,
        at: When,
        **call: Unpack[Call],
    ) -> Cluster:
        """RestoreDBClusterFromSnapshot: a new cluster, under `key` or the snapshot's."""
        engine = self.clusters[snapshot.cluster.resource_id]["engine"]
        asked: Json = {
            "dBClusterIdentifier": name,
            "engine": engine,
            "snapshotIdentifier": snapshot.name,
        }
        if key is not None:
            asked["kmsKeyId"] = key.arn
        return self._new_cluster(
            "RestoreDBClusterFromSnapshot",
            name,
            key.arn if key else snapshot.key,
            at=at,
            request=asked,
            shown={"engine": engine},
            call=snapshot.home | call,
        )

    def restore_cluster_to_point_in_time(
        self,
        source: Cluster,
        name: str,
        *,
        at: When,
        restore_time: When | None = None,
        **call: Unpack[Call],
    ) -> Cluster:
        """RestoreDBClusterToPointInTime: the latest restorable time unless one is given."""
        held = self.clusters[source.resource_id]
        asked: Json = {"dBClusterIdentifier": name, "sourceDBClusterIdentifier": source.name}
        if restore_time is None:
            asked["useLatestRestorableTime"] = True
        else:
            asked["restoreToTime"] = iso(self.moment(restore_time))
        return self._new_cluster(
            "RestoreDBClusterToPointInTime",
            name,
            source.key,
            at=at,
            request=asked,
            shown={part: held[part] for part in ("engine", "backupRetentionPeriod")},
            call=source.home | call,
        )

    def restore_cluster_from_s3(
        self, name: str, key: Key, *, at: When, **call: Unpack[Call]
    ) -> Cluster:
        """RestoreDBClusterFromS3: a MySQL backup taken elsewhere becomes an Aurora cluster."""
        asked: Json = {
            **NEW_CLUSTER,
            "backupRetentionPeriod": 7,
            "dBClusterIdentifier": name,
            "engine": "aurora-mysql",
            "kmsKeyId": key.arn,
            "s3BucketName": f"imports-{key.account}",
            "s3IngestionRoleArn": f"arn:aws:iam::{key.account}:role/rds-import",
            "sourceEngine": "mysql",
            "sourceEngineVersion": "8.0.42",
            "storageEncrypted": True,
        }
        return self._new_cluster(
            "RestoreDBClusterFromS3",
            name,
            key.arn,
            at=at,
            request=asked,
            shown={"engine": "aurora-mysql"},
            call=key.home | call,
        )


def _snapshot_arn(located: Call, name: str) -> str:
    return f"arn:aws:rds:{located['region']}:{located['account']}:cluster-snapshot:{name.lower()}"


def _snapshot(
    arn: str, located: Call, record: Json, cluster: Cluster, key: str | None
) -> ClusterSnapshot:
    return ClusterSnapshot(
        arn=arn,
        region=located["region"],
        account=located["account"],
        record=record,
        name=arn.rpartition("snapshot:")[2],
        cluster=cluster,
        key=key,
    )
