"""DB snapshots and their copies: each has a key of its own and lives until somebody deletes it.

Source: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_CopySnapshot.html (a copy is
under the key that the copy names; without one, under its source's).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from analyzer import moment
from analyzer.moment import Moment
from analyzer.record import Record, arn, flag, members, text
from analyzer.resource import Decoder


@dataclass(frozen=True, slots=True, kw_only=True)
class SnapshotSeen:
    """What one response shows of a snapshot; None where it is silent."""

    arn: str
    database_id: str | None = None
    database_name: str | None = None
    key: str | None = None
    is_encrypted: bool | None = None
    created: Moment | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SnapshotCreated:
    """CreateDBSnapshot."""

    seen: SnapshotSeen


@dataclass(frozen=True, slots=True, kw_only=True)
class SnapshotCopied:
    """CopyDBSnapshot; `source` is the ARN of what was copied."""

    seen: SnapshotSeen
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SnapshotDeleted:
    """DeleteDBSnapshot."""

    seen: SnapshotSeen


SnapshotEvent = SnapshotCreated | SnapshotCopied | SnapshotDeleted


def snapshot_arn(region: str, account: str, name: str) -> str:
    """Build a snapshot's ARN; an ARN is returned as it is."""
    if name.startswith("arn:"):
        return name
    return arn(region, "rds", region, account, f"snapshot:{name.lower()}")


def _seen(record: Record, asked: str) -> SnapshotSeen | None:
    shown = members(record.response, "dBSnapshot") or record.response
    name = text(shown, "dBSnapshotIdentifier") or text(record.request, asked)
    address = text(shown, "dBSnapshotArn")
    if address is None and name is not None:
        address = snapshot_arn(record.region, record.account, name)
    if address is None:
        return None
    key = text(shown, "kmsKeyId")
    return SnapshotSeen(
        arn=address,
        database_id=text(shown, "dbiResourceId"),
        database_name=text(shown, "dBInstanceIdentifier")
        or text(record.request, "dBInstanceIdentifier"),
        key=key if key is None or key.startswith("arn:") else None,
        is_encrypted=flag(shown, "encrypted"),
        created=moment.parse_aws(shown.get("snapshotCreateTime")),
    )


def _created(record: Record) -> SnapshotCreated | None:
    seen = _seen(record, "dBSnapshotIdentifier")
    return None if seen is None else SnapshotCreated(seen=seen)


def _copied(record: Record) -> SnapshotCopied | None:
    seen = _seen(record, "targetDBSnapshotIdentifier")
    source = text(record.request, "sourceDBSnapshotIdentifier") or text(
        record.response, "sourceDBSnapshotIdentifier"
    )
    if seen is None or source is None:
        return None
    return SnapshotCopied(seen=seen, source=snapshot_arn(record.region, record.account, source))


def _deleted(record: Record) -> SnapshotDeleted | None:
    seen = _seen(record, "dBSnapshotIdentifier")
    return None if seen is None else SnapshotDeleted(seen=seen)


DECODERS: Final[Mapping[tuple[str, str], Decoder]] = {
    ("rds", "CreateDBSnapshot"): _created,
    ("rds", "CopyDBSnapshot"): _copied,
    ("rds", "DeleteDBSnapshot"): _deleted,
}
