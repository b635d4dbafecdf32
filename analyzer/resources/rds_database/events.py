"""Databases: what can happen to an instance or a cluster, and what the record of it shows.

Source: https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DBInstance.html and
.../API_DBCluster.html.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from analyzer.moment import Moment

INSTANCE: Final = "instance"
CLUSTER: Final = "cluster"
"""The kinds of database (contract, `kind`)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What one response shows of a database; None where it is silent.

    `cluster` is the name of the cluster of which an instance is a member, `members` the ids of a
    cluster's instances.
    """

    arn: str
    kind: str = INSTANCE
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
    members: tuple[str, ...] = ()
    global_cluster: str | None = None
    engine_mode: str | None = None
    status: str | None = None
    latest_restorable: Moment | None = None
    takes_default_key: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """What a restore was made from.

    Attributes:
        kind: `snapshot`, `point-in-time` or `s3`.
        of: ARN of the snapshot, of the source database or of its backups elsewhere; or a bucket.
        resource_id: of the source database, where the call names it so.
        moment: the point in time that was asked for.
        is_latest: whether the latest restorable time was.
    """

    kind: str
    of: str
    resource_id: str | None = None
    moment: Moment | None = None
    is_latest: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DatabaseCreated:
    """CreateDBInstance or CreateDBCluster, a read replica, or a restore, which has an origin."""

    seen: Seen
    origin: Origin | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DatabaseModified:
    """ModifyDBInstance or ModifyDBCluster; `detaches` if it replaces host or storage.

    `renamed_to` is the ARN under its new name, None where the name stays.
    """

    seen: Seen
    detaches: bool
    renamed_to: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DatabaseStarted:
    """StartDBInstance or StartDBCluster."""

    seen: Seen


@dataclass(frozen=True, slots=True, kw_only=True)
class DatabaseStopped:
    """StopDBInstance or StopDBCluster."""

    seen: Seen


@dataclass(frozen=True, slots=True, kw_only=True)
class DatabaseRebooted:
    """RebootDBInstance, RebootDBCluster, FailoverDBCluster: no documented detach."""

    seen: Seen


@dataclass(frozen=True, slots=True, kw_only=True)
class DatabaseDeleted:
    """DeleteDBInstance or DeleteDBCluster."""

    seen: Seen
    final_snapshot: str | None
    keeps_backups: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplicaPromoted:
    """PromoteReadReplica, also of a cluster: from now on it stands by itself."""

    seen: Seen


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplicaSwitched:
    """SwitchoverReadReplica: the replica becomes the source, and its source a replica."""

    seen: Seen


@dataclass(frozen=True, slots=True, kw_only=True)
class GreenTookOver:
    """The green database of a blue/green deployment stands by itself, under the blue one's name."""

    seen: Seen
    renamed_to: str


DatabaseEvent = (
    DatabaseCreated
    | DatabaseModified
    | DatabaseStarted
    | DatabaseStopped
    | DatabaseRebooted
    | DatabaseDeleted
    | ReplicaPromoted
    | ReplicaSwitched
    | GreenTookOver
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplicaJoined:
    """A read replica of the instance was made: from now on it cannot stop."""

    replica: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplicaLeft:
    """A read replica of the instance was promoted or deleted."""

    replica: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceChanged:
    """A replica follows another source; None if it stands by itself, its source deleted."""

    source: str | None


ReplicaMove = ReplicaJoined | ReplicaLeft | SourceChanged


@dataclass(frozen=True, slots=True, kw_only=True)
class GlobalJoined:
    """CreateGlobalCluster from an existing cluster: it has no recoverable status from now on."""

    arn: str
    global_cluster: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GlobalLeft:
    """RemoveFromGlobalCluster: the cluster stands by itself."""

    arn: str


GlobalMove = GlobalJoined | GlobalLeft


@dataclass(frozen=True, slots=True, kw_only=True)
class GlobalSwitched:
    """SwitchoverGlobalCluster or FailoverGlobalCluster: `arn` is the one that writes since.

    `may_lose` if the call did not wait for what was written before to arrive there.
    """

    global_cluster: str
    arn: str
    may_lose: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class GlobalSwitchUndone:
    """RDS-EVENT-0186, 0187 or 0239: `arn` did not become the one that writes."""

    arn: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GlobalRenamed:
    """ModifyGlobalCluster with a new identifier: the members are the same."""

    old: str
    new: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DeploymentJoined:
    """The database belongs to a blue/green deployment: an Aurora cluster in one cannot stop."""

    arn: str
    deployment: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DeploymentLeft:
    """The deployment was deleted."""

    arn: str


DeploymentMove = DeploymentJoined | DeploymentLeft
