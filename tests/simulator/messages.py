"""Messages: what RDS events say, as AWS documents it, and what each of them speaks of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

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

MESSAGES_OF_MORE: Final[Mapping[str, Message]] = {
    "RDS-EVENT-0012": Message(
        "configuration change", "Applying modification to database instance class."
    ),
    "RDS-EVENT-0014": Message(
        "configuration change", "Finished applying modification to DB instance class."
    ),
    "RDS-EVENT-0017": Message(
        "configuration change", "Finished applying modification to allocated storage."
    ),
    "RDS-EVENT-0018": Message(
        "configuration change", "Applying modification to allocated storage."
    ),
    "RDS-EVENT-0024": Message(
        "configuration change", "Applying modification to convert to a Multi-AZ DB instance."
    ),
    "RDS-EVENT-0025": Message(
        "configuration change",
        "Finished applying modification to convert to a Multi-AZ DB instance.",
    ),
    "RDS-EVENT-0026": Message("maintenance", "Applying off-line patches to DB instance."),
    "RDS-EVENT-0027": Message("maintenance", "Finished applying off-line patches to DB instance."),
    "RDS-EVENT-0029": Message(
        "configuration change",
        "Finished applying modification to convert to a standard (Single-AZ) DB instance.",
    ),
    "RDS-EVENT-0030": Message(
        "configuration change",
        "Applying modification to convert to a standard (Single-AZ) DB instance.",
    ),
    "RDS-EVENT-0035": Message(
        "failure", "Database instance put into incompatible-parameters. Too much memory is asked."
    ),
    "RDS-EVENT-0036": Message(
        "failure", "Database instance in incompatible-network. A subnet does not exist."
    ),
    "RDS-EVENT-0045": Message("read replica", "Replication has stopped."),
    "RDS-EVENT-0046": Message("read replica", "Replication for the Read Replica resumed."),
    "RDS-EVENT-0052": Message("recovery", "Multi-AZ instance recovery started."),
    "RDS-EVENT-0053": Message(
        "recovery", "Multi-AZ instance recovery completed. Pending failover or activation."
    ),
    "RDS-EVENT-0057": Message("read replica", "Replication streaming has been terminated."),
    "RDS-EVENT-0061": Message(
        "notification", "Canceled snapshot copy request of {name} from region us-west-2."
    ),
    "RDS-EVENT-0062": Message(
        "read replica", "Replication for the Read Replica has been manually stopped."
    ),
    "RDS-EVENT-0152": Message("notification", "DB cluster stop failed."),
    "RDS-EVENT-0159": Message("notification", "The snapshot export task failed."),
    "RDS-EVENT-0160": Message("notification", "The snapshot export task was canceled."),
    "RDS-EVENT-0161": Message("notification", "The snapshot export task completed."),
    "RDS-EVENT-0162": Message("notification", "The cluster snapshot export task failed."),
    "RDS-EVENT-0163": Message("notification", "The cluster snapshot export task was canceled."),
    "RDS-EVENT-0164": Message("notification", "The cluster snapshot export task completed."),
    "RDS-EVENT-0190": Message(
        "notification", "Canceled snapshot copy request of {name} in region us-east-1."
    ),
    "RDS-EVENT-0202": Message("read replica", "Read replica creation failed."),
    "RDS-EVENT-0186": Message(
        "global failover",
        "Global switchover to DB cluster sample-other in Region eu-west-1 is cancelled.",
    ),
    "RDS-EVENT-0187": Message(
        "global failover",
        "Global switchover to DB cluster sample-other in Region eu-west-1 failed.",
    ),
    "RDS-EVENT-0234": Message("notification", "Export task failed."),
    "RDS-EVENT-0235": Message("notification", "Export task canceled."),
    "RDS-EVENT-0236": Message("notification", "Export task completed."),
    "RDS-EVENT-0239": Message(
        "global failover",
        "Global failover to DB cluster sample-other in Region eu-west-1 failed.",
    ),
    "RDS-EVENT-0245": Message(
        "failure", "Creation of blue/green deployment failed because of its configuration."
    ),
    "RDS-EVENT-0248": Message("notification", "Switchover completed on blue/green deployment."),
    "RDS-EVENT-0249": Message("failure", "Switchover canceled on blue/green deployment."),
    "RDS-EVENT-0251": Message(
        "notification",
        "Switchover from primary/read replica sample to sample-green-abc123 completed. "
        "Renamed sample to sample-old1 and sample-green-abc123 to sample.",
    ),
    "RDS-EVENT-0252": Message(
        "failure",
        "Switchover from primary/read replica sample to sample-green-abc123 was canceled due to "
        "long-running transactions.",
    ),
    "RDS-EVENT-0260": Message(
        "notification",
        "Switchover from DB cluster sample to sample-green-abc123 completed. "
        "Renamed sample to sample-old1 and sample-green-abc123 to sample.",
    ),
    "RDS-EVENT-0261": Message(
        "failure",
        "Switchover from DB cluster sample to sample-green-abc123 was canceled due to "
        "long-running transactions.",
    ),
    "RDS-EVENT-0278": Message("failure", "The DB instance creation failed. Capacity is missing."),
    "RDS-EVENT-0353": Message(
        "failure", "The DB instance can't be created because of insufficient resource limits."
    ),
    "RDS-EVENT-0354": Message(
        "failure", "You can't create the DB cluster because of incompatible resources."
    ),
    "RDS-EVENT-0355": Message(
        "failure", "The DB cluster can't be created because of insufficient resource limits."
    ),
    "RDS-EVENT-0415": Message(
        "read replica", "The upgrade process resumed replication on the read replica."
    ),
    "RDS-EVENT-0416": Message(
        "read replica", "The upgrade process stopped replication on the read replica."
    ),
    "RDS-EVENT-0422": Message(
        "maintenance",
        "RDS will replace the host of DB instance {name} due to a pending maintenance action.",
    ),
}

OF_SNAPSHOTS: Final = frozenset(
    {"RDS-EVENT-0041", "RDS-EVENT-0042", "RDS-EVENT-0090", "RDS-EVENT-0091"}
)

MORE_OF_SNAPSHOTS: Final = ("0061", "0159", "0160", "0161", "0190")
MORE_OF_CLUSTER_SNAPSHOTS: Final = ("0162", "0163", "0164")
MORE_OF_CLUSTERS: Final = (
    "0152", "0186", "0187", "0234", "0235", "0236", "0239", "0354", "0355",
)  # fmt: skip
MORE_OF_DEPLOYMENTS: Final = ("0245", "0249", "0251", "0252", "0260", "0261", "0248")

OF_CLUSTERS: Final = frozenset(
    {"RDS-EVENT-0150", "RDS-EVENT-0151", "RDS-EVENT-0153", "RDS-EVENT-0170", "RDS-EVENT-0171"}
)
