"""RDS DB instances: the attributes that rules depend on, learned event by event.

Rules: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Overview.Encryption.html (the key of
an instance never changes), .../USER_StopInstance.html (what cannot stop), .../USER_ReadRepl.html.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TypeVar

from analyzer.moment import Moment
from analyzer.record import sibling
from analyzer.resources.rds_instance.events import (
    InstanceEvent,
    ReplicaJoined,
    ReplicaMove,
    ReplicaPromoted,
    Seen,
)


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
        is_encrypted=either(seen.is_encrypted, instance.is_encrypted),
        encryption_type=seen.encryption_type or instance.encryption_type,
        retention_days=either(seen.retention_days, instance.retention_days),
        is_multi_az=bool(either(seen.is_multi_az, instance.is_multi_az)),
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


def either(first: T | None, second: T | None) -> T | None:
    """Return the first value unless it is None."""
    return second if first is None else first


def _later(first: Moment | None, second: Moment | None) -> Moment | None:
    known = [value for value in (first, second) if value is not None]
    return max(known, default=None)
