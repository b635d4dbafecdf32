"""Copies: snapshots, replicas, restores and backups of DB instances."""

from __future__ import annotations

from typing import TYPE_CHECKING, Unpack

from tests.simulator.handles import Database, Key, Snapshot
from tests.simulator.rds import Rds
from tests.simulator.shapes import NEW_INSTANCE, automated_backup, db_snapshot
from tests.simulator.times import When, iso, us_text

if TYPE_CHECKING:
    from tests.simulator.recorder import Call, Json


class Copies(Rds):
    """The verbs that make and delete what is left of a database without its volume."""

    def create_db_snapshot(
        self, database: Database, name: str, *, at: When, **call: Unpack[Call]
    ) -> Snapshot:
        """CreateDBSnapshot: under the key of the instance."""
        located = database.home | call
        asked = {"dBInstanceIdentifier": database.name, "dBSnapshotIdentifier": name}
        arn = _snapshot_arn(located, name)
        held = self.world[database.resource_id]
        shown = db_snapshot(arn=arn, instance=held, key=database.key)
        record = self.record(
            "rds", "CreateDBSnapshot", at=at, request=asked, response=shown, **located
        )
        return _snapshot(arn, located, record, database, database.key)

    def copy_db_snapshot(
        self,
        snapshot: Snapshot,
        name: str,
        key: Key | None = None,
        *,
        at: When,
        **call: Unpack[Call],
    ) -> Snapshot:
        """CopyDBSnapshot: under `key`, else its source's; `region=` and `account=` move it."""
        located = snapshot.home | call
        used = key.arn if key else snapshot.key
        crosses = located["region"] != snapshot.region
        leaves = crosses or located["account"] != snapshot.account
        asked = {
            "copyTags": False,
            "sourceDBSnapshotIdentifier": snapshot.arn if leaves else snapshot.name,
            "targetDBSnapshotIdentifier": name,
        }
        if key is not None:
            asked["kmsKeyId"] = key.arn
        arn = _snapshot_arn(located, name)
        held = self.world[snapshot.database.resource_id]
        moment = self.moment(at)
        shown = db_snapshot(arn=arn, instance=held, key=used) | {
            "sourceDBSnapshotIdentifier": snapshot.arn,
            "snapshotCreateTime": us_text(moment),
        }
        if crosses:
            shown["sourceRegion"] = snapshot.region
        record = self.record(
            "rds", "CopyDBSnapshot", at=at, request=asked, response=shown, **located
        )
        return _snapshot(arn, located, record, snapshot.database, used)

    def delete_db_snapshot(self, snapshot: Snapshot, *, at: When, **call: Unpack[Call]) -> Json:
        """DeleteDBSnapshot."""
        held = self.world[snapshot.database.resource_id]
        shown = db_snapshot(arn=snapshot.arn, instance=held, key=snapshot.key) | {
            "status": "deleted",
            "percentProgress": 100,
        }
        located = snapshot.home | call
        return self.record(
            "rds",
            "DeleteDBSnapshot",
            at=at,
            request={"dBSnapshotIdentifier": snapshot.name},
            response=shown,
            **located,
        )

    def final_snapshot(self, database: Database, name: str) -> Snapshot:
        """Return the handle of the final snapshot that a DeleteDBInstance has asked for."""
        arn = _snapshot_arn(database.home, name)
        return _snapshot(arn, database.home, {}, database, database.key)

    def delete_automated_backup(
        self, database: Database, *, at: When, **call: Unpack[Call]
    ) -> Json:
        """DeleteDBInstanceAutomatedBackup, by the immutable id of the instance."""
        located = database.home | call
        arn = f"arn:aws:rds:{database.region}:{database.account}:auto-backup:{self.ids.backup_id()}"
        return self.record(
            "rds",
            "DeleteDBInstanceAutomatedBackup",
            at=at,
            request={"dbiResourceId": database.resource_id},
            response=automated_backup(
                arn=arn, instance=self.world[database.resource_id], status="deleting"
            ),
            **located,
        )

    def create_read_replica(
        self,
        source: Database,
        name: str,
        key: Key | None = None,
        *,
        at: When,
        **call: Unpack[Call],
    ) -> Database:
        """CreateDBInstanceReadReplica: under `key`, else the source's; `region=` elsewhere."""
        located = source.home | call
        crosses = located["region"] != source.region
        named = source.arn if crosses else source.name
        asked = {"dBInstanceIdentifier": name, "sourceDBInstanceIdentifier": named}
        if key is not None:
            asked["kmsKeyId"] = key.arn
        shown = self._like(source) | {
            "readReplicaSourceDBInstanceIdentifier": named,
            "backupRetentionPeriod": 0,
        }
        replica = self._new(
            "CreateDBInstanceReadReplica",
            name,
            key.arn if key else source.key,
            at=at,
            request=asked,
            shown=shown,
            call=located,
        )
        if not call.get("error"):
            held = self.world[source.resource_id]
            listed = replica.arn if crosses else replica.name
            held["readReplicaDBInstanceIdentifiers"] = [
                *held["readReplicaDBInstanceIdentifiers"],
                listed,
            ]
        return replica

    def restore_from_snapshot(
        self, snapshot: Snapshot, name: str, *, at: When, **call: Unpack[Call]
    ) -> Database:
        """RestoreDBInstanceFromDBSnapshot: a new instance under the snapshot's key."""
        asked = {"dBInstanceIdentifier": name, "dBSnapshotIdentifier": snapshot.name}
        return self._new(
            "RestoreDBInstanceFromDBSnapshot",
            name,
            snapshot.key,
            at=at,
            request=asked,
            shown=self._like(snapshot.database),
            call=snapshot.home | call,
        )

    def restore_to_point_in_time(
        self,
        source: Database,
        name: str,
        *,
        at: When,
        restore_time: When | None = None,
        **call: Unpack[Call],
    ) -> Database:
        """RestoreDBInstanceToPointInTime: the latest restorable time unless one is given."""
        asked: Json = {
            "sourceDBInstanceIdentifier": source.name,
            "targetDBInstanceIdentifier": name,
        }
        if restore_time is None:
            asked["useLatestRestorableTime"] = True
        else:
            asked["restoreTime"] = iso(self.moment(restore_time))
        return self._new(
            "RestoreDBInstanceToPointInTime",
            name,
            source.key,
            at=at,
            request=asked,
            shown=self._like(source),
            call=source.home | call,
        )

    def restore_from_s3(self, name: str, key: Key, *, at: When, **call: Unpack[Call]) -> Database:
        """RestoreDBInstanceFromS3: a MySQL backup taken elsewhere becomes an instance."""
        asked: Json = {
            **NEW_INSTANCE,
            "backupRetentionPeriod": 7,
            "dBInstanceIdentifier": name,
            "engine": "mysql",
            "kmsKeyId": key.arn,
            "s3BucketName": f"imports-{key.account}",
            "s3IngestionRoleArn": f"arn:aws:iam::{key.account}:role/rds-import",
            "sourceEngine": "mysql",
            "sourceEngineVersion": "8.0.42",
            "storageEncrypted": True,
        }
        return self._new(
            "RestoreDBInstanceFromS3",
            name,
            key.arn,
            at=at,
            request=asked,
            shown={"engine": "mysql"},
            call=key.home | call,
        )

    def _like(self, database: Database) -> Json:
        held = self.world[database.resource_id]
        kept = ("engine", "backupRetentionPeriod", "storageEncrypted")
        return {name: held[name] for name in kept} | {"dBInstanceStatus": "creating"}


def _snapshot_arn(located: Call, name: str) -> str:
    return f"arn:aws:rds:{located['region']}:{located['account']}:snapshot:{name.lower()}"


def _snapshot(
    arn: str, located: Call, record: Json, database: Database, key: str | None
) -> Snapshot:
    return Snapshot(
        arn=arn,
        region=located["region"],
        account=located["account"],
        record=record,
        name=arn.rpartition("snapshot:")[2],
        database=database,
        key=key,
    )
