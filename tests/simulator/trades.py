"""Trades: databases that trade places or names: read replicas, blue/green deployments."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar, Unpack

from tests.simulator.elsewhere import Elsewhere
from tests.simulator.handles import BlueGreen, Cluster, Database

if TYPE_CHECKING:
    from tests.simulator.recorder import Call, Json
    from tests.simulator.times import When

Blue = TypeVar("Blue", Database, Cluster)


class Trades(Elsewhere):
    """The verbs after which a name means another database, or a replica its source."""

    def switch_over_replica(
        self, replica: Database, source: Database, *, at: When, **call: Unpack[Call]
    ) -> Json:
        """SwitchoverReadReplica: the replica becomes the source and the source its replica."""
        record = self._on_instance(
            "SwitchoverReadReplica",
            replica,
            at=at,
            status="modifying",
            then="available",
            call=call,
        )
        if record["responseElements"] is not None:
            new, old = self.world[replica.resource_id], self.world[source.resource_id]
            new.pop("readReplicaSourceDBInstanceIdentifier", None)
            others = list(old["readReplicaDBInstanceIdentifiers"])
            new["readReplicaDBInstanceIdentifiers"] = [
                source.name, *(name for name in others if name != replica.name),
            ]  # fmt: skip
            old["readReplicaDBInstanceIdentifiers"] = []
            old["readReplicaSourceDBInstanceIdentifier"] = replica.name
        return record

    def create_blue_green(
        self, blue: Database | Cluster, name: str, *, at: When, **call: Unpack[Call]
    ) -> BlueGreen:
        """CreateBlueGreenDeployment: the response does not name the green databases yet."""
        located = blue.home | call
        identifier = f"bgd-{self.ids.suffix().lower()}"
        green = f"{blue.name}-green-{self.ids.suffix().lower()[:6]}"
        members = self._members(blue)
        pairs = [(blue.arn, _beside(blue, blue.name, green))]
        pairs += [
            (_member(blue, one), _member(blue, f"{one}-green-{self.ids.suffix().lower()[:6]}"))
            for one in members
        ]
        record = self.record(
            "rds",
            "CreateBlueGreenDeployment",
            at=at,
            request={"blueGreenDeploymentName": name, "source": blue.arn},
            response={
                "blueGreenDeploymentIdentifier": identifier,
                "blueGreenDeploymentName": name,
                "source": blue.arn,
                "status": "PROVISIONING",
                "switchoverDetails": [{"sourceMember": old} for old, _ in pairs],
                "tasks": [{"name": "CREATING_READ_REPLICA_OF_SOURCE", "status": "PENDING"}],
            },
            **located,
        )
        return BlueGreen(
            arn=f"arn:aws:rds:{blue.region}:{blue.account}:deployment:{identifier}",
            region=blue.region,
            account=blue.account,
            record=record,
            name=identifier,
            pairs=tuple(pairs),
            like=self._held(blue)[blue.resource_id],
        )

    def switch_over_blue_green(
        self, deployment: BlueGreen, blue: Blue, *, at: When, **call: Unpack[Call]
    ) -> tuple[Blue, Blue]:
        """SwitchoverBlueGreenDeployment; return what is green under its new name, and blue."""
        self.record(
            "rds",
            "SwitchoverBlueGreenDeployment",
            at=at,
            request={"blueGreenDeploymentIdentifier": deployment.name},
            response=_shown(deployment, "SWITCHOVER_IN_PROGRESS"),
            **(deployment.home | call),
        )
        held = self._held(blue)
        was = held[blue.resource_id]
        is_instance = isinstance(blue, Database)
        resource_id = self.ids.resource_id("db" if is_instance else "cluster")
        kind = "dBInstance" if is_instance else "dBCluster"
        named, located = f"{kind}Identifier", f"{kind}Arn"
        if call.get("error"):
            return blue, blue
        old = replace(blue, arn=f"{blue.arn}-old1", name=f"{blue.name}-old1")
        held[resource_id] = deployment.like | {
            named: was[named],
            located: was[located],
            "dbiResourceId" if is_instance else "dbClusterResourceId": resource_id,
        }
        held[blue.resource_id] = was | {named: old.name, located: old.arn}
        return replace(blue, resource_id=resource_id), old

    def delete_blue_green(
        self,
        deployment: BlueGreen,
        *,
        at: When,
        delete_target: bool = False,
        **call: Unpack[Call],
    ) -> Json:
        """DeleteBlueGreenDeployment."""
        return self.record(
            "rds",
            "DeleteBlueGreenDeployment",
            at=at,
            request={
                "blueGreenDeploymentIdentifier": deployment.name,
                "deleteTarget": delete_target,
            },
            response=_shown(deployment, "DELETING"),
            **(deployment.home | call),
        )

    def apply_maintenance(
        self, database: Database, action: str, *, at: When, **call: Unpack[Call]
    ) -> Json:
        """ApplyPendingMaintenanceAction, at once."""
        asked = {
            "applyAction": action,
            "optInType": "immediate",
            "resourceIdentifier": database.arn,
        }
        shown = {"resourceIdentifier": database.arn, "pendingMaintenanceActionDetails": []}
        return self.record(
            "rds",
            "ApplyPendingMaintenanceAction",
            at=at,
            request=asked,
            response=shown,
            **(database.home | call),
        )

    def delete_tenant_database(
        self,
        database: Database,
        tenant: str,
        final_snapshot: str | None = None,
        *,
        at: When,
        **call: Unpack[Call],
    ) -> Json:
        """DeleteTenantDatabase, perhaps with a final snapshot of the whole instance."""
        asked: Json = {
            "dBInstanceIdentifier": database.name,
            "skipFinalSnapshot": final_snapshot is None,
            "tenantDBName": tenant,
        }
        if final_snapshot is not None:
            asked["finalDBSnapshotIdentifier"] = final_snapshot
        shown = {
            "dBInstanceIdentifier": database.name,
            "dbiResourceId": database.resource_id,
            "status": "deleting",
            "tenantDBName": tenant,
        }
        return self.record(
            "rds",
            "DeleteTenantDatabase",
            at=at,
            request=asked,
            response=shown,
            **(database.home | call),
        )

    def _held(self, blue: Database | Cluster) -> dict[str, Json]:
        return self.world if isinstance(blue, Database) else self.clusters

    def _members(self, blue: Database | Cluster) -> list[str]:
        if isinstance(blue, Database):
            return []
        listed = self.clusters[blue.resource_id]["dBClusterMembers"]
        return [one["dBInstanceIdentifier"] for one in listed]


def _shown(deployment: BlueGreen, status: str) -> Json:
    blue, green = deployment.pairs[0]
    return {
        "blueGreenDeploymentIdentifier": deployment.name,
        "source": blue,
        "target": green,
        "status": status,
        "switchoverDetails": [
            {"sourceMember": old, "targetMember": new, "status": "AVAILABLE"}
            for old, new in deployment.pairs
        ],
    }


def _beside(blue: Database | Cluster, name: str, other: str) -> str:
    return blue.arn.removesuffix(name) + other


def _member(blue: Database | Cluster, name: str) -> str:
    return f"arn:aws:rds:{blue.region}:{blue.account}:db:{name}"
