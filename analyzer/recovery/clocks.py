"""The two clocks of an instance that lost its key: two hours, then seven days.

Source: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Overview.Encryption.html. With
backups on, an instance becomes `inaccessible-encryption-credentials-recoverable` two hours after
RDS *detects* that it cannot use the key; seven days later it is terminal unless the key is usable
again *and* the instance has been started. What cannot stop becomes terminal at once. With backups
off nothing happens until the host lets go of the volume. Only RDS-EVENT-0418 dates the detection
and only 0419 the move; without them the earliest documented moment is used and labelled `bounded`.
A record that shows otherwise always wins, also over an inference made for an earlier moment: that
is what the look ahead in `later` is for.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import takewhile
from typing import Final

from analyzer.evidence import Evidence
from analyzer.frozen import replace
from analyzer.grounds import Ground
from analyzer.moment import DAY, Moment
from analyzer.recovery.database import (
    AVAILABLE,
    RECOVERABLE,
    STOPPED,
    TERMINAL,
    DatabaseState,
    Input,
)
from analyzer.resources.rds_database.events import (
    DatabaseDeleted,
    DatabaseModified,
    DatabaseRebooted,
    DatabaseStarted,
    DatabaseStopped,
    GreenTookOver,
    ReplicaPromoted,
    ReplicaSwitched,
)
from analyzer.resources.rds_notice import DatabaseNotified, Notice
from analyzer.resources.rds_snapshot import SnapshotCreated
from analyzer.timeline import Basis, Known

INACCESSIBLE_TO_TERMINAL: Final = 7 * DAY
LONGEST_STOP: Final = 7 * DAY
"""After seven days stopped, RDS starts an instance or a cluster again (USER_StopInstance.html)."""


_OF_A_SERVING_ONE: Final = (
    DatabaseModified
    | DatabaseRebooted
    | DatabaseStopped
    | GreenTookOver
    | ReplicaPromoted
    | ReplicaSwitched
    | SnapshotCreated
)
"""Calls that only succeed on an instance that serves."""

_TOLD_BY_A_SERVING_ONE: Final = frozenset(
    {
        Notice.SERVING,
        Notice.MOVED,
        Notice.RECOVERED,
        Notice.KEY_REACHABLE,
        # RDS loses what it had: told of a later loss, they show that the first one passed by.
        Notice.KEY_UNREACHABLE,
        Notice.INACCESSIBLE,
    }
)

Silence = Callable[[Moment, Moment], bool]
"""Whether the evidence has a gap between two moments."""


def never(start: Moment, end: Moment) -> bool:
    """Say that the evidence has no gap."""
    del start, end
    return False


def run_clocks(
    state: DatabaseState,
    until: Moment | None,
    later: Sequence[Input],
    changes: list[tuple[Moment, DatabaseState]],
    is_silent: Silence,
) -> DatabaseState:
    """Let every clock that runs out before *until* strike; at one moment records come first."""
    while True:
        due = _due(state, later)
        if due is None or (until is not None and due.at >= until):
            return state
        lost_at = state.loss.at.at if state.loss is not None else due.at
        if is_silent(lost_at, due.at):
            # The call that stopped the clock may have gone unwritten.
            due = replace(due, basis=Basis.INFERRED)
        state = _strike(state, due, later)
        changes.append((due.at, state))


def _due(state: DatabaseState, later: Sequence[Input]) -> Known | None:
    if state.is_reachable:
        return state.enters
    if state.status == STOPPED and state.access is True and state.since is not None:
        # Seven days is the longest a stopped instance stays so; without its key it cannot start.
        due = state.since.at + LONGEST_STOP
        near = takewhile(lambda one: one.at <= due + DAY, later)
        is_told = any(one.is_notice(Notice.AUTO_STARTING) for one in near)  # it dates the start
        return None if is_told else Known.not_before(due, Basis.INFERRED, Ground.AUTO_START)
    return state.terminal if state.status == RECOVERABLE else None


def _strike(state: DatabaseState, due: Known, later: Sequence[Input]) -> DatabaseState:
    if state.status == STOPPED:
        return replace(state, status=AVAILABLE, since=due, unreachable_at=None)
    if state.status == RECOVERABLE:
        if _is_started(later):
            return replace(state, terminal=None)
        return replace(state, status=TERMINAL, since=due, terminal=due, cause=_accountable(state))
    postponed = _postponed(state, due, later)
    if postponed is None:
        return replace(state, enters=None)
    if postponed.at > due.at:
        return replace(state, enters=postponed)
    return enter(state, due, _accountable(state))


def _is_started(later: Sequence[Input]) -> bool:
    """Whether a start succeeds later: it could not from the terminal status."""
    for one in later:
        if isinstance(one.said, DatabaseStarted):
            return True
        if isinstance(one.said, DatabaseDeleted):
            return False
    return False


def _postponed(state: DatabaseState, due: Known, later: Sequence[Input]) -> Known | None:
    """Return the earliest moment of entering that later records allow, None for never."""
    last_seen: Moment | None = None
    regained: Moment | None = None
    for one in later:
        if one.change is not None and one.change.is_usable and regained is None:
            regained = one.at
        if regained is None and one.is_notice(Notice.INACCESSIBLE):
            return Known.exactly(one.at)  # that event itself dates the move
        if regained is None and one.is_notice(Notice.KEY_UNREACHABLE) and state.detected is None:
            return after_detection(one.at, grace(state))
        if _shows_reachable(one):
            last_seen = one.at
        if isinstance(one.said, DatabaseStarted | DatabaseStopped | DatabaseDeleted):
            break
    if last_seen is None or last_seen <= due.at:
        return due
    if regained is not None and regained <= last_seen:
        return None
    return Known.not_before(last_seen, Basis.BOUNDED, Ground.STILL_SERVING)


def after_detection(at: Moment, delay: int) -> Known:
    """Return when an instance becomes inaccessible after RDS has told of its lost key."""
    if delay > 0:
        return Known.exactly(at + delay, Basis.DERIVED, Ground.ACCESS_LOST)
    # Where the text names no delay at all, the moment is only a lower bound.
    return Known.not_before(at, Basis.BOUNDED, Ground.ACCESS_LOST)


def _shows_reachable(one: Input) -> bool:
    """Whether a record can only stem from an instance that serves."""
    if isinstance(one.said, DatabaseNotified):
        return one.said.notice in _TOLD_BY_A_SERVING_ONE
    if isinstance(one.said, DatabaseDeleted):
        return one.said.final_snapshot is not None  # it is taken of what is available only
    return isinstance(one.said, _OF_A_SERVING_ONE)


def enter(
    state: DatabaseState, since: Known, cause: Evidence | None, *, named: str | None = None
) -> DatabaseState:
    """Move to the inaccessible status that is named, or else fits what the instance can do."""
    terminal = replace(
        since,
        at=since.at + INACCESSIBLE_TO_TERMINAL,
        basis=Basis.DERIVED if since.basis is Basis.OBSERVED else since.basis,
        earliest=since.at + INACCESSIBLE_TO_TERMINAL,
        latest=None if since.latest is None else since.latest + INACCESSIBLE_TO_TERMINAL,
        ground=Ground.SEVEN_DAYS,
    )
    may_recover = state.traits.can_stop and state.rules.is_recoverable
    can_stop = named == RECOVERABLE or (named is None and may_recover)
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


def armed(state: DatabaseState, lost_at: Moment) -> DatabaseState:
    """Start the clock to the inaccessible status where one is documented."""
    if not has_clock(state):
        return replace(state, enters=None)
    at = lost_at + grace(state)
    return replace(state, enters=Known.not_before(at, Basis.BOUNDED, Ground.ACCESS_LOST))


def has_clock(state: DatabaseState) -> bool:
    """Whether time alone makes the database inaccessible, by the era's rules."""
    return state.traits.has_clock or (
        not state.rules.spares_without_backups and not state.traits.is_foreign
    )


def grace(state: DatabaseState) -> int:
    """Return the microseconds from detection to the inaccessible status, by the era's rules."""
    return min(state.traits.grace, state.rules.grace)
