"""Clusters: the calls that make, change and delete DB clusters."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Unpack

from tests.simulator.cluster_shapes import NEW_CLUSTER, db_cluster
from tests.simulator.copies import Copies
from tests.simulator.handles import Cluster, Database, Key
from tests.simulator.recorder import Call, Json
from tests.simulator.times import When, us_text

if TYPE_CHECKING:
    from collections.abc import Mapping


class Clusters(Copies):
    """The verbs of DB clusters, as `Rds` has those of DB instances.

    `clusters` holds what responses show of a cluster, by resource id.
    """

    def __init__(self, **recorder: Any) -> None:
        super().__init__(**recorder)
        self.clusters: dict[str, Json] = {}

    def create_db_cluster(
        self,
        name: str,
        key: Key | None = None,
        *,
        at: When,
        retention: int = 7,
        engine: str = "aurora-postgresql",
        engine_mode: str = "provisioned",
        is_aws_owned: bool = False,
        source: Cluster | None = None,
        global_cluster: str | None = None,
        **call: Unpack[Call],
    ) -> Cluster:
        """CreateDBCluster; without a key alias/aws/rds, or `is_aws_owned`: a key that AWS owns.

        `source` is the cluster whose replica this one is, `global_cluster` the one it joins.
        """
        about = {"backupRetentionPeriod": retention, "engine": engine, "engineMode": engine_mode}
        about |= _relation(source, global_cluster)
        used = key.arn if key else self.default_rds_key(call.get("region"))
        made = self._new_cluster(
            "CreateDBCluster",
            name,
            None if is_aws_owned else used,
            at=at,
            request={
                "dBClusterIdentifier": name,
                **({} if source or global_cluster else NEW_CLUSTER),
                **({} if is_aws_owned else {"storageEncrypted": True}),
                **({} if key is None else {"kmsKeyId": key.arn}),
                **about,
            },
            shown=about | ({"storageEncryptionType": "sse-rds"} if is_aws_owned else {}),
            call=call,
        )
        if source is not None and not call.get("error"):
            held = self.clusters[source.resource_id]
            held["readReplicaIdentifiers"] = [*held["readReplicaIdentifiers"], made.arn]
        return made

    def create_cluster_member(
        self, cluster: Cluster, name: str, *, at: When, **call: Unpack[Call]
    ) -> Database:
        """CreateDBInstance of a member: storage, key and backups are the cluster's."""
        held = self.clusters[cluster.resource_id]
        asked = {
            "dBClusterIdentifier": cluster.name,
            "dBInstanceClass": "db.r8g.large",
            "dBInstanceIdentifier": name,
            "engine": held["engine"],
        }
        shared = ("backupRetentionPeriod", "engine", "storageEncrypted", "storageEncryptionType")
        member = self._new(
            "CreateDBInstance",
            name,
            cluster.key,
            at=at,
            request=asked,
            shown={part: held[part] for part in shared}
            | {"dBClusterIdentifier": cluster.name, "dBInstanceClass": asked["dBInstanceClass"]},
            call=cluster.home | call,
        )
        if not call.get("error"):
            is_writer = not held["dBClusterMembers"]
            held["dBClusterMembers"] = [
                *held["dBClusterMembers"],
                {"dBInstanceIdentifier": member.name, "isClusterWriter": is_writer},
            ]
        return member

    def _new_cluster(
        self,
        event_name: str,
        name: str,
        key: str | None,
        *,
        at: When,
        request: Mapping[str, Any],
        shown: Mapping[str, Any],
        call: Call,
    ) -> Cluster:
        region, account = call.get("region", self.region), call.get("account", self.account)
        arn = f"arn:aws:rds:{region}:{account}:cluster:{name.lower()}"
        resource_id = self.ids.resource_id("cluster")
        made = db_cluster(arn=arn, resource_id=resource_id, key=key) | dict(shown)
        made["clusterCreateTime"] = us_text(self.moment(at))
        record = self.record("rds", event_name, at=at, request=request, response=made, **call)
        if not call.get("error"):
            lists: Json = {"readReplicaIdentifiers": [], "dBClusterMembers": []}
            self.clusters[resource_id] = made | lists | {"status": "available"}
        return Cluster(
            arn=arn,
            region=region,
            account=account,
            record=record,
            name=name.lower(),
            resource_id=resource_id,
            key=key,
        )

    def _on_cluster(
        self,
        event_name: str,
        cluster: Cluster,
        *,
        at: When,
        request: Mapping[str, Any] | None = None,
        status: str,
        then: str | None = None,
        changes: Mapping[str, Any] | None = None,
        call: Call,
    ) -> Json:
        held = self.clusters[cluster.resource_id]
        restorable = us_text(self.moment(at) - timedelta(minutes=4))
        kept = held | dict(changes or {})
        located = cluster.home | call
        record = self.record(
            "rds",
            event_name,
            at=at,
            request={"dBClusterIdentifier": held["dBClusterIdentifier"]} | dict(request or {}),
            response=kept | {"status": status, "latestRestorableTime": restorable},
            **located,
        )
        if record["responseElements"] is not None:
            self.clusters[cluster.resource_id] = kept | {"status": then or status}
        return record

    def modify_db_cluster(
        self,
        cluster: Cluster,
        *,
        at: When,
        retention: int | None = None,
        new_name: str | None = None,
        request: Mapping[str, Any] | None = None,
        **call: Unpack[Call],
    ) -> Json:
        """ModifyDBCluster, applied at once; `request` adds members as CloudTrail spells them."""
        changes = {} if retention is None else {"backupRetentionPeriod": retention}
        renamed = {} if new_name is None else {"newDBClusterIdentifier": new_name}
        record = self._on_cluster(
            "ModifyDBCluster",
            cluster,
            at=at,
            request={"applyImmediately": True, **changes, **renamed, **(request or {})},
            status="available",
            changes=changes,
            call=call,
        )
        if new_name is not None and record["responseElements"] is not None:
            held = self.clusters[cluster.resource_id]
            arn = cluster.arn.rpartition(":")[0] + f":{new_name.lower()}"
            held |= {"dBClusterIdentifier": new_name.lower(), "dBClusterArn": arn}
        return record

    def start_db_cluster(self, cluster: Cluster, *, at: When, **call: Unpack[Call]) -> Json:
        """StartDBCluster."""
        return self._on_cluster(
            "StartDBCluster", cluster, at=at, status="starting", then="available", call=call
        )

    def stop_db_cluster(self, cluster: Cluster, *, at: When, **call: Unpack[Call]) -> Json:
        """StopDBCluster."""
        return self._on_cluster(
            "StopDBCluster", cluster, at=at, status="stopping", then="stopped", call=call
        )

    def reboot_db_cluster(self, cluster: Cluster, *, at: When, **call: Unpack[Call]) -> Json:
        """RebootDBCluster: of Multi-AZ DB clusters."""
        return self._on_cluster(
            "RebootDBCluster", cluster, at=at, status="rebooting", then="available", call=call
        )

    def failover_db_cluster(
        self, cluster: Cluster, *, at: When, target: str | None = None, **call: Unpack[Call]
    ) -> Json:
        """FailoverDBCluster, to the member `target` if one is named."""
        asked = {} if target is None else {"targetDBInstanceIdentifier": target}
        return self._on_cluster(
            "FailoverDBCluster", cluster, at=at, request=asked, status="available", call=call
        )

    def delete_db_cluster(
        self,
        cluster: Cluster,
        *,
        at: When,
        final_snapshot: str | None = None,
        delete_automated_backups: bool | None = None,
        **call: Unpack[Call],
    ) -> Json:
        """DeleteDBCluster: without a final snapshot, and with the default for backups if None."""
        asked: Json = {"skipFinalSnapshot": final_snapshot is None}
        if final_snapshot is not None:
            asked["finalDBSnapshotIdentifier"] = final_snapshot
        if delete_automated_backups is not None:
            asked["deleteAutomatedBackups"] = delete_automated_backups
        return self._on_cluster(
            "DeleteDBCluster", cluster, at=at, request=asked, status="deleting", call=call
        )

    def promote_read_replica_cluster(
        self, replica: Cluster, *, at: When, **call: Unpack[Call]
    ) -> Json:
        """PromoteReadReplicaDBCluster: the response still names the source."""
        record = self._on_cluster(
            "PromoteReadReplicaDBCluster",
            replica,
            at=at,
            status="promoting",
            then="available",
            call=call,
        )
        if record["responseElements"] is not None:
            self.clusters[replica.resource_id].pop("replicationSourceIdentifier")
            for held in self.clusters.values():
                listed = held["readReplicaIdentifiers"]
                held["readReplicaIdentifiers"] = [arn for arn in listed if arn != replica.arn]
        return record


def _relation(source: Cluster | None, global_cluster: str | None) -> Json:
    """Return the members that tell to what a new cluster belongs."""
    if source is not None:
        return {"replicationSourceIdentifier": source.arn}
    return {} if global_cluster is None else {"globalClusterIdentifier": global_cluster}
