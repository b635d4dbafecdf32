"""The two clocks of a DB instance that lost its key: two hours to inaccessible, seven days to terminal.

Source: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Overview.Encryption.html. With backups on,
an instance becomes `inaccessible-encryption-credentials-recoverable` two hours after RDS *detects* that it
cannot use the key; seven days later it is terminal unless the key is usable again *and* the instance has
been started. What cannot stop becomes terminal at once. With backups off nothing happens until the host
lets go of the volume. Only RDS-EVENT-0418 dates the detection and only 0419 the move; without them the
earliest documented moment is used and labelled `bounded`. A record that shows otherwise always wins, also
over an inference made for an earlier moment: that is what the look ahead in `later` is for.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from analyzer.evidence import Evidence
from analyzer.moment import DAY, HOUR, Moment
from analyzer.recovery.access import AccessChange
from analyzer.resources.rds_instance import (
    DatabaseCreated,
    DatabaseDeleted,
    DatabaseModified,
    DatabaseRebooted,
    DatabaseStarted,
    DatabaseStopped,
    Instance,
    InstanceEvent,
    ReplicaPromoted,
    learn,
)
from analyzer.resources.rds_notice import DatabaseNotified, Notice
from analyzer.resources.rds_snapshot import SnapshotCreated
from analyzer.timeline import DAWN, Basis, Known, Timeline

UNKNOWN: Final = "unknown"
AVAILABLE: Final = "available"
STOPPED: Final = "stopped"
DELETED: Final = "deleted"
RECOVERABLE: Final = "inaccessible-encryption-credentials-recoverable"
TERMINAL: Final = "inaccessible-encryption-credentials"

DETECTION_TO_INACCESSIBLE: Final = 2 * HOUR
INACCESSIBLE_TO_TERMINAL: Final = 7 * DAY

_UNREACHABLE = frozenset({UNKNOWN, STOPPED, "stopping", DELETED, RECOVERABLE, TERMINAL})


@dataclass(frozen=True, slots=True, kw_only=True)
class Loss:
    """Since when, and by which events, a database cannot use its key."""

    at: Known
    trail: tuple[Evidence, ...]
    root: Evidence | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DatabaseState:
    """A DB instance from one change to the next.

    Attributes:
        instance: its attributes.
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
        keeps_backups: whether the deletion kept the automated backups.
        final_snapshot: name of the snapshot that the deletion took.
    """

    instance: Instance
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
    keeps_backups: bool = False
    final_snapshot: str | None = None

    @property
    def is_reachable(self) -> bool:
        """Whether the live database serves."""
        return self.status not in _UNREACHABLE


Said = InstanceEvent | DatabaseNotified | SnapshotCreated


@dataclass(frozen=True, slots=True, kw_only=True)
class Input:
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


def follow(arn: str, inputs: Sequence[Input]) -> Timeline[DatabaseState]:
    """Fold everything that moves one DB instance to its states through time, clocks run to their end.

    Args:
        arn: how the instance is named before any record of its own is met.
        inputs: successful calls, RDS events and key changes, in any order.
    """
    ordered = sorted(inputs, key=lambda one: one.order)
    state = DatabaseState(instance=Instance(arn=arn))
    changes: list[tuple[Moment, DatabaseState]] = []
    if not ordered or not isinstance(_first_said(ordered), DatabaseCreated):
        changes.append((DAWN, state))
    for index, one in enumerate(ordered):
        later = ordered[index:]
        state = _run_clocks(state, one.at, later, changes)
        moved = _apply(state, one, ordered[index + 1 :])
        if moved != state and (changes or one.said is not None):
            changes.append((one.at, moved))
        state = moved
    _run_clocks(state, None, (), changes)
    return Timeline(changes)


def _first_said(ordered: Sequence[Input]) -> Said | None:
    return next((one.said for one in ordered if one.said is not None), None)


# Clocks


def _run_clocks(
    state: DatabaseState,
    until: Moment | None,
    later: Sequence[Input],
    changes: list[tuple[Moment, DatabaseState]],
) -> DatabaseState:
    """Let every clock that runs out before *until* strike; at one moment records come first."""
    while True:
        due = _due(state)
        if due is None or (until is not None and due.at >= until):
            return state
        state = _strike(state, due, later)
        changes.append((due.at, state))


def _due(state: DatabaseState) -> Known | None:
    if state.is_reachable:
        return state.enters
    return state.terminal if state.status == RECOVERABLE else None


def _strike(state: DatabaseState, due: Known, later: Sequence[Input]) -> DatabaseState:
    if state.status == RECOVERABLE:
        if _is_started(later):
            return replace(state, terminal=None)
        return replace(state, status=TERMINAL, since=due, cause=_accountable(state))
    postponed = _postponed(state, due, later)
    if postponed is None:
        return replace(state, enters=None)
    if postponed.at > due.at:
        return replace(state, enters=postponed)
    return _enter(state, due, _accountable(state))


def _is_started(later: Sequence[Input]) -> bool:
    """Whether a start succeeds later: it could not from the terminal status."""
    for one in later:
        if isinstance(one.said, DatabaseStarted):
            return True
        if isinstance(one.said, DatabaseDeleted):
            return False
    return False


def _postponed(state: DatabaseState, due: Known, later: Sequence[Input]) -> Known | None:
    """Return when the instance enters at the earliest in the light of later records, None for never."""
    last_seen: Moment | None = None
    regained: Moment | None = None
    for one in later:
        if one.change is not None and one.change.is_usable and regained is None:
            regained = one.at
        if _is_notice(one, Notice.INACCESSIBLE):
            return None  # that event itself dates the move
        if _is_notice(one, Notice.KEY_UNREACHABLE) and state.detected is None and regained is None:
            return None  # that event will set the clock
        if isinstance(one.said, DatabaseStarted | DatabaseDeleted):
            break
        if _shows_reachable(one):
            last_seen = one.at
        if isinstance(one.said, DatabaseStopped):
            break
    if last_seen is None or last_seen <= due.at:
        return due
    if regained is not None and regained <= last_seen:
        return None
    return Known.not_before(last_seen)


def _shows_reachable(one: Input) -> bool:
    """Whether a record can only stem from an instance that serves."""
    if isinstance(one.said, DatabaseNotified):
        return one.said.notice in {Notice.SERVING, Notice.MOVED, Notice.KEY_REACHABLE}
    return isinstance(
        one.said,
        DatabaseModified | DatabaseRebooted | DatabaseStopped | ReplicaPromoted | SnapshotCreated,
    )


def _is_notice(one: Input, notice: Notice) -> bool:
    return isinstance(one.said, DatabaseNotified) and one.said.notice is notice


def _enter(state: DatabaseState, since: Known, cause: Evidence | None) -> DatabaseState:
    """Move to the inaccessible status that fits what the instance can do."""
    terminal = replace(
        since,
        at=since.at + INACCESSIBLE_TO_TERMINAL,
        basis=Basis.DERIVED if since.basis is Basis.OBSERVED else since.basis,
        earliest=since.at + INACCESSIBLE_TO_TERMINAL,
        latest=None if since.latest is None else since.latest + INACCESSIBLE_TO_TERMINAL,
    )
    can_stop = state.instance.can_stop
    return replace(
        state,
        status=RECOVERABLE if can_stop else TERMINAL,
        since=since,
        cause=cause,
        enters=None,
        terminal=terminal if can_stop else since,
        unreachable_at=since.at,
    )


def _accountable(state: DatabaseState) -> Evidence | None:
    return state.loss.root if state.loss is not None else state.detected


# Records and key changes


def _apply(state: DatabaseState, one: Input, later: Sequence[Input]) -> DatabaseState:
    if state.status == DELETED:
        return state
    if one.change is not None:
        return _on_access(state, one.change)
    if one.evidence is None or one.said is None or isinstance(one.said, SnapshotCreated):
        return state
    if isinstance(one.said, DatabaseNotified):
        return _on_notice(state, one.said, one.evidence)
    return _on_call(state, one.said, one.evidence, later)


def _on_access(state: DatabaseState, change: AccessChange) -> DatabaseState:
    if change.is_usable is not False:
        if not state.is_reachable:
            return replace(state, access=change.is_usable)
        return _cleared(replace(state, access=change.is_usable))
    if state.access is False:
        return state
    since = change.since or Known.not_before(change.at)
    lost = replace(
        state,
        access=False,
        loss=Loss(at=since, trail=change.trail, root=change.root)
        if _is_open(state)
        else state.loss,
    )
    return _armed(lost, since.at) if lost.is_reachable else lost


def _is_open(state: DatabaseState) -> bool:
    """Whether a new loss may be booked: once inaccessible, the first loss stays the reason."""
    return state.status not in {RECOVERABLE, TERMINAL}


def _armed(state: DatabaseState, lost_at: Moment) -> DatabaseState:
    """Start the two-hour clock where one is documented: with backups on."""
    if not state.instance.has_backups:
        return replace(state, enters=None)
    return replace(state, enters=Known.not_before(lost_at + DETECTION_TO_INACCESSIBLE))


def _cleared(state: DatabaseState) -> DatabaseState:
    return replace(
        state, loss=None, detected=None, enters=None, terminal=None, unreachable_at=None, path=()
    )


def _on_notice(state: DatabaseState, said: DatabaseNotified, evidence: Evidence) -> DatabaseState:
    match said.notice:
        case Notice.KEY_UNREACHABLE:
            return _detected(state, evidence)
        case Notice.INACCESSIBLE:
            seen = _told(state, evidence)
            return _enter(seen, Known.exactly(evidence.time), evidence)
        case Notice.KEY_REACHABLE:
            return _cleared(state) if state.is_reachable else state
        case Notice.CREATED | Notice.STARTED:
            return _status(_cleared_unless_lost(state), AVAILABLE, evidence)
        case Notice.STOPPED:
            return replace(_status(state, STOPPED, evidence), enters=None)
        case Notice.DELETED:
            return _gone(state, evidence)
        case Notice.BACKUPS_OFF:
            return _with_retention(state, 0, evidence)
        case Notice.BACKUPS_ON:
            return _with_retention(state, state.instance.retention_days or None, evidence)
        case Notice.MOVED:
            return _detached(state, evidence)
        case Notice.AUTO_STARTING | Notice.SERVING:
            return _status(state, AVAILABLE, evidence) if state.status == UNKNOWN else state
        case Notice.SAID:
            return state


def _detected(state: DatabaseState, evidence: Evidence) -> DatabaseState:
    seen = _told(state, evidence)
    if seen.status == UNKNOWN:
        seen = _status(seen, AVAILABLE, evidence)
    if not seen.is_reachable or state.detected is not None:
        return seen
    enters = None
    if seen.instance.has_backups:
        at = evidence.time + DETECTION_TO_INACCESSIBLE
        enters = Known.exactly(at, Basis.DERIVED)
    return replace(seen, detected=evidence, enters=enters)


def _told(state: DatabaseState, evidence: Evidence) -> DatabaseState:
    """Book what RDS says of a loss; if no record of the key tells of one, RDS's word stands alone."""
    loss = state.loss
    if loss is None:
        known = Known(at=evidence.time, basis=Basis.BOUNDED, earliest=None, latest=evidence.time)
        loss = Loss(at=known, trail=(evidence,), root=evidence)
    return replace(state, loss=loss, path=(*state.path, evidence))


