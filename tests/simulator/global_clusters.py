"""Global databases: which clusters stand together in one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Unpack

from tests.simulator.cluster_copies import ClusterCopies
from tests.simulator.cluster_shapes import global_cluster

if TYPE_CHECKING:
    from tests.simulator.handles import Cluster
    from tests.simulator.recorder import Call, Json
    from tests.simulator.times import When


class GlobalClusters(ClusterCopies):
    """The verbs of global databases; secondaries join by `create_db_cluster(global_cluster=…)`."""

    def create_global_cluster(
        self, name: str, primary: Cluster, *, at: When, **call: Unpack[Call]
    ) -> Json:
        """CreateGlobalCluster around a cluster that exists."""
        asked = {"globalClusterIdentifier": name, "sourceDBClusterIdentifier": primary.arn}
        if not call.get("error"):
            self.clusters[primary.resource_id]["globalClusterIdentifier"] = name
        return self._on_global("CreateGlobalCluster", name, asked, at=at, call=primary.home | call)

    def rename_global_cluster(
        self, name: str, new_name: str, *, at: When, **call: Unpack[Call]
    ) -> Json:
        """ModifyGlobalCluster with a new identifier."""
        asked = {"globalClusterIdentifier": name, "newGlobalClusterIdentifier": new_name}
        if not call.get("error"):
            for held in self.clusters.values():
                if held.get("globalClusterIdentifier") == name:
                    held["globalClusterIdentifier"] = new_name
        located = {"account": self.account} | call
        return self._on_global("ModifyGlobalCluster", new_name, asked, at=at, call=located)

    def switch_over_global_cluster(
        self,
        name: str,
        target: Cluster,
        *,
        at: When,
        is_failover: bool = False,
        allows_data_loss: bool | None = None,
        **call: Unpack[Call],
    ) -> Json:
        """SwitchoverGlobalCluster, or FailoverGlobalCluster: the target writes from now on.

        A FailoverGlobalCluster that does not say `allows_data_loss` is a switchover.
        """
        asked: Json = {"globalClusterIdentifier": name, "targetDbClusterIdentifier": target.arn}
        if allows_data_loss is not None:
            asked["allowDataLoss"] = allows_data_loss
        event_name = "FailoverGlobalCluster" if is_failover else "SwitchoverGlobalCluster"
        return self._on_global(event_name, name, asked, at=at, call=target.home | call)

    def remove_from_global_cluster(
        self, name: str, cluster: Cluster, *, at: When, **call: Unpack[Call]
    ) -> Json:
        """RemoveFromGlobalCluster: the cluster stands by itself from now on."""
        asked = {"globalClusterIdentifier": name, "dbClusterIdentifier": cluster.arn}
        if not call.get("error"):
            self.clusters[cluster.resource_id].pop("globalClusterIdentifier", None)
        located = cluster.home | call
        return self._on_global("RemoveFromGlobalCluster", name, asked, at=at, call=located)

    def _on_global(self, event_name: str, name: str, asked: Json, *, at: When, call: Call) -> Json:
        members = [
            held["dBClusterArn"]
            for held in self.clusters.values()
            if held.get("globalClusterIdentifier") == name
        ]
        shown = global_cluster(
            arn=f"arn:aws:rds::{call['account']}:global-cluster:{name}",
            resource_id=type(self.ids)(f"global {call['account']} {name}").resource_id("cluster"),
            engine="aurora-postgresql",
            members=members,
        )
        return self.record("rds", event_name, at=at, request=asked, response=shown, **call)
