"""RDS events by their message: rows of describe-events carry no id.

Source: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_Events.Messages.html, and
Aurora's page of that name. Parts that distinguish a message, lower case; of several events whose
parts a message carries, the first counts.
"""

from __future__ import annotations

from typing import Final

MESSAGES: Final[tuple[tuple[tuple[str, ...], str], ...]] = (
    (("is unable to access the kms encryption key for database instance",), "RDS-EVENT-0418"),
    (("has been unable to access the kms encryption key for database",), "RDS-EVENT-0419"),
    (("can now successfully access the kms encryption key for database",), "RDS-EVENT-0420"),
    # Lives of clusters and instances
    (("db cluster is being started", "maximum allowed time being stopped"), "RDS-EVENT-0153"),
    (("exceeding the maximum allowed time being stopped",), "RDS-EVENT-0154"),
    (("db cluster created",), "RDS-EVENT-0170"),
    (("db cluster deleted",), "RDS-EVENT-0171"),
    (("db cluster stop failed",), "RDS-EVENT-0152"),
    (("db cluster stopped",), "RDS-EVENT-0150"),
    (("db cluster started",), "RDS-EVENT-0151"),
    (("db cluster because of incompatible resources",), "RDS-EVENT-0354"),
    (("db cluster can't be created because of insufficient",), "RDS-EVENT-0355"),
    (("db instance created",), "RDS-EVENT-0005"),
    (("db instance deleted",), "RDS-EVENT-0003"),
    (("db instance stopped",), "RDS-EVENT-0087"),
    (("db instance started",), "RDS-EVENT-0088"),
    (("db instance restarted",), "RDS-EVENT-0006"),
    (("db instance shutdown",), "RDS-EVENT-0004"),
    (("the db instance creation failed",), "RDS-EVENT-0278"),
    (("db instance can't be created because of insufficient",), "RDS-EVENT-0353"),
    (("db instance put into", "state"), "RDS-EVENT-0031"),
    (("database instance put into",), "RDS-EVENT-0035"),
    (("database instance in ",), "RDS-EVENT-0036"),
    (("renamed cluster from",), "RDS-EVENT-0172"),
    # Backups and restores
    (("disabled automated backups",), "RDS-EVENT-0028"),
    (("enabled automated backups",), "RDS-EVENT-0032"),
    (("finished db instance backup",), "RDS-EVENT-0002"),
    (("backing up db instance",), "RDS-EVENT-0001"),
    (("restored from snapshot",), "RDS-EVENT-0043"),
    (("restored from db instance",), "RDS-EVENT-0019"),
    # Hosts
    (("recovery of the db instance is complete",), "RDS-EVENT-0021"),
    (("recovery of the db instance has started",), "RDS-EVENT-0020"),
    (("multi-az instance recovery started",), "RDS-EVENT-0052"),
    (("multi-az instance recovery completed",), "RDS-EVENT-0053"),
    (("multi-az instance failover completed",), "RDS-EVENT-0049"),
    (("multi-az instance failover started",), "RDS-EVENT-0013"),
    (("multi-az failover to standby complete",), "RDS-EVENT-0015"),
    (("multi-az instance activation started",), "RDS-EVENT-0050"),
    (("multi-az instance activation completed",), "RDS-EVENT-0051"),
    (("recovered from partial failover",), "RDS-EVENT-0065"),
    (("will replace the host of db instance",), "RDS-EVENT-0422"),
    (("finished applying modification to db instance class",), "RDS-EVENT-0014"),
    (("applying modification to database instance class",), "RDS-EVENT-0012"),
    (("finished applying modification to allocated storage",), "RDS-EVENT-0017"),
    (("finished applying modification to convert to a multi-az",), "RDS-EVENT-0025"),
    (("finished applying modification to convert to a standard",), "RDS-EVENT-0029"),
    (("applying modification to allocated storage",), "RDS-EVENT-0018"),
    (("applying modification to convert to a multi-az",), "RDS-EVENT-0024"),
    (("applying modification to convert to a standard",), "RDS-EVENT-0030"),
    (("finished applying off-line patches to db instance",), "RDS-EVENT-0027"),
    (("applying off-line patches to db instance",), "RDS-EVENT-0026"),
    # Read replicas
    (("replication for the read replica resumed",), "RDS-EVENT-0046"),
    (("read replica has been manually stopped",), "RDS-EVENT-0062"),
    (("replication has stopped",), "RDS-EVENT-0045"),
    (("replication streaming has been terminated",), "RDS-EVENT-0057"),
    (("read replica creation failed",), "RDS-EVENT-0202"),
    (("upgrade process resumed replication",), "RDS-EVENT-0415"),
    (("upgrade process stopped replication",), "RDS-EVENT-0416"),
    # Snapshots, their copies, and exports
    (("deleted user snapshot",), "RDS-EVENT-0041"),
    (("canceled snapshot copy request of", " from region"), "RDS-EVENT-0061"),
    (("canceled snapshot copy request of",), "RDS-EVENT-0190"),
    (("started copy of snapshot", " from region"), "RDS-EVENT-0059"),
    (("finished copy of snapshot", " from region"), "RDS-EVENT-0060"),
    (("started copy of snapshot",), "RDS-EVENT-0196"),
    (("finished copy of snapshot",), "RDS-EVENT-0197"),
    (("creating manual snapshot",), "RDS-EVENT-0040"),
    (("manual snapshot created",), "RDS-EVENT-0042"),
    (("creating automated snapshot",), "RDS-EVENT-0090"),
    (("automated snapshot created",), "RDS-EVENT-0091"),
    (("creating manual cluster snapshot",), "RDS-EVENT-0074"),
    (("manual cluster snapshot created",), "RDS-EVENT-0075"),
    (("creating automated cluster snapshot",), "RDS-EVENT-0168"),
    (("automated cluster snapshot created",), "RDS-EVENT-0169"),
    (("cluster snapshot export task failed",), "RDS-EVENT-0162"),
    (("cluster snapshot export task was canceled",), "RDS-EVENT-0163"),
    (("cluster snapshot export task completed",), "RDS-EVENT-0164"),
    (("snapshot export task failed",), "RDS-EVENT-0159"),
    (("snapshot export task was canceled",), "RDS-EVENT-0160"),
    (("snapshot export task completed",), "RDS-EVENT-0161"),
    (("export task failed",), "RDS-EVENT-0234"),
    (("export task canceled",), "RDS-EVENT-0235"),
    (("export task completed",), "RDS-EVENT-0236"),
    # Global databases
    (("global switchover to db cluster", "is cancelled"), "RDS-EVENT-0186"),
    (("global switchover to db cluster", "failed"), "RDS-EVENT-0187"),
    (("global switchover to db cluster", "started"), "RDS-EVENT-0181"),
    (("global switchover to db cluster", "finished"), "RDS-EVENT-0185"),
    (("global failover to db cluster", "failed"), "RDS-EVENT-0239"),
    (("global failover to db cluster", "completed"), "RDS-EVENT-0238"),
    # Blue/green deployments
    (("blue/green deployment tasks completed",), "RDS-EVENT-0244"),
    (("creation of blue/green deployment failed",), "RDS-EVENT-0245"),
    (("blue/green deployment deleted",), "RDS-EVENT-0246"),
    (("switchover completed on blue/green deployment",), "RDS-EVENT-0248"),
    (("switchover canceled on blue/green deployment",), "RDS-EVENT-0249"),
    (("switchover from db cluster", "completed. renamed"), "RDS-EVENT-0260"),
    (("switchover from db cluster", "was canceled"), "RDS-EVENT-0261"),
    (("switchover from", "completed. renamed"), "RDS-EVENT-0251"),
    (("switchover from", "was canceled"), "RDS-EVENT-0252"),
)


def event_id_of(message: str) -> str | None:
    """Return the RDS-EVENT id whose documented message *message* carries, or None."""
    lowered = message.lower()
    return next(
        (event_id for parts, event_id in MESSAGES if all(part in lowered for part in parts)), None
    )
