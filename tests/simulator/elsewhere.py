"""Copies elsewhere: backups in another Region, exports in S3, recovery points in a vault."""

from __future__ import annotations

from typing import TYPE_CHECKING, Unpack

from tests.simulator.global_clusters import GlobalClusters
from tests.simulator.handles import Cluster, Replication
from tests.simulator.shapes import automated_backup

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.simulator.handles import ClusterSnapshot, Database, Key, Snapshot
    from tests.simulator.recorder import Call, Json
    from tests.simulator.times import When


class Elsewhere(GlobalClusters):
    """The verbs of copies that do not lie beside their database."""

    def share_snapshot(
        self,
        snapshot: Snapshot | ClusterSnapshot,
        *,
        at: When,
        add: Sequence[str] = (),
        remove: Sequence[str] = (),
        **call: Unpack[Call],
    ) -> Json:
        """ModifyDBSnapshotAttribute, or that of a cluster's snapshot: who may restore it."""
        kind = "DBClusterSnapshot" if ":cluster-snapshot:" in snapshot.arn else "DBSnapshot"
        named = {f"d{kind[1:]}Identifier": snapshot.arn.rpartition(":")[2]}
        asked: Json = {**named, "attributeName": "restore"}
        if add:
            asked["valuesToAdd"] = list(add)
        if remove:
            asked["valuesToRemove"] = list(remove)
        values = {"attributeName": "restore", "attributeValues": list(add)}
        return self.record(
            "rds",
            f"Modify{kind}Attribute",
            at=at,
            request=asked,
            response={**named, f"d{kind[1:]}Attributes": [values]},
            **(snapshot.home | call),
        )

    def replicate_backups(
        self, database: Database, key: Key, *, at: When, days: int = 7, **call: Unpack[Call]
    ) -> Replication:
        """StartDBInstanceAutomatedBackupsReplication, called in the Region of `key`."""
        located = key.home | call
        where = f"arn:aws:rds:{located['region']}:{database.account}"
        backup = f"{where}:auto-backup:{self.ids.backup_id()}"
        asked = {
            "backupRetentionPeriod": days,
            "kmsKeyId": key.arn,
            "sourceDBInstanceArn": database.arn,
        }
        shown = self._replicated(database, backup, key.arn, days, "pending")
        record = self.record(
            "rds",
            "StartDBInstanceAutomatedBackupsReplication",
            at=at,
            request=asked,
            response=shown,
            **located,
        )
        return Replication(
            arn=backup,
            region=located["region"],
            account=located["account"],
            record=record,
            database=database,
            key=key.arn,
            days=days,
        )

    def stop_replicating_backups(
        self, replication: Replication, *, at: When, **call: Unpack[Call]
    ) -> Json:
        """StopDBInstanceAutomatedBackupsReplication: what is there is kept for its retention."""
        located = replication.home | call
        database, days = replication.database, replication.days
        return self.record(
            "rds",
            "StopDBInstanceAutomatedBackupsReplication",
            at=at,
            request={"sourceDBInstanceArn": database.arn},
            response=self._replicated(
                database, replication.arn, replication.key, days, "replicating"
            ),
            **located,
        )

    def delete_replicated_backup(
        self, replication: Replication, *, at: When, **call: Unpack[Call]
    ) -> Json:
        """DeleteDBInstanceAutomatedBackup of a replicated backup, by its ARN."""
        located = replication.home | call
        database, days = replication.database, replication.days
        return self.record(
            "rds",
            "DeleteDBInstanceAutomatedBackup",
            at=at,
            request={"dBInstanceAutomatedBackupsArn": replication.arn},
            response=self._replicated(database, replication.arn, replication.key, days, "deleting"),
            **located,
        )

    def _replicated(
        self, database: Database, backup: str, key: str, days: int, status: str
    ) -> Json:
        """Show a replicated backup: `region` in it is the source's."""
        held = self.world[database.resource_id]
        return automated_backup(arn=backup, instance=held, status=status) | {
            "region": database.region,
            "kmsKeyId": key,
            "backupRetentionPeriod": days,
        }

    def start_export_task(
        self,
        source: Snapshot | ClusterSnapshot | Cluster,
        name: str,
        key: Key,
        *,
        at: When,
        **call: Unpack[Call],
    ) -> Json:
        """StartExportTask: Parquet in S3, under a key of its own."""
        asked = {
            "exportTaskIdentifier": name,
            "iamRoleArn": f"arn:aws:iam::{source.account}:role/rds-export",
            "kmsKeyId": key.arn,
            "s3BucketName": f"exports-{source.account}",
            "sourceArn": source.arn,
        }
        return self.record(
            "rds",
            "StartExportTask",
            at=at,
            request=asked,
            response=_export(asked, source, "STARTING"),
            **(source.home | call),
        )

    def cancel_export_task(self, started: Json, *, at: When, **call: Unpack[Call]) -> Json:
        """CancelExportTask; `started` is the record of the StartExportTask."""
        name = started["requestParameters"]["exportTaskIdentifier"]
        located = _home(started) | call
        shown = {**started["responseElements"], "status": "CANCELING"}
        return self.record(
            "rds",
            "CancelExportTask",
            at=at,
            request={"exportTaskIdentifier": name},
            response=shown,
            **located,
        )

    def delete_recovery_point(
        self,
        point: Snapshot | ClusterSnapshot,
        vault: str = "Default",
        *,
        at: When,
        **call: Unpack[Call],
    ) -> Json:
        """AWS Backup's DeleteRecoveryPoint: its recovery points of RDS are snapshots."""
        asked = {"backupVaultName": vault, "recoveryPointArn": point.arn}
        located = point.home | call
        return self.record("backup", "DeleteRecoveryPoint", at=at, request=asked, **located)


def _export(asked: Json, source: Snapshot | ClusterSnapshot | Cluster, status: str) -> Json:
    return {
        "exportTaskIdentifier": asked["exportTaskIdentifier"],
        "iamRoleArn": asked["iamRoleArn"],
        "kmsKeyId": asked["kmsKeyId"],
        "percentProgress": 0,
        "s3Bucket": asked["s3BucketName"],
        "sourceArn": source.arn,
        "sourceType": "CLUSTER" if isinstance(source, Cluster) else "SNAPSHOT",
        "status": status,
        "totalExtractedDataInGB": 0,
    }


def _home(record: Json) -> Call:
    return {"region": record["awsRegion"], "account": record["recipientAccountId"]}
