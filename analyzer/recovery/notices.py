"""What RDS says by itself, and how it moves a database.

Source: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_Events.Messages.html.
"""

from __future__ import annotations

from analyzer.evidence import Evidence
from analyzer.frozen import replace
from analyzer.grounds import Ground
from analyzer.recovery.clocks import after_detection, armed, enter, grace, has_clock
from analyzer.recovery.database import (
    AVAILABLE,
    FAILED,
    RECOVERABLE,
    STOPPED,
    STOPPING,
    TERMINAL,
    UNKNOWN,
    DatabaseState,
    Loss,
)
from analyzer.recovery.moves import (
    cleared,
    cleared_unless_lost,
    detached,
    gone,
    with_retention,
    with_status,
)
from analyzer.resources.rds_notice import DatabaseNotified, Notice
from analyzer.timeline import Basis, Known


def on_notice(state: DatabaseState, said: DatabaseNotified, evidence: Evidence) -> DatabaseState:
    """Follow what RDS says by itself."""
    match said.notice:
        case Notice.KEY_UNREACHABLE:
            return _detected(state, evidence)
        case Notice.INACCESSIBLE:
            seen = _told(state, evidence)
            return enter(seen, Known.exactly(evidence.time), evidence)
        case Notice.KEY_REACHABLE:
            return cleared(state) if state.is_reachable else state
        case Notice.CREATED | Notice.STARTED:
            return with_status(cleared_unless_lost(state), AVAILABLE, evidence)
        case Notice.STOPPED:
            return replace(with_status(state, STOPPED, evidence), enters=None)
        case Notice.DELETED:
            return gone(state, evidence)
        case Notice.BACKUPS_OFF:
            return with_retention(state, 0, evidence)
        case Notice.BACKUPS_ON:
            return with_retention(state, state.traits.retention_days or None, evidence)
        case Notice.RECOVERED:
            return detached(state, evidence, Basis.DERIVED)
        case Notice.MOVED:
            return detached(state, evidence, Basis.INFERRED)
        case Notice.AUTO_STARTING:
            return _auto_started(state, evidence)
        case Notice.SERVING:
            return with_status(state, AVAILABLE, evidence) if state.status == UNKNOWN else state
        case Notice.PUT_INTO_STATE:
            return _put(state, said.status, evidence)
        case Notice.STOP_FAILED:
            return _still_running(state, evidence)
        case Notice.CREATION_FAILED:
            return replace(gone(state, evidence), status=FAILED)
        case Notice.SAID | Notice.REPLICATION_STOPPED | Notice.REPLICATION_RESUMED:
            return state


def _auto_started(state: DatabaseState, evidence: Evidence) -> DatabaseState:
    """Take the start after seven stopped days as done, unless the key makes it impossible."""
    if state.status not in {STOPPED, UNKNOWN} or state.access is False:
        return state
    return with_status(replace(state, unreachable_at=None), AVAILABLE, evidence)


def _still_running(state: DatabaseState, evidence: Evidence) -> DatabaseState:
    """Take back a stop that did not come about; clocks that it had stopped run again."""
    if state.status not in {STOPPED, STOPPING}:
        return state
    running = with_status(replace(state, unreachable_at=None), AVAILABLE, evidence)
    if running.access is not False or running.loss is None:
        return running
    return armed(running, max(running.loss.at.at, evidence.time - grace(running)))


def _put(state: DatabaseState, status: str | None, evidence: Evidence) -> DatabaseState:
    """Take the status that RDS itself names."""
    if status is None:
        return state
    if status in {RECOVERABLE, TERMINAL}:
        return enter(_told(state, evidence), Known.exactly(evidence.time), evidence, named=status)
    return replace(with_status(state, status, evidence), enters=None)


def _detected(state: DatabaseState, evidence: Evidence) -> DatabaseState:
    seen = _told(state, evidence)
    if seen.status == UNKNOWN:
        seen = with_status(seen, AVAILABLE, evidence)
    if not seen.is_reachable or state.detected is not None:
        return seen
    enters = None
    if has_clock(seen):
        enters = after_detection(evidence.time, grace(seen))
    return replace(seen, detected=evidence, enters=enters)


def _told(state: DatabaseState, evidence: Evidence) -> DatabaseState:
    """Book what RDS says of a loss; where no record of the key does, its word stands alone."""
    loss = state.loss
    if loss is None:
        known = Known(
            at=evidence.time,
            basis=Basis.BOUNDED,
            earliest=None,
            latest=evidence.time,
            ground=Ground.TOLD_BY_RDS,
        )
        loss = Loss(at=known, trail=(evidence,), root=evidence)
    return replace(state, loss=loss, path=(*state.path, evidence))
