"""The status of a DB instance: how records and its key's changes move it.

Source: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Overview.Encryption.html and
.../USER_Events.Messages.html. What time alone brings about stands in `clocks.py`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from analyzer.evidence import Evidence
from analyzer.moment import Moment
from analyzer.recovery.access import AccessChange
from analyzer.recovery.clocks import Silence, armed, enter, grace, has_clock, run_clocks
from analyzer.recovery.database import (
    AVAILABLE,
    DELETED,
    RECOVERABLE,
    STOPPED,
    TERMINAL,
    UNKNOWN,
    DatabaseState,
    Input,
    Loss,
    Said,
)
from analyzer.recovery.grants import on_grant
from analyzer.recovery.rules import Rulebook, in_force
from analyzer.resources.kms_grant import GrantMove
from analyzer.resources.rds_database.attributes import Traits, learn, with_replica
from analyzer.resources.rds_database.events import (
    DatabaseCreated,
    DatabaseDeleted,
    DatabaseEvent,
    DatabaseModified,
    DatabaseRebooted,
    DatabaseStarted,
    DatabaseStopped,
    GlobalJoined,
    GlobalMove,
    ReplicaMove,
    ReplicaPromoted,
)
from analyzer.resources.rds_notice import DatabaseNotified, Notice
from analyzer.resources.rds_snapshot import SnapshotCreated
from analyzer.timeline import DAWN, Basis, Known, Timeline


def follow(
    arn: str,
    inputs: Sequence[Input],
    rulebook: Rulebook = in_force,
    is_silent: Silence = lambda _start, _end: False,
) -> Timeline[DatabaseState]:
    """Fold everything that moves a DB instance to its states, clocks run to their end.

    Args:
        arn: how the instance is named before any record of its own is met.
        inputs: successful calls, RDS events and key changes, in any order.
        rulebook: which era's rules apply to a loss.
        is_silent: whether the evidence has a gap between two moments.
    """
    ordered = sorted(inputs, key=lambda one: one.order)
    state = DatabaseState(traits=Traits(arn=arn))
    changes: list[tuple[Moment, DatabaseState]] = []
    if not ordered or not isinstance(_first_said(ordered), DatabaseCreated):
        changes.append((DAWN, state))
    for index, one in enumerate(ordered):
        later = ordered[index:]
        state = run_clocks(state, one.at, later, changes, is_silent)
        moved = _apply(state, one, ordered[index + 1 :], rulebook)
        if moved != state and (changes or one.said is not None):
            changes.append((one.at, moved))
        state = moved
    run_clocks(state, None, (), changes, is_silent)
    return Timeline(changes)


def _first_said(ordered: Sequence[Input]) -> Said | None:
    return next((one.said for one in ordered if one.said is not None), None)


# Records and key changes


def _apply(
    state: DatabaseState, one: Input, later: Sequence[Input], rulebook: Rulebook
) -> DatabaseState:
    if state.status == DELETED:
        return state
    if one.change is not None:
        return _on_access(state, one.change, rulebook)
    if one.evidence is None or one.said is None or isinstance(one.said, SnapshotCreated):
        return state
    if isinstance(one.said, ReplicaMove):
        return replace(state, traits=with_replica(state.traits, one.said))
    if isinstance(one.said, GlobalMove):
        name = one.said.global_cluster if isinstance(one.said, GlobalJoined) else None
        return replace(state, traits=replace(state.traits, global_cluster=name))
    if isinstance(one.said, GrantMove):
        return on_grant(state, one.said, one.evidence, rulebook)
    if isinstance(one.said, DatabaseNotified):
        if state.loss is None:
            state = replace(state, rules=rulebook(one.evidence.time))
        return _on_notice(state, one.said, one.evidence)
    return _on_call(state, one.said, one.evidence, later)


def _on_access(state: DatabaseState, change: AccessChange, rulebook: Rulebook) -> DatabaseState:
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
        rules=rulebook(since.at),
        loss=Loss(at=since, trail=change.trail, root=change.root)
        if _is_open(state)
        else state.loss,
    )
    return armed(lost, since.at) if lost.is_reachable else lost


def _is_open(state: DatabaseState) -> bool:
    """Whether a new loss may be booked: once inaccessible, the first loss stays the reason."""
    return state.status not in {RECOVERABLE, TERMINAL}


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
            return enter(seen, Known.exactly(evidence.time), evidence)
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
            return _with_retention(state, state.traits.retention_days or None, evidence)
        case Notice.MOVED:
            return _detached(state, evidence)
        case Notice.AUTO_STARTING:
            return _auto_started(state, evidence)
        case Notice.SERVING:
            return _status(state, AVAILABLE, evidence) if state.status == UNKNOWN else state
        case Notice.PUT_INTO_STATE:
            return _put(state, said.status, evidence)
        case Notice.SAID:
            return state


def _auto_started(state: DatabaseState, evidence: Evidence) -> DatabaseState:
    """Take the start after seven stopped days as done, unless the key makes it impossible."""
    if state.status not in {STOPPED, UNKNOWN} or state.access is False:
        return state
    return _status(replace(state, unreachable_at=None), AVAILABLE, evidence)


def _put(state: DatabaseState, status: str | None, evidence: Evidence) -> DatabaseState:
    """Take the status that RDS itself names."""
    if status is None:
        return state
    if status in {RECOVERABLE, TERMINAL}:
        return enter(_told(state, evidence), Known.exactly(evidence.time), evidence, named=status)
    return replace(_status(state, status, evidence), enters=None)


def _detected(state: DatabaseState, evidence: Evidence) -> DatabaseState:
    seen = _told(state, evidence)
    if seen.status == UNKNOWN:
        seen = _status(seen, AVAILABLE, evidence)
    if not seen.is_reachable or state.detected is not None:
        return seen
    enters = None
    if has_clock(seen):
        at = evidence.time + grace(seen)
        # Where the text names no delay at all, the moment is only a lower bound.
        is_dated = grace(seen) > 0
        enters = Known.exactly(at, Basis.DERIVED) if is_dated else Known.not_before(at)
    return replace(seen, detected=evidence, enters=enters)


def _told(state: DatabaseState, evidence: Evidence) -> DatabaseState:
    """Book what RDS says of a loss; where no record of the key does, its word stands alone."""
    loss = state.loss
    if loss is None:
        known = Known(at=evidence.time, basis=Basis.BOUNDED, earliest=None, latest=evidence.time)
        loss = Loss(at=known, trail=(evidence,), root=evidence)
    return replace(state, loss=loss, path=(*state.path, evidence))


def _on_call(
    state: DatabaseState, event: DatabaseEvent, evidence: Evidence, later: Sequence[Input]
) -> DatabaseState:
    before = state.traits
    known = replace(state, traits=learn(before, event))
    if known.traits.key is None and known.traits.is_encrypted is False:
        known = replace(known, access=True)
    match event:
        case DatabaseCreated():
            return _settled(
                known,
                evidence,
                later,
                during="creating",
                after=AVAILABLE,
                completion=Notice.CREATED,
            )
        case DatabaseStarted():
            woken = replace(_cleared_unless_lost(known), terminal=None, unreachable_at=None)
            return _settled(
                woken,
                evidence,
                later,
                during="starting",
                after=AVAILABLE,
                completion=Notice.STARTED,
            )
        case DatabaseStopped():
            halted = replace(known, enters=None, unreachable_at=evidence.time)
            return _settled(
                halted, evidence, later, during="stopping", after=STOPPED, completion=Notice.STOPPED
            )
        case DatabaseDeleted():
            ended = replace(
                known, keeps_backups=event.keeps_backups, final_snapshot=event.final_snapshot
            )
            return _gone(ended, evidence)
        case DatabaseModified():
            modified = _serving(known, evidence)
            if modified.traits.has_backups != before.has_backups:
                days = modified.traits.retention_days
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
    evidence: Evidence,
    later: Sequence[Input],
    *,
    during: str,
    after: str,
    completion: Notice,
) -> DatabaseState:
    """Enter a transitional status if a later event ends it, else infer that it has ended."""
    for one in later:
        if one.is_notice(completion):
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
    instance = replace(state.traits, retention_days=days)
    changed = replace(state, traits=instance, retention_cause=evidence)
    if not changed.is_reachable or changed.access is not False or changed.detected is not None:
        return changed
    lost_at = changed.loss.at.at if changed.loss is not None else None
    return changed if lost_at is None else armed(changed, lost_at)


def _detached(state: DatabaseState, evidence: Evidence) -> DatabaseState:
    """Let go of the volume: with the key lost and backups off that ends access (inferred)."""
    if state.access is not False or not state.is_reachable or has_clock(state):
        return state
    return replace(state, enters=Known.not_before(evidence.time, Basis.INFERRED))
