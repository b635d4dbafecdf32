"""RDS DB instances: what can happen to one, and what the record of it shows.

Source: https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DBInstance.html.
"""

from __future__ import annotations

from dataclasses import dataclass

from analyzer.moment import Moment


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
