"""Databases: what can happen to an instance or a cluster, and what the record of it shows.

Source: https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DBInstance.html and
.../API_DBCluster.html.
"""

from __future__ import annotations

from typing import Final

from analyzer.frozen import Frozen
from analyzer.moment import Moment

INSTANCE: Final = "instance"
CLUSTER: Final = "cluster"
"""The kinds of database (contract, `kind`)."""


class Seen(Frozen, frozen=True, kw_only=True):
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


class Origin(Frozen, frozen=True, kw_only=True):
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


class DatabaseCreated(Frozen, frozen=True, kw_only=True):
    """CreateDBInstance or CreateDBCluster, a read replica, or a restore, which has an origin."""

    seen: Seen
    origin: Origin | None = None


class DatabaseModified(Frozen, frozen=True, kw_only=True):
    """ModifyDBInstance or ModifyDBCluster; `detaches` if it replaces host or storage.

    `renamed_to` is the ARN under its new name, None where the name stays.
    """

    seen: Seen
    detaches: bool
    renamed_to: str | None = None


class DatabaseStarted(Frozen, frozen=True, kw_only=True):
    """StartDBInstance or StartDBCluster."""

    seen: Seen


class DatabaseStopped(Frozen, frozen=True, kw_only=True):
    """StopDBInstance or StopDBCluster."""

    seen: Seen


class DatabaseRebooted(Frozen, frozen=True, kw_only=True):
    """RebootDBInstance, RebootDBCluster, FailoverDBCluster: no documented detach."""

    seen: Seen


class DatabaseDeleted(Frozen, frozen=True, kw_only=True):
    """DeleteDBInstance or DeleteDBCluster."""

    seen: Seen
    final_snapshot: str | None
    keeps_backups: bool


class ReplicaPromoted(Frozen, frozen=True, kw_only=True):
    """PromoteReadReplica, also of a cluster: from now on it stands by itself."""

    seen: Seen


class ReplicaSwitched(Frozen, frozen=True, kw_only=True):
    """SwitchoverReadReplica: the replica becomes the source, and its source a replica."""

    seen: Seen


class GreenTookOver(Frozen, frozen=True, kw_only=True):
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


class ReplicaJoined(Frozen, frozen=True, kw_only=True):
    """A read replica of the instance was made: from now on it cannot stop."""

    replica: str


class ReplicaLeft(Frozen, frozen=True, kw_only=True):
    """A read replica of the instance was promoted or deleted."""

    replica: str


class SourceChanged(Frozen, frozen=True, kw_only=True):
    """A replica follows another source; None if it stands by itself, its source deleted."""

    source: str | None


ReplicaMove = ReplicaJoined | ReplicaLeft | SourceChanged


class GlobalJoined(Frozen, frozen=True, kw_only=True):
    """CreateGlobalCluster from an existing cluster: it has no recoverable status from now on."""

    arn: str
    global_cluster: str


class GlobalLeft(Frozen, frozen=True, kw_only=True):
    """RemoveFromGlobalCluster: the cluster stands by itself."""

    arn: str


GlobalMove = GlobalJoined | GlobalLeft


class GlobalSwitched(Frozen, frozen=True, kw_only=True):
    """SwitchoverGlobalCluster or FailoverGlobalCluster: `arn` is the one that writes since.

    `may_lose` if the call did not wait for what was written before to arrive there.
    """

    global_cluster: str
    arn: str
    may_lose: bool


class GlobalSwitchUndone(Frozen, frozen=True, kw_only=True):
    """RDS-EVENT-0186, 0187 or 0239: `arn` did not become the one that writes."""

    arn: str


class GlobalRenamed(Frozen, frozen=True, kw_only=True):
    """ModifyGlobalCluster with a new identifier: the members are the same."""

    old: str
    new: str


class DeploymentJoined(Frozen, frozen=True, kw_only=True):
    """The database belongs to a blue/green deployment: an Aurora cluster in one cannot stop."""

    arn: str
    deployment: str


class DeploymentLeft(Frozen, frozen=True, kw_only=True):
    """The deployment was deleted."""

    arn: str


DeploymentMove = DeploymentJoined | DeploymentLeft
