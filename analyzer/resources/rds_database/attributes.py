"""Databases: the attributes that rules depend on, learned event by event.

A database is what can be recovered as a whole: a DB instance that stands by itself, or a DB cluster
with its members. Rules: docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Overview.Encryption.html (a
key never changes), .../USER_StopInstance.html and AuroraUserGuide/aurora-cluster-stop-start.html
(what cannot stop), .../aurora-global-database.html (no recoverable status in a global database).
"""

from __future__ import annotations

from typing import TypeVar

from analyzer.frozen import Frozen, replace
from analyzer.moment import HOUR, Moment
from analyzer.record import sibling
from analyzer.resources.rds_database.events import (
    CLUSTER,
    INSTANCE,
    DatabaseEvent,
    DatabaseModified,
    GreenTookOver,
    ReplicaJoined,
    ReplicaMove,
    ReplicaPromoted,
    ReplicaSwitched,
    Seen,
    SourceChanged,
)


class Traits(Frozen, frozen=True, kw_only=True):
    """The attributes of a database that rules depend on, as last seen."""

    arn: str
    kind: str = INSTANCE
    resource_id: str | None = None
    name: str | None = None
    engine: str | None = None
    engine_mode: str | None = None
    key: str | None = None
    is_encrypted: bool | None = None
    encryption_type: str | None = None
    retention_days: int | None = None
    is_multi_az: bool = False
    replica_source: str | None = None
    replicas: tuple[str, ...] = ()
    cluster: str | None = None
    global_cluster: str | None = None
    deployment: str | None = None
    latest_restorable: Moment | None = None
    manager_hint: str | None = None

    @property
    def is_aurora(self) -> bool:
        """Whether Aurora's rules apply: a cluster of no engine that is known to be another."""
        return self.kind == CLUSTER and (self.engine or "aurora").startswith("aurora")

    @property
    def is_foreign(self) -> bool:
        """Whether it is DocumentDB or Neptune, which log under RDS but have rules of their own."""
        return (self.engine or "").startswith(("docdb", "neptune"))

    @property
    def has_backups(self) -> bool:
        """Whether automated backups are on; silence means on, and a cluster's are never off."""
        return self.kind == CLUSTER or self.retention_days is None or self.retention_days > 0

    @property
    def can_stop(self) -> bool:
        """Whether it can stop: what cannot goes to the terminal status at once.

        Source: USER_StopInstance.html (read replicas, instances that have one, as in a blue/green
        deployment, SQL Server Multi-AZ), aurora-cluster-stop-start.html (cross-Region replicas,
        global databases, blue/green deployments, Serverless v1),
        multi-az-db-clusters-concepts.html (Multi-AZ DB clusters).
        """
        if self.replica_source or self.replicas or self.deployment is not None:
            return False
        if self.kind == CLUSTER:
            is_bound = self.global_cluster is not None
            return self.is_aurora and not is_bound and self.engine_mode != "serverless"
        return not ((self.engine or "").startswith("sqlserver") and self.is_multi_az)

    @property
    def has_clock(self) -> bool:
        """Whether time alone makes it inaccessible: with backups on, or as a read replica.

        With backups off an instance stays available until its host lets go of the volume. Read
        replicas commonly have no backups of their own; they are named among those that go to the
        terminal status at once. No text tells of DocumentDB and Neptune.
        """
        is_replica = self.replica_source is not None
        return not self.is_foreign and (self.has_backups or is_replica)

    @property
    def is_out_of_reach(self) -> bool:
        """Whether nobody in the account can take its key away: it has none, or AWS's default one.

        Source: Overview.Encryption.Keys.html (an encrypted instance for which no key is named is
        under the AWS managed key).
        """
        return self.is_encrypted is False or self.manager_hint == "AWS"

    @property
    def grace(self) -> int:
        """Microseconds from detection to the inaccessible status: two hours, none for Aurora."""
        return 0 if self.is_aurora else 2 * HOUR


def learn(traits: Traits, event: DatabaseEvent) -> Traits:
    """Return what is known of a database once *event* is known too."""
    seen = event.seen
    known = replace(
        traits,
        arn=seen.arn,
        kind=seen.kind,
        resource_id=seen.resource_id or traits.resource_id,
        name=seen.name or traits.name,
        engine=seen.engine or traits.engine,
        engine_mode=seen.engine_mode or traits.engine_mode,
        key=traits.key or seen.key,  # fixed for life (Overview.Encryption.html)
        is_encrypted=either(seen.is_encrypted, traits.is_encrypted),
        encryption_type=seen.encryption_type or traits.encryption_type,
        retention_days=either(seen.retention_days, traits.retention_days),
        is_multi_az=bool(either(seen.is_multi_az, traits.is_multi_az)),
        replica_source=seen.replica_source or traits.replica_source,
        replicas=traits.replicas if seen.replicas is None else seen.replicas,
        cluster=seen.cluster or traits.cluster,
        global_cluster=seen.global_cluster or traits.global_cluster,
        latest_restorable=_later(seen.latest_restorable, traits.latest_restorable),
        manager_hint="AWS" if seen.takes_default_key else traits.manager_hint,
    )
    if isinstance(event, ReplicaPromoted | ReplicaSwitched | GreenTookOver):
        known = replace(known, replica_source=None)
    if isinstance(event, DatabaseModified | GreenTookOver) and event.renamed_to is not None:
        name = event.renamed_to.rpartition(":")[2]
        return replace(known, arn=event.renamed_to, name=name)
    return known


def with_replica(traits: Traits, move: ReplicaMove) -> Traits:
    """Return what is known of a database once a replica joined or left it, or it another."""
    if isinstance(move, SourceChanged):
        return replace(traits, replica_source=move.source)
    name = move.replica.rpartition(":")[2]
    others = tuple(one for one in traits.replicas if one not in {move.replica, name})
    return replace(traits, replicas=(*others, name) if isinstance(move, ReplicaJoined) else others)


def source_arn(replica: Seen) -> str:
    """Return the ARN of a read replica's source, which same-Region records only name."""
    source = replica.replica_source or ""
    if source.startswith("arn:"):
        return source
    return sibling(
        replica.arn, f"{'cluster' if replica.kind == CLUSTER else 'db'}:{source.lower()}"
    )


T = TypeVar("T")


def either(first: T | None, second: T | None) -> T | None:
    """Return the first value unless it is None."""
    return second if first is None else first


def _later(first: Moment | None, second: Moment | None) -> Moment | None:
    known = [value for value in (first, second) if value is not None]
    return max(known, default=None)
