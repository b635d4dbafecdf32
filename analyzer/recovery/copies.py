"""Copies of a database's data: each with its own key and its condition through time.

A copy's *life* (`backups.py`, `snapshots.py`) says whether it exists; its key says whether it can
be read. Source: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Overview.Encryption.html.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from analyzer.evidence import Evidence, in_order
from analyzer.frozen import Frozen, replace
from analyzer.moment import Moment
from analyzer.recovery.database import DatabaseState, Loss
from analyzer.resources.kms_key.events import KeyStatus
from analyzer.resources.kms_key.state import KeyState
from analyzer.timeline import Known, Timeline


class Kind(StrEnum):
    """What kind of copy it is (contract, `copies[].kind`)."""

    VOLUME = "volume"
    AUTOMATED_BACKUP = "automated-backup"
    RETAINED_BACKUP = "retained-backup"
    SNAPSHOT = "snapshot"
    SNAPSHOT_COPY = "snapshot-copy"
    FINAL_SNAPSHOT = "final-snapshot"
    REPLICA = "replica"
    GLOBAL_SECONDARY = "global-secondary"
    RECOVERY_POINT = "recovery-point"
    REPLICATED_BACKUP = "replicated-backup"
    EXPORT = "export"


class Condition(StrEnum):
    """Whether a copy can be read (contract, `copies[].condition`)."""

    USABLE = "usable"
    LATENT = "latent"
    DEAD = "dead"
    GONE = "gone"
    UNKNOWN = "unknown"

    @property
    def is_lost(self) -> bool:
        """Whether nothing brings the copy back."""
        return self in LOST


LOST = frozenset({Condition.DEAD, Condition.GONE})
"""Conditions from which nothing brings a copy back."""


class Life(Frozen, frozen=True, kw_only=True):
    """Whether a copy exists, apart from its key.

    Attributes:
        kind: what it is now; an automated backup becomes a retained one.
        since: when it began, or ended if it is gone.
        is_gone: whether it was deleted, expired, or sits on a terminal volume.
        cause: the record of its beginning or end, else the accountable one.
        root: the accountable call of its end.
        trail: the records that led to its end.
        restorable_to: the newest moment whose data it holds; None for the live volume.
        expires: when it goes by itself.
        limit: last moment at which the live volume itself can be brought back.
        status: RDS's status of a copy that is a database itself; None for any other.
        follows: whether such a copy still follows the database.
        leads: whether it is the one that writes by now, so that no failover is needed.
    """

    kind: Kind
    since: Known
    is_gone: bool = False
    cause: Evidence | None = None
    root: Evidence | None = None
    trail: tuple[Evidence, ...] = ()
    restorable_to: Moment | None = None
    expires: Moment | None = None
    limit: Moment | None = None
    status: str | None = None
    follows: bool = False
    leads: bool = False


class CopyState(Frozen, frozen=True, kw_only=True):
    """A copy from one change to the next, its key considered.

    `lost` is when nothing could bring it back any more: gone or dead, whichever came first, and at
    the latest when the other one did. None while it is not lost.
    """

    id: str
    kind: Kind
    key: str | None
    condition: Condition
    since: Known
    cause: Evidence | None
    root: Evidence | None
    trail: tuple[Evidence, ...]
    restorable_to: Moment | None
    expires: Moment | None
    limit: Moment | None
    lost: Known | None = None
    status: str | None = None
    follows: bool = False
    leads: bool = False


Copy = Timeline[CopyState]


def under_key(
    copy_id: str, life: Timeline[Life], arn: str | None, key: Timeline[KeyState] | None
) -> Copy:
    """Combine a copy's life with its key's states.

    Args:
        copy_id: ARN or another stable name of the copy.
        life: its existence; its first moment is the copy's beginning.
        arn: its key, None where it is not encrypted.
        key: the key's states, None where *arn* is.
    """
    born = life.starts[0]
    moments = {*life.starts, *(key.starts if key is not None else ())}
    changes: list[tuple[Moment, CopyState]] = []
    for at in sorted(moment for moment in moments if moment >= born):
        alive = life.at(at)
        if alive is None:
            continue
        state = _state(copy_id, alive, arn, key.at(at) if key is not None else None)
        if not changes or changes[-1][1] != state:
            changes.append((at, state))
    return Timeline(changes)


def doubted(
    copies: Iterable[Copy], database: Timeline[DatabaseState], arn: str | None
) -> Iterable[Copy]:
    """Return copies, their condition unknown while RDS reports a loss that no key explains.

    A key in an external store, or a whole account, can be lost without any record; RDS's word
    is then all there is, and it counts for every copy under the database's own key.
    """
    if arn is None or not any(
        state.loss is not None and state.loss.is_unexplained for state in database.values
    ):
        return copies
    return [_doubted(copy, database, arn) for copy in copies]


def _doubted(copy: Copy, database: Timeline[DatabaseState], arn: str) -> Copy:
    born = copy.starts[0]
    changes: list[tuple[Moment, CopyState]] = []
    for at in sorted({*copy.starts, *(start for start in database.starts if start > born)}):
        state, there = copy.at(at), database.at(at)
        if state is None:
            continue
        loss = there.loss if there is not None else None
        if state.key == arn and loss is not None and loss.is_unexplained:
            state = _unexplained(state, loss)
        changes.append((at, state))
    return Timeline(changes)


def _unexplained(state: CopyState, loss: Loss) -> CopyState:
    if state.condition.is_lost:
        return state
    cause = loss.trail[0] if loss.trail else state.cause
    since = loss.at if loss.at.at > state.since.at else state.since
    return replace(state, condition=Condition.UNKNOWN, since=since, cause=cause)


def _state(copy_id: str, life: Life, arn: str | None, key: KeyState | None) -> CopyState:
    state = CopyState(
        id=copy_id,
        kind=life.kind,
        key=arn,
        condition=Condition.GONE if life.is_gone else Condition.USABLE,
        since=life.since,
        cause=life.cause,
        root=life.root,
        trail=life.trail,
        restorable_to=life.restorable_to,
        expires=life.expires,
        limit=_earliest(life.expires, life.limit),
        status=life.status,
        follows=life.follows,
        leads=life.leads,
    )
    if life.is_gone:
        return replace(state, lost=_first(life.since, _deletion(key)))
    if arn is None:
        return state
    if key is None or key.status is KeyStatus.UNKNOWN:
        return replace(state, condition=Condition.UNKNOWN)
    limit = _earliest(state.limit, key.lost_after)
    if limit != state.limit:
        state = replace(state, limit=limit)
    if key.is_usable:
        return _newer(state, key, Condition.USABLE)
    if key.is_gone:
        return replace(_newer(state, key, Condition.DEAD), lost=_deletion(key))
    return _newer(state, key, Condition.LATENT)


def _deletion(key: KeyState | None) -> Known | None:
    """Return when nothing could bring a key back any more; None while something does."""
    death = key.death if key is not None else None
    return death.since if death is not None else None


def _first(one: Known, other: Known | None) -> Known:
    """Return the first of two moments, and that it was not later than the second."""
    if other is None:
        return one
    first, second = sorted((one, other), key=lambda known: known.at)
    latest = _earliest(first.latest, second.latest)
    return replace(first, latest=latest)


def _newer(state: CopyState, key: KeyState, condition: Condition) -> CopyState:
    """Date the condition: by the key, unless the copy is younger than the key's state."""
    if condition is Condition.USABLE:
        if key.since is None or key.since.at <= state.since.at:
            return state
        return replace(state, since=key.since, cause=key.cause)
    death = key.death if condition is Condition.DEAD else None
    since = key.lost_since if death is None else death.since
    last = () if death is None else (death.root, death.cause)
    return replace(
        state,
        condition=condition,
        since=since or state.since,
        cause=(key.lost[0] if key.lost else key.cause) if death is None else death.cause,
        root=key.lost_root if death is None else death.root,
        trail=in_order(*state.trail, key.lost_root, *key.lost, key.root, key.cause, *last),
    )


def gone_by(life: Life, by: Evidence) -> Life:
    """Return *life* ended by the deletion *by*."""
    return replace(
        life, is_gone=True, since=Known.exactly(by.time), cause=by, root=by, trail=in_order(by)
    )


def _earliest(one: Moment | None, other: Moment | None) -> Moment | None:
    if one is None or other is None:
        return other if one is None else one
    return min(one, other)
