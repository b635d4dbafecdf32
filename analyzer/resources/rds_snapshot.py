"""DB snapshots and their copies: each has a key of its own and lives until somebody deletes it.

Source: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_CopySnapshot.html (a copy is
under the key that the copy names; without one, under its source's).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from analyzer import moment
from analyzer.frozen import Frozen
from analyzer.moment import Moment
from analyzer.record import Record, arn, flag, members, sibling, text
from analyzer.resource import Decoder, Inert
from analyzer.resources.rds_database.encryption import storage_key
from analyzer.resources.rds_notice import detail_of


class SnapshotSeen(Frozen, frozen=True, kw_only=True):
    """What one response shows of a snapshot; None where it is silent.

    `key` may be an alias, or a vault of AWS Backup whose key is meant.
    """

    arn: str
    database_id: str | None = None
    database_arn: str | None = None
    database_name: str | None = None
    key: str | None = None
    is_encrypted: bool | None = None
    created: Moment | None = None

    @property
    def of(self) -> str | None:
        """The ARN of the database that it was taken of, by the name that this one had then."""
        if self.database_arn is not None or self.database_name is None:
            return self.database_arn
        part = "cluster" if ":cluster-snapshot:" in self.arn else "db"
        return sibling(self.arn, f"{part}:{self.database_name.lower()}")


class SnapshotCreated(Frozen, frozen=True, kw_only=True):
    """CreateDBSnapshot or CreateDBClusterSnapshot."""

    seen: SnapshotSeen


class SnapshotCopied(Frozen, frozen=True, kw_only=True):
    """CopyDBSnapshot or CopyDBClusterSnapshot; `source` is the ARN of what was copied."""

    seen: SnapshotSeen
    source: str


class SnapshotDeleted(Frozen, frozen=True, kw_only=True):
    """DeleteDBSnapshot, DeleteDBClusterSnapshot, RDS-EVENT-0041, or AWS Backup's own deletion."""

    seen: SnapshotSeen


class CopyCancelled(Frozen, frozen=True, kw_only=True):
    """RDS-EVENT-0061 or 0190: a copy that its call promised does not come to be.

    `seen` is the copy, or the snapshot that it was to be made of: RDS does not say which.
    """

    seen: SnapshotSeen


SnapshotEvent = SnapshotCreated | SnapshotCopied | SnapshotDeleted | CopyCancelled


class _Spelling(Frozen, frozen=True, kw_only=True):
    """How the records of one kind of snapshot spell what they show."""

    wrapper: str
    arn_part: str
    name: str
    database_id: str
    database_name: str
    encrypted: str
    source: str
    target: str


_OF_INSTANCE = _Spelling(
    wrapper="dBSnapshot",
    arn_part="snapshot",
    name="dBSnapshotIdentifier",
    database_id="dbiResourceId",
    database_name="dBInstanceIdentifier",
    encrypted="encrypted",
    source="sourceDBSnapshotIdentifier",
    target="targetDBSnapshotIdentifier",
)
_OF_CLUSTER = _Spelling(
    wrapper="dBClusterSnapshot",
    arn_part="cluster-snapshot",
    name="dBClusterSnapshotIdentifier",
    database_id="dbClusterResourceId",
    database_name="dBClusterIdentifier",
    encrypted="storageEncrypted",
    source="sourceDBClusterSnapshotIdentifier",
    target="targetDBClusterSnapshotIdentifier",
)


def _address(record: Record, how: _Spelling, name: str) -> str:
    """Build a snapshot's ARN; an ARN is returned as it is."""
    if name.startswith("arn:"):
        return name
    rest = f"{how.arn_part}:{name.lower()}"
    return arn(record.region, "rds", record.region, record.account, rest)


def _seen(record: Record, how: _Spelling, asked: str) -> SnapshotSeen | None:
    shown = members(record.response, how.wrapper) or record.response
    name = text(shown, how.name) or text(record.request, asked)
    address = text(shown, f"{how.wrapper}Arn")
    if address is None and name is not None:
        address = _address(record, how, name)
    if address is None:
        return None
    return SnapshotSeen(
        arn=address,
        database_id=text(shown, how.database_id),
        database_name=text(shown, how.database_name) or text(record.request, how.database_name),
        key=storage_key(record, shown),
        is_encrypted=flag(shown, how.encrypted),
        created=moment.parse_aws(shown.get("snapshotCreateTime")),
    )


def _taken(how: _Spelling) -> Decoder:
    def decode(record: Record) -> SnapshotCreated | None:
        seen = _seen(record, how, how.name)
        return None if seen is None else SnapshotCreated(seen=seen)

    return decode


def _left_by_tenant(record: Record) -> SnapshotCreated | Inert | None:
    """Read DeleteTenantDatabase: its final snapshot is one of the whole instance."""
    if text(record.request, "finalDBSnapshotIdentifier") is None:
        return Inert(reason="what is inside a database: its storage, key and copies are the same")
    seen = _seen(record, _OF_INSTANCE, "finalDBSnapshotIdentifier")
    return None if seen is None else SnapshotCreated(seen=seen)


def _copied(how: _Spelling) -> Decoder:
    def decode(record: Record) -> SnapshotCopied | None:
        seen = _seen(record, how, how.target)
        source = text(record.request, how.source) or text(record.response, how.source)
        if seen is None or source is None:
            return None
        return SnapshotCopied(seen=seen, source=_address(record, how, source))

    return decode


def _deleted(how: _Spelling) -> Decoder:
    def decode(record: Record) -> SnapshotDeleted | None:
        seen = _seen(record, how, how.name)
        return None if seen is None else SnapshotDeleted(seen=seen)

    return decode


def _told(event: type[SnapshotDeleted | CopyCancelled]) -> Decoder:
    """Read what RDS says by itself of a snapshot."""

    def decode(record: Record) -> object:
        address = text(detail_of(record.body), "SourceArn") or next(iter(record.resource_arns), "")
        if not (":snapshot:" in address or ":cluster-snapshot:" in address):
            return None
        return event(seen=SnapshotSeen(arn=address))

    return decode


DECODERS: Final[Mapping[tuple[str, str], Decoder]] = {
    ("rds", "CreateDBSnapshot"): _taken(_OF_INSTANCE),
    ("rds", "CopyDBSnapshot"): _copied(_OF_INSTANCE),
    ("rds", "DeleteDBSnapshot"): _deleted(_OF_INSTANCE),
    ("rds", "CreateDBClusterSnapshot"): _taken(_OF_CLUSTER),
    ("rds", "CopyDBClusterSnapshot"): _copied(_OF_CLUSTER),
    ("rds", "DeleteDBClusterSnapshot"): _deleted(_OF_CLUSTER),
    ("rds", "DeleteTenantDatabase"): _left_by_tenant,
    ("rds", "RDS-EVENT-0041"): _told(SnapshotDeleted),
    ("rds", "RDS-EVENT-0061"): _told(CopyCancelled),
    ("rds", "RDS-EVENT-0190"): _told(CopyCancelled),
}
