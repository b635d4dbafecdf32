"""DB clusters: from records to events. The cluster, not its members, is what can be recovered.

Source: https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DBCluster.html.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from analyzer import moment
from analyzer.record import Record, arn, flag, members, number, sibling, text
from analyzer.resource import Decoder
from analyzer.resources.rds_database.encryption import storage_key
from analyzer.resources.rds_database.events import (
    CLUSTER,
    DatabaseCreated,
    DatabaseDeleted,
    DatabaseModified,
    DatabaseRebooted,
    DatabaseStarted,
    DatabaseStopped,
    ReplicaPromoted,
    Seen,
)
from analyzer.resources.rds_database.origin import origin_of


def cluster_arn(record: Record, name: str) -> str:
    """Build the ARN of the cluster *name* as seen from a record; an ARN is returned as it is."""
    if name.startswith("arn:"):
        return name
    return arn(record.region, "rds", record.region, record.account, f"cluster:{name.lower()}")


def _seen(record: Record) -> Seen | None:
    shown = members(record.response, "dBCluster") or record.response
    name = text(shown, "dBClusterIdentifier") or text(record.request, "dBClusterIdentifier")
    address = text(shown, "dBClusterArn") or (cluster_arn(record, name) if name else None)
    if address is None:
        return None
    asked = number(record.request, "backupRetentionPeriod")
    return Seen(
        arn=address,
        kind=CLUSTER,
        resource_id=text(shown, "dbClusterResourceId"),
        name=name.lower() if name else None,
        engine=text(shown, "engine") or text(record.request, "engine"),
        engine_mode=text(shown, "engineMode") or text(record.request, "engineMode"),
        key=storage_key(record, shown),
        is_encrypted=flag(shown, "storageEncrypted"),
        encryption_type=text(shown, "storageEncryptionType"),
        retention_days=number(shown, "backupRetentionPeriod") if asked is None else asked,
        replica_source=text(shown, "replicationSourceIdentifier"),
        replicas=_texts(shown.get("readReplicaIdentifiers")),
        members=tuple(_members(shown.get("dBClusterMembers"))),
        global_cluster=text(shown, "globalClusterIdentifier")
        or text(record.request, "globalClusterIdentifier"),
        status=text(shown, "status"),
        latest_restorable=moment.parse_aws(shown.get("latestRestorableTime")),
        takes_default_key=flag(record.request, "storageEncrypted") is True
        and text(record.request, "kmsKeyId") is None,
    )


def _texts(listed: object) -> tuple[str, ...] | None:
    if not isinstance(listed, list):
        return None
    return tuple(item for item in listed if isinstance(item, str))


def _members(listed: object) -> list[str]:
    found = listed if isinstance(listed, list) else []
    named = (text(one, "dBInstanceIdentifier") for one in found if isinstance(one, Mapping))
    return [name.lower() for name in named if name is not None]


def _created(record: Record) -> DatabaseCreated | None:
    seen = _seen(record)
    if seen is None:
        return None
    return DatabaseCreated(seen=seen, origin=origin_of(record, CLUSTER))


def _modified(record: Record) -> DatabaseModified | None:
    seen = _seen(record)
    if seen is None:
        return None
    name = text(record.request, "newDBClusterIdentifier")
    renamed = sibling(seen.arn, f"cluster:{name.lower()}") if name is not None else None
    return DatabaseModified(seen=seen, detaches=False, renamed_to=renamed)


def _deleted(record: Record) -> DatabaseDeleted | None:
    seen = _seen(record)
    if seen is None:
        return None
    skips = flag(record.request, "skipFinalSnapshot") is True
    final = text(record.request, "finalDBSnapshotIdentifier")
    return DatabaseDeleted(
        seen=seen,
        final_snapshot=None if skips else final,
        keeps_backups=flag(record.request, "deleteAutomatedBackups") is False,
    )


def _plain(
    event: type[DatabaseStarted | DatabaseStopped | DatabaseRebooted | ReplicaPromoted],
) -> Decoder:
    def decode(record: Record) -> object:
        seen = _seen(record)
        return None if seen is None else event(seen=seen)

    return decode


DECODERS: Final[Mapping[tuple[str, str], Decoder]] = {
    ("rds", "CreateDBCluster"): _created,
    ("rds", "RestoreDBClusterFromSnapshot"): _created,
    ("rds", "RestoreDBClusterToPointInTime"): _created,
    ("rds", "RestoreDBClusterFromS3"): _created,
    ("rds", "ModifyDBCluster"): _modified,
    ("rds", "DeleteDBCluster"): _deleted,
    ("rds", "StartDBCluster"): _plain(DatabaseStarted),
    ("rds", "StopDBCluster"): _plain(DatabaseStopped),
    ("rds", "RebootDBCluster"): _plain(DatabaseRebooted),
    ("rds", "FailoverDBCluster"): _plain(DatabaseRebooted),
    ("rds", "PromoteReadReplicaDBCluster"): _plain(ReplicaPromoted),
}
