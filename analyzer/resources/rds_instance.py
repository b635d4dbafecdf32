"""RDS DB instances: what each call says of them, and the attributes that follow.

Rules: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Overview.Encryption.html (the key of a
DB instance never changes), .../USER_StopInstance.html (what cannot stop), .../USER_ReadRepl.html.
Statuses and clocks: `analyzer/recovery/clocks.py`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final, TypeVar

from analyzer import moment
from analyzer.moment import Moment
from analyzer.record import Members, Record, arn, flag, members, number, sibling, text
from analyzer.resource import Decoder


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What one response shows of a DB instance; None where it is silent."""

    arn: str
    resource_id: str | None = None
    name: str | None = None
    engine: str | None = None
    key: str | None = None
    is_encrypted: bool | None = None
    encryption_type: str | None = None
    retention_days: int | None = None
    is_multi_az: bool | None = None
    replica_source: str | None = None
    replicas: tuple[str, ...] | None = None
    cluster: str | None = None
    status: str | None = None
    latest_restorable: Moment | None = None
    takes_default_key: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DatabaseCreated:
    """CreateDBInstance, a restore, or a read replica."""

    seen: Seen


@dataclass(frozen=True, slots=True, kw_only=True)
class DatabaseModified:
    """ModifyDBInstance; `detaches` if it is of the kind that replaces host or storage."""

    seen: Seen
    detaches: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DatabaseStarted:
    """StartDBInstance."""

    seen: Seen


@dataclass(frozen=True, slots=True, kw_only=True)
class DatabaseStopped:
    """StopDBInstance."""

    seen: Seen


@dataclass(frozen=True, slots=True, kw_only=True)
class DatabaseRebooted:
    """RebootDBInstance: no documented detach."""

    seen: Seen


@dataclass(frozen=True, slots=True, kw_only=True)
class DatabaseDeleted:
    """DeleteDBInstance."""

    seen: Seen
    final_snapshot: str | None
    keeps_backups: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplicaPromoted:
    """PromoteReadReplica: from now on it stands by itself."""

    seen: Seen


InstanceEvent = (
    DatabaseCreated
    | DatabaseModified
    | DatabaseStarted
    | DatabaseStopped
    | DatabaseRebooted
    | DatabaseDeleted
    | ReplicaPromoted
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplicaJoined:
    """A read replica of the instance was made: from now on it cannot stop."""

    replica: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplicaLeft:
    """A read replica of the instance was promoted or deleted."""

    replica: str


ReplicaMove = ReplicaJoined | ReplicaLeft

DETACHING: Final = frozenset(
    {"dBInstanceClass", "storageType", "allocatedStorage", "multiAZ", "engineVersion"}
)
"""Changes that replace host or storage. AWS lists none; these are inferred and labelled so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Instance:
    """The attributes of a DB instance that rules depend on, as last seen."""

    arn: str
    resource_id: str | None = None
    name: str | None = None
    engine: str | None = None
    key: str | None = None
    is_encrypted: bool | None = None
    encryption_type: str | None = None
    retention_days: int | None = None
    is_multi_az: bool = False
    replica_source: str | None = None
    replicas: tuple[str, ...] = ()
    cluster: str | None = None
    latest_restorable: Moment | None = None
    manager_hint: str | None = None

    @property
    def has_backups(self) -> bool:
        """Whether automated backups are on; silence means on, which is AWS's default."""
        return self.retention_days is None or self.retention_days > 0

    @property
    def can_stop(self) -> bool:
        """Whether it can stop: what cannot goes to the terminal status at once.

        Source: USER_StopInstance.html (read replicas, instances that have one, SQL Server
        Multi-AZ).
        """
        is_sqlserver = (self.engine or "").startswith("sqlserver")
        return not (self.replica_source or self.replicas or (is_sqlserver and self.is_multi_az))

    @property
    def has_clock(self) -> bool:
        """Whether time alone makes it inaccessible: with backups on, or where it cannot stop.

        With backups off an instance stays available until its host lets go of the volume; that text
        speaks of instances that can stop, and read replicas commonly have no backups of their own.
        """
        return self.has_backups or not self.can_stop


def learn(instance: Instance, event: InstanceEvent) -> Instance:
    """Return what is known of an instance once *event* is known too."""
    seen = event.seen
    known = replace(
        instance,
        arn=seen.arn,
        resource_id=seen.resource_id or instance.resource_id,
        name=seen.name or instance.name,
        engine=seen.engine or instance.engine,
        key=instance.key or seen.key,  # fixed for life (Overview.Encryption.html)
        is_encrypted=_either(seen.is_encrypted, instance.is_encrypted),
        encryption_type=seen.encryption_type or instance.encryption_type,
        retention_days=_either(seen.retention_days, instance.retention_days),
        is_multi_az=bool(_either(seen.is_multi_az, instance.is_multi_az)),
        replica_source=seen.replica_source or instance.replica_source,
        replicas=instance.replicas if seen.replicas is None else seen.replicas,
        cluster=seen.cluster or instance.cluster,
        latest_restorable=_later(seen.latest_restorable, instance.latest_restorable),
        manager_hint="AWS" if seen.takes_default_key else instance.manager_hint,
    )
    return replace(known, replica_source=None) if isinstance(event, ReplicaPromoted) else known


def with_replica(instance: Instance, move: ReplicaMove) -> Instance:
    """Return what is known of an instance once a replica joined or left it."""
    name = move.replica.rpartition(":")[2]
    others = tuple(one for one in instance.replicas if one not in {move.replica, name})
    return replace(
        instance, replicas=(*others, name) if isinstance(move, ReplicaJoined) else others
    )


def source_arn(replica: Seen) -> str:
    """Return the ARN of a read replica's source, which same-Region records only name."""
    source = replica.replica_source or ""
    return source if source.startswith("arn:") else sibling(replica.arn, f"db:{source.lower()}")


T = TypeVar("T")


def _either(first: T | None, second: T | None) -> T | None:
    return second if first is None else first


def _later(first: Moment | None, second: Moment | None) -> Moment | None:
    known = [value for value in (first, second) if value is not None]
    return max(known, default=None)


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
        key=_key(record, shown),
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


def _key(record: Record, shown: Members) -> str | None:
    stated = text(shown, "kmsKeyId")
    if stated is None or stated.startswith("arn:"):
        return stated
    return arn(record.region, "kms", record.region, record.account, f"key/{stated}")


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
    return current if waits and switches else _either(asked, _either(pending, current))


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
    return DatabaseCreated(seen=seen)


def _modified(record: Record) -> DatabaseModified | None:
    seen = _seen(record, text(record.request, "dBInstanceIdentifier"))
    detaches = any(record.request.get(name) is not None for name in DETACHING)
    return None if seen is None else DatabaseModified(seen=seen, detaches=detaches)


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


DECODERS: Final[Mapping[tuple[str, str], Decoder]] = {
    ("rds", "CreateDBInstance"): _created,
    ("rds", "CreateDBInstanceReadReplica"): _created,
    ("rds", "RestoreDBInstanceFromDBSnapshot"): _created,
    ("rds", "RestoreDBInstanceToPointInTime"): _created,
    ("rds", "RestoreDBInstanceFromS3"): _created,
    ("rds", "ModifyDBInstance"): _modified,
    ("rds", "DeleteDBInstance"): _deleted,
    ("rds", "StartDBInstance"): _started,
    ("rds", "StopDBInstance"): _stopped,
    ("rds", "RebootDBInstance"): _rebooted,
    ("rds", "PromoteReadReplica"): _promoted,
}