def _on_call(
    state: DatabaseState, event: InstanceEvent, evidence: Evidence, later: Sequence[Input]
) -> DatabaseState:
    before = state.instance
    known = replace(state, instance=learn(before, event))
    if known.instance.key is None and known.instance.is_encrypted is False:
        known = replace(known, access=True)
    match event:
        case DatabaseCreated():
            return _settled(known, "creating", AVAILABLE, Notice.CREATED, evidence, later)
        case DatabaseStarted():
            woken = replace(_cleared_unless_lost(known), terminal=None, unreachable_at=None)
            return _settled(woken, "starting", AVAILABLE, Notice.STARTED, evidence, later)
        case DatabaseStopped():
            halted = replace(known, enters=None, unreachable_at=evidence.time)
            return _settled(halted, "stopping", STOPPED, Notice.STOPPED, evidence, later)
        case DatabaseDeleted():
            ended = replace(
                known, keeps_backups=event.keeps_backups, final_snapshot=event.final_snapshot
            )
            return _gone(ended, evidence)
        case DatabaseModified():
            modified = _serving(known, evidence)
            if modified.instance.has_backups != before.has_backups:
                days = modified.instance.retention_days
                modified = _with_retention(modified, days, evidence)
            return _detached(modified, evidence) if event.detaches else modified
        case DatabaseRebooted() | ReplicaPromoted():
            return _serving(known, evidence)


