"""Inert events: names that move no state, each with its reason; and names that do, unmodelled yet.

Every operation of KMS and RDS stands here or in a resource module's `DECODERS`, never in both; a
test holds both against AWS's service models, and the table in `analyzer/README.md` is made of them.
RDS events: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_Events.Messages.html.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Event names of one service that share a reason.

    Attributes:
        service: first label of the event source.
        reason: why they move nothing, or what is missed; one sentence without a full stop.
        names: event names as CloudTrail writes them, EventIDs for RDS events.
        families: beginnings of names, where whole families share the reason.
    """

    service: str
    reason: str
    names: tuple[str, ...] = ()
    families: tuple[str, ...] = ()


INERT: Final[tuple[Group, ...]] = (
    Group(service="kms", reason="reads only", families=("Describe", "Get", "List")),
    Group(
        service="kms",
        reason="uses a key or makes random bytes; a key is the same after it was used",
        names=(
            "Decapsulate",
            "Decrypt",
            "DeriveSharedSecret",
            "Encapsulate",
            "Encrypt",
            "GenerateDataKey",
            "GenerateDataKeyPair",
            "GenerateDataKeyPairWithoutPlaintext",
            "GenerateDataKeyWithoutPlaintext",
            "GenerateMac",
            "GenerateRandom",
            "ReEncrypt",
            "Sign",
            "Verify",
            "VerifyMac",
        ),
    ),
    Group(
        service="kms",
        reason="a custom key store without keys, or its settings; only connecting moves its keys",
        names=("CreateCustomKeyStore", "DeleteCustomKeyStore", "UpdateCustomKeyStore"),
    ),
    Group(
        service="rds",
        reason="reads only",
        names=("DownloadDBLogFilePortion",),
        families=("Describe", "List"),
    ),
    Group(
        service="rds",
        reason="names, tags, roles, certificates and subscriptions: neither storage nor key",
        names=(
            "AddRoleToDBCluster",
            "AddRoleToDBInstance",
            "AddSourceIdentifierToSubscription",
            "AddTagsToResource",
            "CreateEventSubscription",
            "DeleteEventSubscription",
            "ModifyCertificates",
            "ModifyDBRecommendation",
            "ModifyEventSubscription",
            "RemoveRoleFromDBCluster",
            "RemoveRoleFromDBInstance",
            "RemoveSourceIdentifierFromSubscription",
            "RemoveTagsFromResource",
        ),
    ),
    Group(
        service="rds",
        reason="how a database is reached: networks, endpoints and proxies",
        names=(
            "AuthorizeDBSecurityGroupIngress",
            "CreateDBClusterEndpoint",
            "CreateDBProxy",
            "CreateDBProxyEndpoint",
            "CreateDBSecurityGroup",
            "CreateDBSubnetGroup",
            "DeleteDBClusterEndpoint",
            "DeleteDBProxy",
            "DeleteDBProxyEndpoint",
            "DeleteDBSecurityGroup",
            "DeleteDBSubnetGroup",
            "DeregisterDBProxyTargets",
            "DisableHttpEndpoint",
            "EnableHttpEndpoint",
            "ModifyDBClusterEndpoint",
            "ModifyDBProxy",
            "ModifyDBProxyEndpoint",
            "ModifyDBProxyTargetGroup",
            "ModifyDBSubnetGroup",
            "RegisterDBProxyTargets",
            "RevokeDBSecurityGroupIngress",
        ),
    ),
    Group(
        service="rds",
        reason="settings of the engine; encryption inside the database (TDE) is not KMS's",
        names=(
            "CopyDBClusterParameterGroup",
            "CopyDBParameterGroup",
            "CopyOptionGroup",
            "CreateCustomDBEngineVersion",
            "CreateDBClusterParameterGroup",
            "CreateDBParameterGroup",
            "CreateOptionGroup",
            "DeleteCustomDBEngineVersion",
            "DeleteDBClusterParameterGroup",
            "DeleteDBParameterGroup",
            "DeleteOptionGroup",
            "ModifyCustomDBEngineVersion",
            "ModifyDBClusterParameterGroup",
            "ModifyDBParameterGroup",
            "ModifyOptionGroup",
            "ResetDBClusterParameterGroup",
            "ResetDBParameterGroup",
        ),
    ),
    Group(
        service="rds",
        reason="capacity that is bought, reserved or scaled; the storage stays where it is",
        names=(
            "CancelDBCapacityReservation",
            "CreateDBCapacityReservation",
            "ModifyCurrentDBClusterCapacity",
            "ModifyDBCapacityReservation",
            "PurchaseReservedDBInstancesOffering",
        ),
    ),
    Group(
        service="rds",
        reason="what is inside a database: its storage, key and copies are the same after it",
        names=(
            "BacktrackDBCluster",
            "CreateDBShardGroup",
            "CreateTenantDatabase",
            "DeleteDBShardGroup",
            "ModifyDBShardGroup",
            "ModifyTenantDatabase",
            "RebootDBShardGroup",
        ),
    ),
    Group(
        service="rds",
        reason="a stream or integration under a key of its own, from which no database is restored",
        names=(
            "CreateIntegration",
            "DeleteIntegration",
            "ModifyActivityStream",
            "ModifyIntegration",
            "StartActivityStream",
            "StopActivityStream",
        ),
    ),
    Group(
        service="rds",
        reason="the engine and option group of a snapshot; what it holds stays the same",
        names=("ModifyDBSnapshot",),
    ),
    Group(
        service="rds",
        reason="which cluster of a global database writes: each keeps its storage and its key",
        names=(
            "RDS-EVENT-0181",
            "RDS-EVENT-0182",
            "RDS-EVENT-0183",
            "RDS-EVENT-0184",
            "RDS-EVENT-0185",
            "RDS-EVENT-0238",
            "RDS-EVENT-0240",
            "RDS-EVENT-0241",
        ),
    ),
    Group(
        service="rds",
        reason="a standby or another member takes over; the cluster's storage stays where it is",
        names=(
            "RDS-EVENT-0034",
            "RDS-EVENT-0069",
            "RDS-EVENT-0070",
            "RDS-EVENT-0071",
            "RDS-EVENT-0072",
            "RDS-EVENT-0073",
            "RDS-EVENT-0361",
            "RDS-EVENT-0362",
        ),
    ),
    Group(
        service="rds",
        reason="only possible once every cluster has left the global database",
        names=("DeleteGlobalCluster",),
    ),
    Group(
        service="rds",
        reason="automated snapshots belong to the automated backups, which follow from retention",
        names=("RDS-EVENT-0090", "RDS-EVENT-0091", "RDS-EVENT-0168", "RDS-EVENT-0169"),
    ),
    Group(
        service="rds",
        reason="the progress of a call whose own record tells more: who, and under which key",
        names=(
            "RDS-EVENT-0040",
            "RDS-EVENT-0042",
            "RDS-EVENT-0059",
            "RDS-EVENT-0060",
            "RDS-EVENT-0074",
            "RDS-EVENT-0075",
            "RDS-EVENT-0172",
            "RDS-EVENT-0196",
            "RDS-EVENT-0197",
            "RDS-EVENT-0233",
            "RDS-EVENT-0244",
            "RDS-EVENT-0246",
            "RDS-EVENT-0247",
            "RDS-EVENT-0250",
            "RDS-EVENT-0259",
        ),
    ),
    Group(
        service="backup",
        reason="the progress of a job: its end is told by AWS Backup, a restore by RDS as well",
        names=(
            "BackupJobStarted",
            "CopyJobStarted",
            "RestoreCompleted",
            "RestoreStarted",
            "StartBackupJob",
            "StartCopyJob",
            "StartRestoreJob",
        ),
    ),
)

UNMODELLED: Final[tuple[Group, ...]] = ()
"""Names that move a state which is not modelled, and count as undecoded: none at present."""

_BY_NAME: Final[Mapping[tuple[str, str], str]] = {
    (group.service, name): group.reason for group in INERT for name in group.names
}


def reason_for(service: str, name: str) -> str | None:
    """Return why events of this name move no state, None where they may."""
    reason = _BY_NAME.get((service, name))
    if reason is not None:
        return reason
    return next(
        (
            group.reason
            for group in INERT
            if group.service == service and group.families and name.startswith(group.families)
        ),
        None,
    )
