"""The origin of a restored database, as the call that restores it names it.

Source: https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/
API_RestoreDBInstanceFromDBSnapshot.html and its like.
"""

from __future__ import annotations

from analyzer import moment
from analyzer.record import Record, arn, flag, text
from analyzer.resources.rds_database.events import CLUSTER, Origin


def origin_of(record: Record, kind: str) -> Origin | None:
    """Return what a database of *kind* was restored from; None where the record is no restore."""
    asked = record.request
    bucket = text(asked, "s3BucketName")
    if bucket is not None:
        return Origin(
            kind="s3", of="/".join(filter(None, (f"s3://{bucket}", text(asked, "s3Prefix"))))
        )
    of_cluster = text(asked, "dBClusterSnapshotIdentifier")
    snapshot = text(asked, "dBSnapshotIdentifier", "snapshotIdentifier") or of_cluster
    if snapshot is not None:
        is_of_cluster = kind == CLUSTER or of_cluster is not None
        part = "cluster-snapshot" if is_of_cluster else "snapshot"
        return Origin(kind="snapshot", of=_address(record, part, snapshot))
    if not record.name.endswith("ToPointInTime"):
        return None
    part = "cluster" if kind == CLUSTER else "db"
    resource_id = text(asked, "sourceDbiResourceId", "sourceDbClusterResourceId")
    named = text(asked, "sourceDBInstanceIdentifier", "sourceDBClusterIdentifier")
    source = text(asked, "sourceDBInstanceAutomatedBackupsArn")
    if source is None and named is not None:
        source = _address(record, part, named)
    if source is None and resource_id is None:
        return None
    return Origin(
        kind="point-in-time",
        of=source or resource_id or "",
        resource_id=resource_id,
        moment=moment.parse_aws(asked.get("restoreTime") or asked.get("restoreToTime")),
        is_latest=flag(asked, "useLatestRestorableTime") is True,
    )


def _address(record: Record, part: str, name: str) -> str:
    if name.startswith("arn:"):
        return name
    return arn(record.region, "rds", record.region, record.account, f"{part}:{name.lower()}")