def _serving(state: DatabaseState, evidence: Evidence) -> DatabaseState:
    """Learn from a call that only succeeds on an instance that serves."""
    return _status(state, AVAILABLE, evidence) if state.status == UNKNOWN else state


def _cleared_unless_lost(state: DatabaseState) -> DatabaseState:
    return state if state.access is False else _cleared(state)


def _status(state: DatabaseState, status: str, evidence: Evidence) -> DatabaseState:
    if state.status == status:
        return replace(state, since=Known.exactly(evidence.time), cause=evidence) if (
            state.since is not None and state.since.basis is Basis.INFERRED
        ) else state  # fmt: skip
    return replace(state, status=status, since=Known.exactly(evidence.time), cause=evidence)


def _settled(
    state: DatabaseState,
    during: str,
    after: str,
    completion: Notice,
    evidence: Evidence,
    later: Sequence[Input],
) -> DatabaseState:
    """Enter a transitional status if a later event ends it, else infer that it has ended."""
    for one in later:
        if _is_notice(one, completion):
            return _status(state, during, evidence)
        if one.said is not None and not isinstance(one.said, SnapshotCreated):
            break
    since = Known.not_before(evidence.time, Basis.INFERRED)
    return replace(state, status=after, since=since, cause=evidence)


def _gone(state: DatabaseState, evidence: Evidence) -> DatabaseState:
    unreachable = state.unreachable_at if state.unreachable_at is not None else evidence.time
    ended = _status(state, DELETED, evidence)
    return replace(ended, enters=None, unreachable_at=unreachable, deleted_by=evidence)


def _with_retention(state: DatabaseState, days: int | None, evidence: Evidence) -> DatabaseState:
    """Note that backups went on or off; the two-hour clock exists only while they are on."""
    instance = replace(state.instance, retention_days=days)
    changed = replace(state, instance=instance, retention_cause=evidence)
    if not changed.is_reachable or changed.access is not False or changed.detected is not None:
        return changed
    lost_at = changed.loss.at.at if changed.loss is not None else None
    return changed if lost_at is None else _armed(changed, lost_at)


def _detached(state: DatabaseState, evidence: Evidence) -> DatabaseState:
    """Let go of the volume: with the key lost and backups off that ends access (inferred)."""
    if state.access is not False or not state.is_reachable or state.instance.has_backups:
        return state
    return replace(state, enters=Known.not_before(evidence.time, Basis.INFERRED))
