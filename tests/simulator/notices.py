"""Notices: RDS and KMS events as EventBridge delivers them, and the rows of describe-events."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from tests.simulator.handles import (
    BlueGreen,
    Cluster,
    ClusterSnapshot,
    Database,
    Key,
    Resource,
    Snapshot,
)
from tests.simulator.messages import MESSAGES, MESSAGES_OF_MORE, Message
from tests.simulator.recorder import Json, Recorder
from tests.simulator.times import When, iso, iso_millis

if TYPE_CHECKING:
    from collections.abc import Mapping


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
    BlueGreen: Source(
        "RDS Blue Green Deployment Event", "BLUE_GREEN_DEPLOYMENT", "blue-green-deployment"
    ),
}


class Notices(Recorder):
    """The verbs of events that no API call makes."""

    def rds_event(
        self,
        about: Database | Cluster | Snapshot | ClusterSnapshot | BlueGreen,
        event_id: str,
        *,
        at: When,
        message: str | None = None,
    ) -> Json:
        """Append a native RDS event about a DB instance, a cluster, or a snapshot of one."""
        unknown = Message("notification", message or "")
        known = MESSAGES.get(event_id) or MESSAGES_OF_MORE.get(event_id, unknown)
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
