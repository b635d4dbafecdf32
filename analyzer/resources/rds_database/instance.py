"""RDS DB instances: from records to events."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from analyzer import moment
from analyzer.frozen import replace
from analyzer.record import Members, Record, arn, flag, members, number, sibling, text
from analyzer.resource import Decoder, Inert
from analyzer.resources.rds_database.attributes import either
from analyzer.resources.rds_database.encryption import storage_key
from analyzer.resources.rds_database.events import (
    CLUSTER,
    INSTANCE,
    DatabaseCreated,
    DatabaseDeleted,
    DatabaseModified,
    DatabaseRebooted,
    DatabaseStarted,
    DatabaseStopped,
    ReplicaPromoted,
    ReplicaSwitched,
    Seen,
)
from analyzer.resources.rds_database.origin import origin_of

DETACHING: Final = frozenset(
    {"dBInstanceClass", "storageType", "allocatedStorage", "multiAZ", "engineVersion"}
)
"""Changes that replace host or storage. AWS lists none; these are inferred and labelled so."""

REPLACING: Final = frozenset({"hardware-maintenance", "os-upgrade", "system-update"})
"""Maintenance actions after which an instance is on another host, or may be (inferred as well)."""

# Decoding: CloudTrail spells API members with a small first letter and drops the `DBInstance`
# wrapper; a few records keep it, one level deeper. Failed and older calls name the instance in the
# request only.


def instance_arn(record: Record, name: str) -> str:
    """Build the ARN of the instance *name* as seen from a record; case does not matter."""
    return arn(record.region, "rds", record.region, record.account, f"db:{name.lower()}")


def _seen(record: Record, named: str | None = None) -> Seen | None:
    shown = members(record.response, "dBInstance") or record.response
    name = (
        text(shown, "dBInstanceIdentifier") or named or text(record.request, "dBInstanceIdentifier")
    )
    address = text(shown, "dBInstanceArn") or (instance_arn(record, name) if name else None)
    if address is None:
        return None
    return Seen(
        arn=address,
        resource_id=text(shown, "dbiResourceId"),
        name=name.lower() if name else None,
        engine=text(shown, "engine") or text(record.request, "engine"),
        key=storage_key(record, shown),
        is_encrypted=flag(shown, "storageEncrypted"),
        encryption_type=text(shown, "storageEncryptionType"),
        retention_days=_retention(record, shown),
        is_multi_az=flag(shown, "multiAZ"),
        replica_source=text(shown, "readReplicaSourceDBInstanceIdentifier"),
        replicas=_names(shown, "readReplicaDBInstanceIdentifiers"),
        cluster=text(shown, "dBClusterIdentifier"),
        status=text(shown, "dBInstanceStatus"),
        latest_restorable=moment.parse_aws(shown.get("latestRestorableTime")),
        takes_default_key=flag(record.request, "storageEncrypted") is True
        and text(record.request, "kmsKeyId") is None,
    )


def _retention(record: Record, shown: Members) -> int | None:
    """Return the retention in force: what was asked for, unless that waits for its window.

    A change to or from 0 that is not applied immediately shows under pendingModifiedValues and is
    told by RDS-EVENT-0028 or 0032 when it comes about (API_ModifyDBInstance.html).
    """
    current = number(shown, "backupRetentionPeriod")
    asked = number(record.request, "backupRetentionPeriod")
    pending = number(members(shown, "pendingModifiedValues"), "backupRetentionPeriod")
    waits = pending is not None and flag(record.request, "applyImmediately") is not True
    switches = current is not None and (current == 0) is not (pending == 0)
    return current if waits and switches else either(asked, either(pending, current))


def _names(shown: Members, name: str) -> tuple[str, ...] | None:
    listed = shown.get(name)
    if not isinstance(listed, list):
        return None
    return tuple(item for item in listed if isinstance(item, str))


def _created(record: Record) -> DatabaseCreated | None:
    target = text(record.request, "targetDBInstanceIdentifier", "dBInstanceIdentifier")
    seen = _seen(record, target)
    if seen is None:
        return None
    source = text(record.request, "sourceDBInstanceIdentifier")
    if record.name == "CreateDBInstanceReadReplica":
        seen = replace(seen, replica_source=seen.replica_source or source)
    return DatabaseCreated(seen=seen, origin=origin_of(record, INSTANCE))


def _modified(record: Record) -> DatabaseModified | None:
    seen = _seen(record, text(record.request, "dBInstanceIdentifier"))
    detaches = any(record.request.get(name) is not None for name in DETACHING)
    if seen is None:
        return None
    if flag(record.request, "applyImmediately") is True:  # the response shows what was before
        asked = flag(record.request, "multiAZ")
        seen = replace(seen, is_multi_az=either(asked, seen.is_multi_az))
    name = text(record.request, "newDBInstanceIdentifier")
    renamed = sibling(seen.arn, f"db:{name.lower()}") if name is not None else None
    return DatabaseModified(seen=seen, detaches=detaches, renamed_to=renamed)


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


def _started(record: Record) -> DatabaseStarted | None:
    seen = _seen(record)
    return None if seen is None else DatabaseStarted(seen=seen)


def _stopped(record: Record) -> DatabaseStopped | None:
    seen = _seen(record)
    return None if seen is None else DatabaseStopped(seen=seen)


def _rebooted(record: Record) -> DatabaseRebooted | None:
    seen = _seen(record)
    return None if seen is None else DatabaseRebooted(seen=seen)


def _promoted(record: Record) -> ReplicaPromoted | None:
    seen = _seen(record)
    return None if seen is None else ReplicaPromoted(seen=seen)


def _switched(record: Record) -> ReplicaSwitched | None:
    seen = _seen(record)
    return None if seen is None else ReplicaSwitched(seen=seen)


def _maintained(record: Record) -> DatabaseModified | Inert | None:
    """Read ApplyPendingMaintenanceAction: at once or in a window to come, of which RDS tells."""
    address = text(record.request, "resourceIdentifier")
    if address is None:
        return None
    at_once = text(record.request, "optInType") == "immediate"
    if not at_once:
        return Inert(reason="a maintenance action is put off, or taken back")
    kind = CLUSTER if ":cluster:" in address else INSTANCE
    replaces = text(record.request, "applyAction") in REPLACING
    return DatabaseModified(seen=Seen(arn=address, kind=kind), detaches=replaces)


DECODERS: Final[Mapping[tuple[str, str], Decoder]] = {
    ("rds", "CreateDBInstance"): _created,
    ("rds", "CreateDBInstanceReadReplica"): _created,
    ("rds", "RestoreDBInstanceFromDBSnapshot"): _created,
    ("rds", "RestoreDBInstanceToPointInTime"): _created,
    ("rds", "RestoreDBInstanceFromS3"): _created,
    ("rds", "ModifyDBInstance"): _modified,
    ("rds", "ApplyPendingMaintenanceAction"): _maintained,
    ("rds", "DeleteDBInstance"): _deleted,
    ("rds", "StartDBInstance"): _started,
    ("rds", "StopDBInstance"): _stopped,
    ("rds", "RebootDBInstance"): _rebooted,
    ("rds", "PromoteReadReplica"): _promoted,
    ("rds", "SwitchoverReadReplica"): _switched,
}
