"""RDS: the calls that make, change and delete DB instances."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Unpack

from tests.simulator.handles import Database, Key
from tests.simulator.recorder import Call, Json, Recorder
from tests.simulator.shapes import NEW_INSTANCE, db_instance
from tests.simulator.times import When, us_text

if TYPE_CHECKING:
    from collections.abc import Mapping


class Rds(Recorder):
    """The verbs of DB instances; each appends one record and returns it, or a new handle.

    `world` holds what responses show of an instance, by resource id; a failed call changes nothing.
    """

    def __init__(self, **recorder: Any) -> None:
        super().__init__(**recorder)
        self.world: dict[str, Json] = {}

    def create_db_instance(
        self,
        name: str,
        key: Key | None = None,
        *,
        at: When,
        retention: int = 7,
        engine: str = "postgres",
        multi_az: bool = False,
        encrypted: bool = True,
        key_as_asked: str | None = None,
        request: Mapping[str, Any] | None = None,
        **call: Unpack[Call],
    ) -> Database:
        """CreateDBInstance; encrypted without a key means alias/aws/rds.

        `key_as_asked` is the request's spelling (an alias, a bare id); the response has the ARN.
        """
        asked: Json = {
            **NEW_INSTANCE,
            "backupRetentionPeriod": retention,
            "dBInstanceIdentifier": name,
            "engine": engine,
            "multiAZ": multi_az,
            "storageEncrypted": encrypted,
        }
        if key is not None:
            asked["kmsKeyId"] = key_as_asked or key.arn
        shared = ("backupRetentionPeriod", "engine", "multiAZ", "storageEncrypted")
        used = key.arn if key else self.default_rds_key(call.get("region"))
        return self._new(
            "CreateDBInstance",
            name,
            used if encrypted else None,
            at=at,
            request=asked | dict(request or {}),
            shown={member: asked[member] for member in shared},
            call=call,
        )

    def default_rds_key(self, region: str | None = None) -> str:
        """Return the ARN of alias/aws/rds in a Region: one for each account and Region."""
        where = region or self.region
        ids = type(self.ids)(f"aws/rds {self.account} {where}")
        return f"arn:aws:kms:{where}:{self.account}:key/{ids.uuid()}"

    def _new(
        self,
        event_name: str,
        name: str,
        key: str | None,
        *,
        at: When,
        request: Mapping[str, Any],
        shown: Mapping[str, Any],
        call: Call,
    ) -> Database:
        region, account = call.get("region", self.region), call.get("account", self.account)
        arn = f"arn:aws:rds:{region}:{account}:db:{name.lower()}"
        resource_id = self.ids.resource_id()
        made = db_instance(arn=arn, resource_id=resource_id, key=key) | dict(shown)
        record = self.record("rds", event_name, at=at, request=request, response=made, **call)
        if not call.get("error"):
            created = us_text(self.moment(at) + timedelta(minutes=6))
            self.world[resource_id] = made | {
                "dBInstanceStatus": "available",
                "instanceCreateTime": created,
            }
        return Database(
            arn=arn,
            region=region,
            account=account,
            record=record,
            name=name.lower(),
            resource_id=resource_id,
            key=key,
        )

    def _on_instance(
        self,
        event_name: str,
        database: Database,
        *,
        at: When,
        request: Mapping[str, Any] | None = None,
        status: str,
        then: str | None = None,
        changes: Mapping[str, Any] | None = None,
        call: Call,
    ) -> Json:
        held = self.world[database.resource_id]
        shown = held | dict(changes or {}) | {"dBInstanceStatus": status}
        if held["backupRetentionPeriod"]:
            restorable = self.moment(at) - timedelta(minutes=4)
            shown.setdefault("latestRestorableTime", us_text(restorable))
        located = database.home | call
        record = self.record(
            "rds",
            event_name,
            at=at,
            request={"dBInstanceIdentifier": held["dBInstanceIdentifier"]} | dict(request or {}),
            response=shown,
            **located,
        )
        if record["responseElements"] is not None:
            kept = held | dict(changes or {}) | {"dBInstanceStatus": then or status}
            self.world[database.resource_id] = kept
        return record

    def modify_db_instance(
        self,
        database: Database,
        *,
        at: When,
        retention: int | None = None,
        multi_az: bool | None = None,
        instance_class: str | None = None,
        new_name: str | None = None,
        request: Mapping[str, Any] | None = None,
        **call: Unpack[Call],
    ) -> Json:
        """ModifyDBInstance, applied at once; `request` adds members as CloudTrail spells them."""
        asked = {
            "backupRetentionPeriod": retention,
            "multiAZ": multi_az,
            "dBInstanceClass": instance_class,
        }
        changes = {name: value for name, value in asked.items() if value is not None}
        renamed = {} if new_name is None else {"newDBInstanceIdentifier": new_name}
        record = self._on_instance(
            "ModifyDBInstance",
            database,
            at=at,
            request={"applyImmediately": True, **changes, **renamed, **(request or {})},
            status="modifying",
            then="available",
            changes=changes,
            call=call,
        )
        if new_name is not None and record["responseElements"] is not None:
            held = self.world[database.resource_id]
            arn = database.arn.rpartition(":")[0] + f":{new_name.lower()}"
            held |= {"dBInstanceIdentifier": new_name.lower(), "dBInstanceArn": arn}
        return record

    def start_db_instance(self, database: Database, *, at: When, **call: Unpack[Call]) -> Json:
        """StartDBInstance."""
        return self._on_instance(
            "StartDBInstance", database, at=at, status="starting", then="available", call=call
        )

    def stop_db_instance(self, database: Database, *, at: When, **call: Unpack[Call]) -> Json:
        """StopDBInstance."""
        return self._on_instance(
            "StopDBInstance", database, at=at, status="stopping", then="stopped", call=call
        )

    def reboot_db_instance(self, database: Database, *, at: When, **call: Unpack[Call]) -> Json:
        """RebootDBInstance."""
        return self._on_instance(
            "RebootDBInstance", database, at=at, status="rebooting", then="available", call=call
        )

    def delete_db_instance(
        self,
        database: Database,
        *,
        at: When,
        final_snapshot: str | None = None,
        delete_automated_backups: bool | None = None,
        **call: Unpack[Call],
    ) -> Json:
        """DeleteDBInstance: without a final snapshot, and with the default for backups if None."""
        asked: Json = {"skipFinalSnapshot": final_snapshot is None}
        if final_snapshot is not None:
            asked["finalDBSnapshotIdentifier"] = final_snapshot
        if delete_automated_backups is not None:
            asked["deleteAutomatedBackups"] = delete_automated_backups
        record = self._on_instance(
            "DeleteDBInstance", database, at=at, request=asked, status="deleting", call=call
        )
        if record["responseElements"] is not None:
            self._forget(database)
        return record

    def _forget(self, gone: Database) -> None:
        """Let a source forget a deleted replica, and replicas their deleted source.

        One of PostgreSQL in another Region stays the replica of nothing.
        """
        names = {gone.name, gone.arn}
        for held in self.world.values():
            listed = held["readReplicaDBInstanceIdentifiers"]
            held["readReplicaDBInstanceIdentifiers"] = [one for one in listed if one not in names]
            source = held.get("readReplicaSourceDBInstanceIdentifier")
            is_far = f":{gone.region}:" not in held["dBInstanceArn"]
            if source in names and not (is_far and held["engine"].startswith("postgres")):
                del held["readReplicaSourceDBInstanceIdentifier"]

    def promote_read_replica(
        self, replica: Database, *, at: When, retention: int | None = None, **call: Unpack[Call]
    ) -> Json:
        """PromoteReadReplica: the response still names the source."""
        asked = {} if retention is None else {"backupRetentionPeriod": retention}
        record = self._on_instance(
            "PromoteReadReplica",
            replica,
            at=at,
            request=asked,
            status="modifying",
            then="available",
            changes=asked,
            call=call,
        )
        if record["responseElements"] is not None:
            source = self.world[replica.resource_id].pop("readReplicaSourceDBInstanceIdentifier")
            for held in self.world.values():
                if source in {held["dBInstanceIdentifier"], held["dBInstanceArn"]}:
                    held["readReplicaDBInstanceIdentifiers"] = [
                        name
                        for name in held["readReplicaDBInstanceIdentifiers"]
                        if name not in {replica.name, replica.arn}
                    ]
        return record
