"""Automated backups that outlive their database or lie in another Region, and S3 exports.

Sources: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_WorkingWithAutomatedBackups.html,
.../USER_ReplicateBackups.html (a replicated backup lies under a key of its destination Region, and
outlives both its source and the replication), .../USER_ExportSnapshot.html (an export is under a
key of its own and cannot be restored as a database). That a database has backups at all follows
from its retention (`rds_database`); no record tells of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from analyzer.frozen import Frozen
from analyzer.record import Record, number, text
from analyzer.resource import Decoder
from analyzer.resources.rds_notice import detail_of

_ENDED_EARLY: Final = (
    "RDS-EVENT-0159", "RDS-EVENT-0160",  # of a snapshot
    "RDS-EVENT-0162", "RDS-EVENT-0163",  # of a cluster snapshot
    "RDS-EVENT-0234", "RDS-EVENT-0235",  # of a cluster
)  # fmt: skip
_COMPLETE: Final = ("RDS-EVENT-0161", "RDS-EVENT-0164", "RDS-EVENT-0236")


class BackupDeleted(Frozen, frozen=True, kw_only=True):
    """DeleteDBInstanceAutomatedBackup or DeleteDBClusterAutomatedBackup.

    `backup` is the ARN of the one that was deleted, None where the record names only the database.
    """

    database_id: str | None
    database_arn: str | None
    backup: str | None


class ReplicationStarted(Frozen, frozen=True, kw_only=True):
    """StartDBInstanceAutomatedBackupsReplication, made in the destination Region."""

    database_id: str | None
    database_arn: str
    backup: str
    key: str | None
    retention_days: int | None


class ReplicationStopped(Frozen, frozen=True, kw_only=True):
    """StopDBInstanceAutomatedBackupsReplication: what was replicated is kept for its retention."""

    database_id: str | None
    database_arn: str
    region: str


class ExportStarted(Frozen, frozen=True, kw_only=True):
    """StartExportTask: Parquet files of a snapshot or cluster in S3, under a key of their own."""

    task: str
    source: str
    key: str | None


class ExportCancelled(Frozen, frozen=True, kw_only=True):
    """CancelExportTask."""

    task: str


class ExportEnded(Frozen, frozen=True, kw_only=True):
    """RDS-EVENT-0159 and its like: an export of `source` failed, was cancelled, or is complete.

    RDS names the source only; of several exports of it the one is meant that began first and is
    still under way.
    """

    source: str
    is_complete: bool


BackupEvent = BackupDeleted | ReplicationStarted | ReplicationStopped
ExportEvent = ExportStarted | ExportCancelled | ExportEnded


def _deleted(record: Record) -> BackupDeleted | None:
    ids = ("dbiResourceId", "dbClusterResourceId")
    arns = ("dBInstanceAutomatedBackupsArn", "dBClusterAutomatedBackupsArn")
    database_id = text(record.response, *ids) or text(record.request, *ids)
    database_arn = text(record.response, "dBInstanceArn", "dBClusterArn")
    if database_id is None and database_arn is None:
        return None
    return BackupDeleted(
        database_id=database_id,
        database_arn=database_arn,
        backup=text(record.request, *arns) or text(record.response, *arns),
    )


def _replicates(record: Record) -> ReplicationStarted | None:
    source = text(record.request, "sourceDBInstanceArn") or text(record.response, "dBInstanceArn")
    if source is None:
        return None
    asked = number(record.request, "backupRetentionPeriod")
    key = text(record.response, "kmsKeyId") or text(record.request, "kmsKeyId")
    return ReplicationStarted(
        database_id=text(record.response, "dbiResourceId"),
        database_arn=source,
        backup=text(record.response, "dBInstanceAutomatedBackupsArn")
        or f"replicated-backup:{record.region}:{source}",
        key=key if key is None or key.startswith("arn:") else None,
        retention_days=number(record.response, "backupRetentionPeriod") if asked is None else asked,
    )


def _replication_stopped(record: Record) -> ReplicationStopped | None:
    source = text(record.request, "sourceDBInstanceArn") or text(record.response, "dBInstanceArn")
    if source is None:
        return None
    return ReplicationStopped(
        database_id=text(record.response, "dbiResourceId"),
        database_arn=source,
        region=record.region,
    )


def _exports(record: Record) -> ExportStarted | None:
    task = text(record.response, "exportTaskIdentifier") or text(
        record.request, "exportTaskIdentifier"
    )
    source = text(record.response, "sourceArn") or text(record.request, "sourceArn")
    if task is None or source is None:
        return None
    key = text(record.response, "kmsKeyId") or text(record.request, "kmsKeyId")
    return ExportStarted(
        task=task, source=source, key=key if key is None or key.startswith("arn:") else None
    )


def _export_cancelled(record: Record) -> ExportCancelled | None:
    task = text(record.request, "exportTaskIdentifier")
    return None if task is None else ExportCancelled(task=task)


def _export_ended(*, is_complete: bool) -> Decoder:
    def decode(record: Record) -> ExportEnded | None:
        detail = detail_of(record.body)
        source = text(detail, "SourceArn") or next(iter(record.resource_arns), None)
        return None if source is None else ExportEnded(source=source, is_complete=is_complete)

    return decode


DECODERS: Final[Mapping[tuple[str, str], Decoder]] = {
    ("rds", "DeleteDBInstanceAutomatedBackup"): _deleted,
    ("rds", "DeleteDBClusterAutomatedBackup"): _deleted,
    ("rds", "StartDBInstanceAutomatedBackupsReplication"): _replicates,
    ("rds", "StopDBInstanceAutomatedBackupsReplication"): _replication_stopped,
    ("rds", "StartExportTask"): _exports,
    ("rds", "CancelExportTask"): _export_cancelled,
    **{("rds", name): _export_ended(is_complete=False) for name in _ENDED_EARLY},
    **{("rds", name): _export_ended(is_complete=True) for name in _COMPLETE},
}
