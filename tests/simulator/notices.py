"""Notices: RDS and KMS events as EventBridge delivers them, and the rows of describe-events."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from tests.simulator.handles import Cluster, ClusterSnapshot, Database, Key, Resource, Snapshot
from tests.simulator.recorder import Json, Recorder
from tests.simulator.times import When, iso, iso_millis

if TYPE_CHECKING:
    from collections.abc import Mapping


class Message(NamedTuple):
    """An RDS event's category and literal text; `{name}` stands for the identifier."""

    category: str
    text: str


MESSAGES: Final[Mapping[str, Message]] = {
    "RDS-EVENT-0001": Message("backup", "Backing up DB instance"),
    "RDS-EVENT-0002": Message("backup", "Finished DB Instance backup"),
    "RDS-EVENT-0003": Message("deletion", "DB instance deleted."),
    "RDS-EVENT-0004": Message("availability", "DB instance shutdown."),
    "RDS-EVENT-0005": Message("creation", "DB instance created."),
    "RDS-EVENT-0006": Message("availability", "DB instance restarted."),
    "RDS-EVENT-0013": Message("failover", "Multi-AZ instance failover started."),
    "RDS-EVENT-0015": Message("failover", "Multi-AZ failover to standby complete."),
    "RDS-EVENT-0019": Message(
        "restoration", "Restored from DB instance {name} to a point in time."
    ),
    "RDS-EVENT-0020": Message("recovery", "Recovery of the DB instance has started."),
    "RDS-EVENT-0021": Message("recovery", "Recovery of the DB instance is complete."),
    "RDS-EVENT-0028": Message("configuration change", "Disabled automated backups."),
    "RDS-EVENT-0031": Message(
        "failure",
        "DB instance put into inaccessible-encryption-credentials state. "
        "RDS recommends that you initiate a point-in-time-restore.",
    ),
    "RDS-EVENT-0032": Message("configuration change", "Enabled automated backups."),
    "RDS-EVENT-0041": Message("deletion", "Deleted user snapshot {name}."),
    "RDS-EVENT-0042": Message("creation", "Manual snapshot created."),
    "RDS-EVENT-0043": Message("restoration", "Restored from snapshot {name}."),
    "RDS-EVENT-0049": Message("failover", "Multi-AZ instance failover completed."),
    "RDS-EVENT-0050": Message("failover", "Multi-AZ instance activation started."),
    "RDS-EVENT-0051": Message("failover", "Multi-AZ instance activation completed."),
    "RDS-EVENT-0065": Message("failover", "Recovered from partial failover."),
    "RDS-EVENT-0087": Message("notification", "DB instance stopped."),
    "RDS-EVENT-0088": Message("notification", "DB instance started."),
    "RDS-EVENT-0090": Message("creation", "Creating automated snapshot."),
    "RDS-EVENT-0091": Message("creation", "Automated snapshot created."),
    "RDS-EVENT-0150": Message("notification", "DB cluster stopped."),
    "RDS-EVENT-0151": Message("notification", "DB cluster started."),
    "RDS-EVENT-0153": Message(
        "notification",
        "DB cluster is being started due to it exceeding the maximum allowed time being stopped.",
    ),
    "RDS-EVENT-0154": Message(
        "notification",
        "DB instance is being started due to it exceeding the maximum allowed time being stopped.",
    ),
    "RDS-EVENT-0170": Message("creation", "DB cluster created."),
    "RDS-EVENT-0171": Message("deletion", "DB cluster deleted."),
    "RDS-EVENT-0418": Message(
        "failure",
        "Amazon RDS is unable to access the KMS encryption key for database instance {name}. "
        "This is likely due to the key being disabled or Amazon RDS being unable to access it. "
        "If this continues the database will be placed into an inaccessible state.",
    ),
    "RDS-EVENT-0419": Message(
        "availability",
        "Amazon RDS has been unable to access the KMS encryption key for database instance {name}. "
        "This database will be placed into an inaccessible state.",
    ),
    "RDS-EVENT-0420": Message(
        "failure",
        "Amazon RDS can now successfully access the KMS encryption key for database instance "
        "{name}.",
    ),
}

OF_SNAPSHOTS: Final = frozenset(
    {"RDS-EVENT-0041", "RDS-EVENT-0042", "RDS-EVENT-0090", "RDS-EVENT-0091"}
)

OF_CLUSTERS: Final = frozenset(
    {"RDS-EVENT-0150", "RDS-EVENT-0151", "RDS-EVENT-0153", "RDS-EVENT-0170", "RDS-EVENT-0171"}
)


class Source(NamedTuple):
    """A kind of thing that an RDS event speaks of, as EventBridge and as describe-events say it."""

    title: str
    kind: str
    row: str


SOURCES: Final[Mapping[type[Resource], Source]] = {
    Database: Source("RDS DB Instance Event", "DB_INSTANCE", "db-instance"),
    Snapshot: Source("RDS DB Snapshot Event", "SNAPSHOT", "db-snapshot"),
    Cluster: Source("RDS DB Cluster Event", "CLUSTER", "db-cluster"),
    ClusterSnapshot: Source(
        "RDS DB Cluster Snapshot Event", "CLUSTER_SNAPSHOT", "db-cluster-snapshot"
    ),
}


class Notices(Recorder):
    """The verbs of events that no API call makes."""

    def rds_event(
        self,
        about: Database | Cluster | Snapshot | ClusterSnapshot,
        event_id: str,
        *,
        at: When,
        message: str | None = None,
    ) -> Json:
        """Append a native RDS event about a DB instance, a cluster, or a snapshot of one."""
        known = MESSAGES.get(event_id, Message("notification", message or ""))
        source = SOURCES[type(about)]
        moment = self.moment(at)
        detail = {
            "EventCategories": [known.category],
            "SourceType": source.kind,
            "SourceArn": about.arn,
            "Date": iso_millis(moment),
            "Message": message or known.text.format(name=about.name),
            "SourceIdentifier": about.name,
            "EventID": event_id,
        }
        return self._envelope("aws.rds", source.title, about, at=at, detail=detail)

    def kms_event(self, title: str, key: Key, *, at: When) -> Json:
        """Append a native KMS event: `KMS CMK Deletion` and its like."""
        return self._envelope("aws.kms", title, key, at=at, detail={"key-id": key.key_id})

    def _envelope(
        self, source: str, title: str, about: Resource, *, at: When, detail: Mapping[str, Any]
    ) -> Json:
        envelope: Json = {
            "version": "0",
            "id": self.ids.uuid(),
            "detail-type": title,
            "source": source,
            "account": about.account,
            "time": iso(self.moment(at)),
            "region": about.region,
            "resources": [about.arn],
            "detail": dict(detail),
        }
        self.notifications.append(envelope)
        return envelope

    def describe_events(self) -> Json:
        """Return the RDS events so far as `aws rds describe-events` shows them: without EventID."""
        details = [one["detail"] for one in self.notifications if one["source"] == "aws.rds"]
        spelled = {source.kind: source.row for source in SOURCES.values()}
        return {
            "Events": [
                {
                    "SourceIdentifier": detail["SourceIdentifier"],
                    "SourceType": spelled[detail["SourceType"]],
                    "Message": detail["Message"],
                    "EventCategories": detail["EventCategories"],
                    "Date": detail["Date"],
                    "SourceArn": detail["SourceArn"],
                }
                for detail in details
            ]
        }
