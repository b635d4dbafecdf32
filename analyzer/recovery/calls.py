"""Successful calls, and how they move a database."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from analyzer.evidence import Evidence
from analyzer.frozen import replace
from analyzer.grounds import Ground
from analyzer.recovery.database import AVAILABLE, STOPPED, STOPPING, UNKNOWN, DatabaseState, Input
from analyzer.recovery.moves import (
    cleared,
    cleared_unless_lost,
    detached,
    gone,
    with_retention,
    with_status,
)
from analyzer.resources.rds_database.attributes import learn
from analyzer.resources.rds_database.events import (
    DatabaseCreated,
    DatabaseDeleted,
    DatabaseEvent,
    DatabaseModified,
    DatabaseRebooted,
    DatabaseStarted,
    DatabaseStopped,
    GreenTookOver,
    ReplicaPromoted,
    ReplicaSwitched,
)
from analyzer.resources.rds_notice import Notice
from analyzer.resources.rds_snapshot import SnapshotCreated
from analyzer.timeline import Basis, Known


class _Passage(NamedTuple):
    """A transitional status, what it leads to, and the RDS event that tells so."""

    during: str
    after: str
    completion: Notice


_CREATED: Final = _Passage("creating", AVAILABLE, Notice.CREATED)
_STARTED: Final = _Passage("starting", AVAILABLE, Notice.STARTED)
_STOPPED: Final = _Passage(STOPPING, STOPPED, Notice.STOPPED)


def on_call(
    state: DatabaseState, event: DatabaseEvent, evidence: Evidence, later: Sequence[Input]
) -> DatabaseState:
    """Follow a successful call."""
    before = state.traits
    known = replace(state, traits=learn(before, event))
    if known.traits.key is None and known.traits.is_out_of_reach:
        known = replace(known, access=True)
    match event:
        case DatabaseCreated():
            return _settled(cleared(known), evidence, later, _CREATED)
        case DatabaseStarted():
            woken = replace(cleared_unless_lost(known), terminal=None, unreachable_at=None)
            return _settled(woken, evidence, later, _STARTED)
        case DatabaseStopped():
            halted = replace(known, enters=None, unreachable_at=evidence.time)
            return _settled(halted, evidence, later, _STOPPED)
        case DatabaseDeleted():
            ended = replace(
                known, keeps_backups=event.keeps_backups, final_snapshot=event.final_snapshot
            )
            return gone(ended, evidence)
        case DatabaseModified():
            modified = serving(known, evidence)
            if modified.traits.has_backups != before.has_backups:
                days = modified.traits.retention_days
                modified = with_retention(modified, days, evidence)
            return detached(modified, evidence, Basis.INFERRED) if event.detaches else modified
        case DatabaseRebooted() | ReplicaPromoted() | ReplicaSwitched() | GreenTookOver():
            return serving(known, evidence)


def serving(state: DatabaseState, evidence: Evidence) -> DatabaseState:
    """Learn from a call that only succeeds on an instance that serves."""
    return with_status(state, AVAILABLE, evidence) if state.status == UNKNOWN else state


def _settled(
    state: DatabaseState, evidence: Evidence, later: Sequence[Input], passage: _Passage
) -> DatabaseState:
    """Enter a transitional status if a later event ends it, else infer that it has ended."""
    for one in later:
        if one.is_notice(passage.completion) or one.is_notice(Notice.STOP_FAILED):
            return with_status(state, passage.during, evidence)
        if one.said is not None and not isinstance(one.said, SnapshotCreated):
            break
    since = Known.not_before(evidence.time, Basis.INFERRED, Ground.PASSAGE)
    return replace(state, status=passage.after, since=since, cause=evidence)
