"""Shapes of clusters: what RDS shows of a cluster, its snapshots and backups, member by member.

Spelled as in `shapes`: `DBCluster.DBClusterArn` becomes `dBClusterArn`, `DbClusterResourceId`
becomes `dbClusterResourceId`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Json = dict[str, Any]

NEW_CLUSTER: Final[Mapping[str, Any]] = {
    "masterUserPassword": "HIDDEN_DUE_TO_SECURITY_REASONS",
    "masterUsername": "dba",
}
"""What every request for a new cluster with a master user asks."""


def db_cluster(*, arn: str, resource_id: str, key: str | None) -> Json:
    """Return a new cluster as a response shows it; the caller overlays what it knows better."""
    region, name = arn.split(":")[3], arn.rpartition(":")[2]
    zone = f"{name}.cluster-c0ffee12ab34.{region}.rds.amazonaws.com"
    shown: Json = {
        "allocatedStorage": 1,
        "availabilityZones": [f"{region}{letter}" for letter in "abc"],
        "backupRetentionPeriod": 7,
        "dBClusterIdentifier": name,
        "dBClusterParameterGroup": "default.aurora-postgresql17",
        "dBSubnetGroup": "default",
        "status": "creating",
        "endpoint": zone,
        "readerEndpoint": zone.replace(".cluster-", ".cluster-ro-"),
        "multiAZ": False,
        "engine": "aurora-postgresql",
        "port": 5432,
        "masterUsername": "dba",
        "preferredBackupWindow": "03:10-03:40",
        "preferredMaintenanceWindow": "sun:04:30-sun:05:00",
        "readReplicaIdentifiers": [],
        "dBClusterMembers": [],
        "vpcSecurityGroups": [{"vpcSecurityGroupId": "sg-0d1e2f3a4b5c6d7e8", "status": "active"}],
        "storageEncrypted": key is not None,
        "storageEncryptionType": "none" if key is None else "sse-kms",
        "dbClusterResourceId": resource_id,
        "dBClusterArn": arn,
        "associatedRoles": [],
        "iAMDatabaseAuthenticationEnabled": False,
        "engineMode": "provisioned",
        "deletionProtection": False,
        "httpEndpointEnabled": False,
        "copyTagsToSnapshot": False,
        "crossAccountClone": False,
        "domainMemberships": [],
        "tagList": [],
        "autoMinorVersionUpgrade": True,
        "networkType": "IPV4",
    }
    return shown if key is None else shown | {"kmsKeyId": key}


def db_cluster_snapshot(*, arn: str, cluster: Json, key: str | None) -> Json:
    """Return a snapshot of *cluster* (as a response shows it) that has just been asked for."""
    shown: Json = {
        "availabilityZones": cluster["availabilityZones"],
        "dBClusterSnapshotIdentifier": arn.rpartition("snapshot:")[2],
        "dBClusterIdentifier": cluster["dBClusterIdentifier"],
        "engine": cluster["engine"],
        "engineMode": cluster["engineMode"],
        "allocatedStorage": cluster["allocatedStorage"],
        "status": "creating",
        "port": 0,
        "masterUsername": cluster["masterUsername"],
        "snapshotType": "manual",
        "percentProgress": 0,
        "storageEncrypted": key is not None,
        "dBClusterSnapshotArn": arn,
        "iAMDatabaseAuthenticationEnabled": False,
        "tagList": [],
        "dbClusterResourceId": cluster["dbClusterResourceId"],
    }
    if "clusterCreateTime" in cluster:
        shown["clusterCreateTime"] = cluster["clusterCreateTime"]
    return shown if key is None else shown | {"kmsKeyId": key}


def cluster_automated_backup(*, arn: str, cluster: Json, status: str) -> Json:
    """Return the automated backups of *cluster*, `arn` being their own."""
    shown: Json = {
        "engine": cluster["engine"],
        "dBClusterAutomatedBackupsArn": arn,
        "dBClusterIdentifier": cluster["dBClusterIdentifier"],
        "masterUsername": cluster["masterUsername"],
        "dbClusterResourceId": cluster["dbClusterResourceId"],
        "region": arn.split(":")[3],
        "status": status,
        "iAMDatabaseAuthenticationEnabled": False,
        "storageEncrypted": cluster["storageEncrypted"],
        "allocatedStorage": cluster["allocatedStorage"],
        "dBClusterArn": cluster["dBClusterArn"],
        "backupRetentionPeriod": cluster["backupRetentionPeriod"],
        "engineMode": cluster["engineMode"],
    }
    if "kmsKeyId" in cluster:
        shown["kmsKeyId"] = cluster["kmsKeyId"]
    return shown


def global_cluster(*, arn: str, resource_id: str, engine: str, members: Sequence[str]) -> Json:
    """Return a global cluster; `members` are ARNs, the writer's first."""
    return {
        "globalClusterIdentifier": arn.rpartition(":")[2],
        "globalClusterResourceId": resource_id,
        "globalClusterArn": arn,
        "status": "available",
        "engine": engine,
        "storageEncrypted": True,
        "deletionProtection": False,
        "globalClusterMembers": [
            {"dBClusterArn": member, "readers": [], "isWriter": number == 0}
            for number, member in enumerate(members)
        ],
    }
