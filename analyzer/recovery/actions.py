"""Actions: the AWS calls that save the most data from a moment on, in order, with deadlines.

Sources: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Overview.Encryption.html (enable the
key, then start the instance; once terminal, restore),
https://docs.aws.amazon.com/kms/latest/developerguide/ deleting-keys.html (a cancelled deletion
leaves the key disabled), .../importing-keys.html (only the same material can be imported again).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Final, NamedTuple

from analyzer.frozen import Frozen, replace
from analyzer.moment import Moment
from analyzer.recovery.copies import Condition, CopyState, Kind
from analyzer.recovery.database import RECOVERABLE, STOPPED, DatabaseState
from analyzer.resources.kms_key.events import KeyStatus
from analyzer.resources.kms_key.material import missing
from analyzer.resources.kms_key.state import KeyState
from analyzer.resources.rds_database.events import CLUSTER, INSTANCE

Parameters = tuple[tuple[str, str], ...]


class Action(Frozen, frozen=True, kw_only=True):
    """One call to make.

    Attributes:
        do: the API operation, or `dump` for reading the data out of the host that still runs.
        on: ARN of what it acts on.
        before: the last documented moment at which it helps; None where there is no limit.
        then: the operation that has to follow, None for the last one.
        parameters: (name, value) of what else the call needs, as AWS spells its API.
    """

    do: str
    on: str
    before: Moment | None
    then: str | None = None
    parameters: Parameters = ()


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
    is_doubted = database.loss is not None and database.loss.is_of_grant
    is_well = (database.is_reachable or database.status == STOPPED) and database.access is True
    if is_well and not is_doubted:
        return ()
    steps: list[Action] = []
    if is_doubted and database.is_reachable:
        # Its key may still be used by others: a restore gets a grant of its own.
        steps.append(_dump(database))
    left = [copy for copy in copies if not copy.condition.is_lost and copy.kind is not Kind.EXPORT]
    for copy in sorted(left, key=_worth, reverse=True):
        use = _use(database, copy, is_needed=is_doubted or not database.is_reachable)
        steps += _chained([*_key_steps(copy, key), *use])
        if copy.condition is Condition.USABLE and (use or not is_doubted):
            break
    if database.is_reachable:
        steps.append(_dump(database))
    return _once(steps)


def _dump(database: DatabaseState) -> Action:
    before = database.enters.at if database.enters is not None else None
    return Action(do="dump", on=database.traits.arn, before=before)


def _worth(copy: CopyState) -> tuple[bool, bool, float, bool]:
    """Order copies by how much they save: the live volume, then by the age of their data."""
    held_to = float("inf") if copy.restorable_to is None else copy.restorable_to
    is_known = copy.condition is not Condition.UNKNOWN
    return (copy.kind is Kind.VOLUME, is_known, held_to, copy.condition is Condition.USABLE)


def _key_steps(copy: CopyState, key: Callable[[str], KeyState | None]) -> list[Action]:
    state = key(copy.key) if copy.key is not None else None
    if state is None or copy.condition is not Condition.LATENT:
        return []
    return [
        Action(do=call, on=state.arn, before=copy.limit, parameters=parameters)
        for call, parameters in _remedies(state)
    ]


def _remedies(key: KeyState) -> Iterator[tuple[str, Parameters]]:
    """Yield the calls that make a key usable again, in order (key-state.html).

    A deleted key of which there is a living relative can be replicated from that. What comes back
    disabled, or without its material, needs more than one call.
    """
    if key.status is KeyStatus.DELETED:
        yield "ReplicateKey", (("ReplicaRegion", key.arn.split(":")[3]),)
        yield from _imports(key.relatives_need if key.origin == "EXTERNAL" else ())
        return
    comes_back: KeyStatus = key.status
    if key.status in {KeyStatus.PENDING_DELETION, KeyStatus.PENDING_REPLICA_DELETION}:
        yield "CancelKeyDeletion", ()
        comes_back = KeyStatus.DISABLED
    if key.resumes is not None:
        yield "ConnectCustomKeyStore", ()
        if key.status is KeyStatus.UNAVAILABLE:
            comes_back = key.resumes
    yield from _imports(missing(key.materials))
    if comes_back is KeyStatus.PENDING_IMPORT and not key.materials:
        # A replica takes what its primary key has; any other key has never had material.
        kind = "EXISTING_KEY_MATERIAL" if key.is_primary is False else "NEW_KEY_MATERIAL"
        yield "ImportKeyMaterial", (("ImportType", kind),)
    if comes_back is KeyStatus.DISABLED:
        yield "EnableKey", ()


def _imports(materials: Iterable[str | None]) -> Iterator[tuple[str, Parameters]]:
    """Yield an import of each material: all that the key ever used, and it alone, opens it again.

    What waits for rotation is not needed, and no rotation is. Records from before 2025 name no ids.
    Source: https://docs.aws.amazon.com/kms/latest/APIReference/API_ImportKeyMaterial.html.
    """
    for one in materials:
        known: Parameters = () if one is None else (("KeyMaterialId", one),)
        yield "ImportKeyMaterial", (("ImportType", "EXISTING_KEY_MATERIAL"), *known)


def _use(database: DatabaseState, copy: CopyState, *, is_needed: bool) -> list[Action]:
    """Return the call that brings the data of a copy back once its key is usable."""
    calls = _CALLS[database.traits.kind]
    if copy.kind is Kind.VOLUME:
        needs_start = database.status in {RECOVERABLE, STOPPED}
        do, on = calls.start, database.traits.arn
        return [Action(do=do, on=on, before=copy.limit)] if needs_start else []
    if not is_needed:
        return []
    if copy.kind in {Kind.REPLICA, Kind.GLOBAL_SECONDARY}:
        return _use_of_database(copy, calls)
    do, on = calls.from_snapshot, copy.id
    if copy.kind in _BACKUPS:
        do = calls.to_moment
        is_elsewhere = copy.kind is Kind.REPLICATED_BACKUP
        on = copy.id if is_elsewhere else database.traits.arn
    elif copy.kind is Kind.RECOVERY_POINT and ":rds:" not in copy.id:
        do = "StartRestoreJob"
    return [Action(do=do, on=on, before=copy.limit)]


def _use_of_database(copy: CopyState, calls: _Calls) -> list[Action]:
    """Return what makes a copy serve that is a database itself; one that left serves already."""
    steps = []
    if copy.status in {RECOVERABLE, STOPPED}:
        steps.append(Action(do=calls.start, on=copy.id, before=copy.limit))
    if copy.follows and not copy.leads:
        is_global = copy.kind is Kind.GLOBAL_SECONDARY
        do = "FailoverGlobalCluster" if is_global else calls.promote
        # Without it this is a switchover, for which both clusters have to serve.
        asked: Parameters = (("AllowDataLoss", "true"),) if is_global else ()
        steps.append(Action(do=do, on=copy.id, before=copy.limit, parameters=asked))
    return steps


def _chained(steps: list[Action]) -> list[Action]:
    return [replace(step, then=following.do) for step, following in pairwise(steps)] + steps[-1:]


def _once(steps: list[Action]) -> tuple[Action, ...]:
    """Keep the first of actions that say the same of the same resource."""
    kept: dict[tuple[str, str, Parameters], Action] = {}
    for step in steps:
        kept.setdefault((step.do, step.on, step.parameters), step)
    return tuple(kept.values())
