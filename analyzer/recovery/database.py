"""A database through time: the values that the clocks and records move.

Status literals: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/accessing-monitoring.html.
"""

from __future__ import annotations

from typing import Final

from analyzer.evidence import Evidence
from analyzer.frozen import Frozen
from analyzer.moment import Moment
from analyzer.recovery.access import AccessChange
from analyzer.recovery.rules import CURRENT, Rules
from analyzer.resources.kms_grant import GrantMove
from analyzer.resources.rds_database.attributes import Traits
from analyzer.resources.rds_database.events import (
    DatabaseEvent,
    DeploymentMove,
    GlobalMove,
    ReplicaMove,
)
from analyzer.resources.rds_notice import DatabaseNotified, Notice
from analyzer.resources.rds_snapshot import SnapshotCreated
from analyzer.timeline import Known

UNKNOWN: Final = "unknown"
AVAILABLE: Final = "available"
STOPPED: Final = "stopped"
STOPPING: Final = "stopping"
DELETED: Final = "deleted"
FAILED: Final = "failed"
RECOVERABLE: Final = "inaccessible-encryption-credentials-recoverable"
TERMINAL: Final = "inaccessible-encryption-credentials"

_UNREACHABLE = frozenset({UNKNOWN, STOPPED, STOPPING, FAILED, DELETED, RECOVERABLE, TERMINAL})


class Loss(Frozen, frozen=True, kw_only=True):
    """Since when, and by which events, a database cannot use its key.

    `is_of_grant` marks the loss of RDS's own grant, on which the documents contradict each other.
    """

    at: Known
    trail: tuple[Evidence, ...]
    root: Evidence | None
    is_of_grant: bool = False

    @property
    def is_unexplained(self) -> bool:
        """Whether only RDS tells of it, so that nobody knows what became of the key."""
        return self.at.earliest is None


class DatabaseState(Frozen, frozen=True, kw_only=True):
    """A DB instance from one change to the next.

    Attributes:
        traits: its attributes.
        status: RDS's status literal, `deleted`, or `unknown`.
        since: when the status began and how well that is known; None for unknown from the start.
        cause: the record that made the status.
        access: whether its key can be used; True for unencrypted storage.
        loss: the loss of access that runs now, or that made the status; None otherwise.
        detected: RDS-EVENT-0418 of this loss.
        enters: when it becomes inaccessible if nobody acts; None while no clock runs.
        terminal: when it becomes, or became, terminal.
        unreachable_at: when it stopped serving for good or for now.
        path: the records about this loss, in order.
        retention_cause: the record that last switched backups on or off.
        deleted_by: the record of its deletion.
        rules: the era whose rules judge the loss.
        grants: RDS's grants on the key for this database that are on record and not withdrawn.
        keeps_backups: whether the deletion kept the automated backups.
        final_snapshot: name of the snapshot that the deletion took.
    """

    traits: Traits
    status: str = UNKNOWN
    since: Known | None = None
    cause: Evidence | None = None
    access: bool | None = None
    loss: Loss | None = None
    detected: Evidence | None = None
    enters: Known | None = None
    terminal: Known | None = None
    unreachable_at: Moment | None = None
    path: tuple[Evidence, ...] = ()
    retention_cause: Evidence | None = None
    deleted_by: Evidence | None = None
    rules: Rules = CURRENT
    grants: frozenset[str] = frozenset()
    keeps_backups: bool = False
    final_snapshot: str | None = None

    @property
    def is_reachable(self) -> bool:
        """Whether the live database serves."""
        return self.status not in _UNREACHABLE and not self.status.startswith("incompatible-")


Said = (
    DatabaseEvent
    | DatabaseNotified
    | SnapshotCreated
    | ReplicaMove
    | GlobalMove
    | DeploymentMove
    | GrantMove
)


class Input(Frozen, frozen=True, kw_only=True):
    """One thing that may move a database: a change of its key's usability, or a record."""

    at: Moment
    change: AccessChange | None = None
    said: Said | None = None
    evidence: Evidence | None = None

    @property
    def order(self) -> tuple[Moment, int, tuple[Moment, str, str]]:
        """At one moment the key moves first, then calls, then what RDS says of their outcome."""
        if self.evidence is None:
            return (self.at, 0, (self.at, "", ""))
        rank = 2 if isinstance(self.said, DatabaseNotified) else 1
        return (self.at, rank, self.evidence.order)

    def is_notice(self, notice: Notice) -> bool:
        """Whether RDS said *notice*."""
        return isinstance(self.said, DatabaseNotified) and self.said.notice is notice
