"""Automated backups that outlive their instance, and their deletion.

Source: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_WorkingWithAutomatedBackups.html.
That an instance has backups follows from its retention (`rds_instance`), no record tells of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from analyzer.record import Record, text
from analyzer.resource import Decoder


@dataclass(frozen=True, slots=True, kw_only=True)
class BackupDeleted:
    """DeleteDBInstanceAutomatedBackup or DeleteDBClusterAutomatedBackup."""

    database_id: str | None
    database_arn: str | None


def _deleted(record: Record) -> BackupDeleted | None:
    ids = ("dbiResourceId", "dbClusterResourceId")
    database_id = text(record.response, *ids) or text(record.request, *ids)
    database_arn = text(record.response, "dBInstanceArn", "dBClusterArn")
    if database_id is None and database_arn is None:
        return None
    return BackupDeleted(database_id=database_id, database_arn=database_arn)


DECODERS: Final[Mapping[tuple[str, str], Decoder]] = {
    ("rds", "DeleteDBInstanceAutomatedBackup"): _deleted,
    ("rds", "DeleteDBClusterAutomatedBackup"): _deleted,
}
