"""Actions: the AWS calls that save the most data from a moment on, in order, with deadlines.

Sources: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Overview.Encryption.html (enable the
key, then start the instance; once terminal, restore),
https://docs.aws.amazon.com/kms/latest/developerguide/ deleting-keys.html (a cancelled deletion
leaves the key disabled), .../importing-keys.html (only the same material can be imported again).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final, NamedTuple

from analyzer.moment import Moment
from analyzer.recovery.copies import Condition, CopyState, Kind
from analyzer.recovery.database import RECOVERABLE, STOPPED, DatabaseState
from analyzer.resources.kms_key.events import KeyStatus
from analyzer.resources.kms_key.state import KeyState
from analyzer.resources.rds_database.events import CLUSTER, INSTANCE


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """One call to make.

    Attributes:
        do: the API operation, or `dump` for reading the data out of the host that still runs.
        on: ARN of what it acts on.
        before: the last documented moment at which it helps; None where there is no limit.
        then: the operation that has to follow, None for the last one.
    """

    do: str
    on: str
    before: Moment | None
    then: str | None = None


_REMEDIES: Final = {
    KeyStatus.PENDING_DELETION: ("CancelKeyDeletion", "EnableKey"),
    KeyStatus.PENDING_REPLICA_DELETION: ("CancelKeyDeletion", "EnableKey"),
    KeyStatus.DISABLED: ("EnableKey",),
    KeyStatus.PENDING_IMPORT: ("ImportKeyMaterial",),
    KeyStatus.UNAVAILABLE: ("ConnectCustomKeyStore",),
    KeyStatus.DELETED: ("ReplicateKey",),  # of a multi-Region key that has a living relative
}
"""What makes a key usable again (key-state.html)."""


_BACKUPS: Final = frozenset({Kind.AUTOMATED_BACKUP, Kind.RETAINED_BACKUP, Kind.REPLICATED_BACKUP})


class _Calls(NamedTuple):
    """The API operations that bring a kind of database back."""

    start: str
    to_moment: str
    from_snapshot: str
    promote: str


_CALLS: Final = {
    INSTANCE: _Calls(
        "StartDBInstance",
        "RestoreDBInstanceToPointInTime",
        "RestoreDBInstanceFromDBSnapshot",
        "PromoteReadReplica",
    ),
    CLUSTER: _Calls(
        "StartDBCluster",
        "RestoreDBClusterToPointInTime",
        "RestoreDBClusterFromSnapshot",
        "PromoteReadReplicaDBCluster",
    ),
}


def actions(
    database: DatabaseState,
    copies: Sequence[CopyState],
    key: Callable[[str], KeyState | None],
) -> tuple[Action, ...]:
    """Return what to do, best first; nothing for a database that is well or past saving.

    Args:
        database: its state now.
        copies: all its copies now.
        key: the present state of a key by ARN.
    """
    if (database.is_reachable or database.status == STOPPED) and database.access:
        return ()
    steps: list[Action] = []
    left = [copy for copy in copies if not copy.condition.is_lost and copy.kind is not Kind.EXPORT]
    for copy in sorted(left, key=_worth, reverse=True):
        steps += _chained([*_key_steps(copy, key), *_use(database, copy)])
        if copy.condition is Condition.USABLE:
            break
    if database.is_reachable:
        before = database.enters.at if database.enters is not None else None
        steps.append(Action(do="dump", on=database.traits.arn, before=before))
    return _once(steps)


def _worth(copy: CopyState) -> tuple[bool, bool, Moment]:
    """Order copies by how much they save: the live volume, then by the age of their data."""
    is_volume = copy.kind is Kind.VOLUME
    return (is_volume, copy.condition is not Condition.UNKNOWN, copy.restorable_to or 0)


def _key_steps(copy: CopyState, key: Callable[[str], KeyState | None]) -> list[Action]:
    state = key(copy.key) if copy.key is not None else None
    if state is None or copy.condition is not Condition.LATENT:
        return []
    return [
        Action(do=remedy, on=state.arn, before=copy.limit)
        for remedy in _REMEDIES.get(state.status, ())
    ]


def _use(database: DatabaseState, copy: CopyState) -> list[Action]:
    """Return the call that brings the data of a copy back once its key is usable."""
    calls = _CALLS[database.traits.kind]
    if copy.kind is Kind.VOLUME:
        needs_start = database.status in {RECOVERABLE, STOPPED}
        arn = database.traits.arn
        return [Action(do=calls.start, on=arn, before=copy.limit)] if needs_start else []
    if database.is_reachable:
        return []
    if copy.kind is Kind.REPLICATED_BACKUP:
        return [Action(do=calls.to_moment, on=copy.id, before=copy.limit)]
    if copy.kind in _BACKUPS:
        return [Action(do=calls.to_moment, on=database.traits.arn, before=copy.limit)]
    if copy.kind is Kind.REPLICA:
        return [Action(do=calls.promote, on=copy.id, before=copy.limit)]
    if copy.kind is Kind.GLOBAL_SECONDARY:
        return [Action(do="FailoverGlobalCluster", on=copy.id, before=copy.limit)]
    return [Action(do=calls.from_snapshot, on=copy.id, before=copy.limit)]


def _chained(steps: list[Action]) -> list[Action]:
    return [replace(step, then=following.do) for step, following in pairwise(steps)] + steps[-1:]


def _once(steps: list[Action]) -> tuple[Action, ...]:
    """Keep the first of actions that say the same of the same resource."""
    kept: dict[tuple[str, str], Action] = {}
    for step in steps:
        kept.setdefault((step.do, step.on), step)
    return tuple(kept.values())
