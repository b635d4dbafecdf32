"""An AWS account in memory that writes CloudTrail records, as python-tuf's simulator writes TUF."""

from tests.simulator.actors import ACCOUNT, Actor, internal, on_behalf, role, root, service, user
from tests.simulator.faults import Fault
from tests.simulator.handles import Cluster, ClusterSnapshot, Database, Key, Replication, Snapshot
from tests.simulator.recorder import Json, spelled
from tests.simulator.times import T0, When
from tests.simulator.world import AwsSimulator

__all__ = [
    "ACCOUNT",
    "T0",
    "Actor",
    "AwsSimulator",
    "Cluster",
    "ClusterSnapshot",
    "Database",
    "Fault",
    "Json",
    "Key",
    "Replication",
    "Snapshot",
    "When",
    "internal",
    "on_behalf",
    "role",
    "root",
    "service",
    "spelled",
    "user",
]
