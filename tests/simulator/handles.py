"""Handles: what a test holds of a resource that the simulator has made."""

from __future__ import annotations

from dataclasses import dataclass, field

from tests.simulator.recorder import Call, Json


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """A thing with an ARN, and the record that made it."""

    arn: str
    region: str
    account: str
    record: Json = field(repr=False, compare=False)

    @property
    def home(self) -> Call:
        """Where calls about it are made, unless the test says otherwise."""
        return Call(region=self.region, account=self.account)


@dataclass(frozen=True, slots=True, kw_only=True)
class Key(Resource):
    """A KMS key."""

    key_id: str
    origin: str = "AWS_KMS"

    @property
    def resource(self) -> dict[str, str]:
        """Its entry in a record's `resources`."""
        return {"accountId": self.account, "type": "AWS::KMS::Key", "ARN": self.arn}


@dataclass(frozen=True, slots=True, kw_only=True)
class Database(Resource):
    """A DB instance; `key` is None where it is not encrypted."""

    name: str
    resource_id: str
    key: str | None

    @property
    def context(self) -> dict[str, str]:
        """The encryption context under which RDS uses the key for it."""
        return {"aws:rds:db-id": self.resource_id}


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot(Resource):
    """A DB snapshot; `key` is None where it is not encrypted."""

    name: str
    database: Database
    key: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Cluster(Resource):
    """A DB cluster; `key` is None where it is not encrypted, or under a key that AWS owns."""

    name: str
    resource_id: str
    key: str | None

    @property
    def context(self) -> dict[str, str]:
        """The encryption context under which RDS uses the key for it."""
        return {"aws:rds:dbc-id": self.resource_id}


@dataclass(frozen=True, slots=True, kw_only=True)
class ClusterSnapshot(Resource):
    """A DB cluster snapshot; `key` is None where it is not encrypted."""

    name: str
    cluster: Cluster
    key: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Replication(Resource):
    """Automated backups that are replicated to another Region, which is `region`."""

    database: Database
    key: str
    days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BlueGreen(Resource):
    """A blue/green deployment.

    Attributes:
        pairs: ARNs of blue and green, the main pair first.
        like: blue as it was then; what is changed of blue later is not changed of green.
    """

    name: str
    pairs: tuple[tuple[str, str], ...]
    like: Json
