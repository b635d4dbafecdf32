"""Shapes: what RDS shows of an instance, a snapshot and a backup, member by member.

CloudTrail spells an API member with a small first letter and drops the wrapper around a single one:
`DBInstance.DBInstanceArn` becomes `dBInstanceArn`, `DbiResourceId` becomes `dbiResourceId`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

Json = dict[str, Any]


def key_request(
    *, origin: str, description: str, multi_region: bool, store: str | None = None
) -> Json:
    """Return what CreateKey asks for a symmetric key, in a custom key store if one is named."""
    asked = {
        "bypassPolicyLockoutSafetyCheck": False,
        "customerMasterKeySpec": "SYMMETRIC_DEFAULT",
        "description": description,
        "keySpec": "SYMMETRIC_DEFAULT",
        "keyUsage": "ENCRYPT_DECRYPT",
        "multiRegion": multi_region,
        "origin": origin,
    }
    return asked if store is None else asked | {"customKeyStoreId": store}


def key_metadata(*, arn: str, created: str, asked: Json) -> Json:
    """Return a new key as CreateKey's response shows it; `asked` is the request."""
    is_bare = asked["origin"] == "EXTERNAL"
    stored = {name: asked[name] for name in ("customKeyStoreId",) if name in asked}
    return {
        "aWSAccountId": arn.split(":")[4],
        "arn": arn,
        "creationDate": created,
        "customerMasterKeySpec": asked["customerMasterKeySpec"],
        "description": asked["description"],
        "enabled": not is_bare,
        "encryptionAlgorithms": ["SYMMETRIC_DEFAULT"],
        "keyId": arn.rpartition("/")[2],
        "keyManager": "CUSTOMER",
        "keySpec": asked["keySpec"],
        "keyState": "PendingImport" if is_bare else "Enabled",
        "keyUsage": asked["keyUsage"],
        "multiRegion": asked["multiRegion"],
        "origin": asked["origin"],
        **stored,
    }


NEW_INSTANCE: Final[Mapping[str, Any]] = {
    "allocatedStorage": 100,
    "dBInstanceClass": "db.m7g.large",
    "masterUserPassword": "HIDDEN_DUE_TO_SECURITY_REASONS",
    "masterUsername": "dba",
}
"""What every request for a new DB instance asks; CloudTrail hides the password."""


def db_instance(*, arn: str, resource_id: str, key: str | None) -> Json:
    """Return a new DB instance as a response shows it; the caller overlays what it knows better."""
    region, name = arn.split(":")[3], arn.rpartition(":")[2]
    shown: Json = {
        "dBInstanceIdentifier": name,
        "dBInstanceClass": "db.m7g.large",
        "engine": "postgres",
        "dBInstanceStatus": "creating",
        "masterUsername": "dba",
        "allocatedStorage": 100,
        "preferredBackupWindow": "03:10-03:40",
        "backupRetentionPeriod": 7,
        "dBSecurityGroups": [],
        "vpcSecurityGroups": [{"vpcSecurityGroupId": "sg-0d1e2f3a4b5c6d7e8", "status": "active"}],
        "availabilityZone": f"{region}a",
        "preferredMaintenanceWindow": "sun:04:30-sun:05:00",
        "pendingModifiedValues": {},
        "multiAZ": False,
        "autoMinorVersionUpgrade": True,
        "readReplicaDBInstanceIdentifiers": [],
        "publiclyAccessible": False,
        "storageType": "gp3",
        "dbInstancePort": 0,
        "storageEncrypted": key is not None,
        "storageEncryptionType": "none" if key is None else "sse-kms",
        "dbiResourceId": resource_id,
        "cACertificateIdentifier": "rds-ca-rsa2048-g1",
        "copyTagsToSnapshot": False,
        "monitoringInterval": 0,
        "dBInstanceArn": arn,
        "iAMDatabaseAuthenticationEnabled": False,
        "performanceInsightsEnabled": False,
        "deletionProtection": False,
        "backupTarget": "region",
        "networkType": "IPV4",
        "dedicatedLogVolume": False,
        "httpEndpointEnabled": False,
    }
    return shown if key is None else shown | {"kmsKeyId": key}


def db_snapshot(*, arn: str, instance: Json, key: str | None) -> Json:
    """Return a snapshot of *instance* (as a response shows it) that has just been asked for."""
    name = arn.rpartition(":snapshot:")[2]
    shown: Json = {
        "dBSnapshotIdentifier": name,
        "dBInstanceIdentifier": instance["dBInstanceIdentifier"],
        "engine": instance["engine"],
        "allocatedStorage": instance["allocatedStorage"],
        "status": "creating",
        "port": 5432,
        "availabilityZone": instance["availabilityZone"],
        "masterUsername": instance["masterUsername"],
        "snapshotType": "awsbackup" if name.startswith("awsbackup:") else "manual",
        "percentProgress": 0,
        "storageType": instance["storageType"],
        "encrypted": key is not None,
        "dBSnapshotArn": arn,
        "iAMDatabaseAuthenticationEnabled": False,
        "processorFeatures": [],
        "dbiResourceId": instance["dbiResourceId"],
        "snapshotTarget": "region",
    }
    if "instanceCreateTime" in instance:
        shown["instanceCreateTime"] = instance["instanceCreateTime"]
    return shown if key is None else shown | {"kmsKeyId": key}


def automated_backup(*, arn: str, instance: Json, status: str) -> Json:
    """Return the automated backups of *instance*, `arn` being their own."""
    shown: Json = {
        "dBInstanceArn": instance["dBInstanceArn"],
        "dbiResourceId": instance["dbiResourceId"],
        "region": arn.split(":")[3],
        "dBInstanceIdentifier": instance["dBInstanceIdentifier"],
        "allocatedStorage": instance["allocatedStorage"],
        "status": status,
        "engine": instance["engine"],
        "encrypted": instance["storageEncrypted"],
        "storageType": instance["storageType"],
        "backupRetentionPeriod": instance["backupRetentionPeriod"],
        "dBInstanceAutomatedBackupsArn": arn,
        "backupTarget": "region",
    }
    if "kmsKeyId" in instance:
        shown["kmsKeyId"] = instance["kmsKeyId"]
    return shown
