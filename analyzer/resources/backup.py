"""AWS Backup: recovery points of databases, which are snapshots, and the keys of its vaults.

Sources: https://docs.aws.amazon.com/aws-backup/latest/devguide/logging-using-cloudtrail.html (its
service events), .../encryption.html (a recovery point of RDS lies under its database's key, a copy
of one under the key of the vault that it goes to). That a job was started says nothing of its end.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from analyzer.frozen import Frozen
from analyzer.record import Members, Record, text
from analyzer.resource import Decoder, Inert
from analyzer.resources.rds_database.encryption import storage_key
from analyzer.resources.rds_snapshot import (
    SnapshotCopied,
    SnapshotCreated,
    SnapshotDeleted,
    SnapshotSeen,
)

_ELSE: Final = Inert(reason="a recovery point of something else than a database")
_UNFINISHED: Final = Inert(reason="a job of AWS Backup that made nothing, or not yet")


class VaultMade(Frozen, frozen=True, kw_only=True):
    """CreateBackupVault: copies that go to this vault lie under its key."""

    vault: str
    key: str


def _is_of_database(point: str) -> bool:
    return ":rds:" in point


def _is_done(details: Members) -> bool:
    return text(details, "state", "status") == "COMPLETED"


def _backed_up(record: Record) -> SnapshotCreated | Inert | None:
    point = text(record.details, "recoveryPointArn")
    if not _is_done(record.details):
        return _UNFINISHED
    if point is None:
        return None
    if not _is_of_database(point):
        return _ELSE
    source = text(record.details, "resourceArn")
    return SnapshotCreated(seen=SnapshotSeen(arn=point, database_arn=source))


def _copied(record: Record) -> SnapshotCopied | Inert | None:
    details = record.details
    source = text(details, "sourceRecoveryPointArn")
    copy = text(details, "destinationRecoveryPointArn")
    if not _is_done(details):
        return _UNFINISHED
    if source is None or copy is None:
        return None
    if not _is_of_database(copy):
        return _ELSE
    vault = text(details, "destinationBackupVaultArn")
    return SnapshotCopied(seen=SnapshotSeen(arn=copy, key=vault), source=source)


def _deleted(record: Record) -> SnapshotDeleted | Inert | None:
    point = text(record.request, "recoveryPointArn") or text(record.details, "recoveryPointArn")
    if point is None:
        return None
    return SnapshotDeleted(seen=SnapshotSeen(arn=point)) if _is_of_database(point) else _ELSE


def _vault_made(record: Record) -> VaultMade | Inert | None:
    vault = text(record.response, "backupVaultArn")
    if vault is None:
        return None
    named = text(record.request, "encryptionKeyArn")
    key = storage_key(record, {"kmsKeyId": named} if named is not None else {})
    if key is None:
        return Inert(reason="a vault under the key that AWS manages for AWS Backup")
    return VaultMade(vault=vault, key=key)


DECODERS: Final[Mapping[tuple[str, str], Decoder]] = {
    ("backup", "BackupJobCompleted"): _backed_up,
    ("backup", "CopyJobCompleted"): _copied,
    ("backup", "BackupDeleted"): _deleted,
    ("backup", "DeleteRecoveryPoint"): _deleted,
    ("backup", "CreateBackupVault"): _vault_made,
}
