"""Moves that records of every sort bring about in a database's state."""

from __future__ import annotations

from analyzer.evidence import Evidence
from analyzer.frozen import replace
from analyzer.grounds import Ground
from analyzer.recovery.clocks import armed, has_clock
from analyzer.recovery.database import DELETED, DatabaseState
from analyzer.timeline import Basis, Known


def cleared(state: DatabaseState) -> DatabaseState:
    """Forget a loss of access that is over."""
    return replace(
        state, loss=None, detected=None, enters=None, terminal=None, unreachable_at=None, path=()
    )


def cleared_unless_lost(state: DatabaseState) -> DatabaseState:
    """Forget a loss unless the key still cannot be used."""
    return state if state.access is False else cleared(state)


def with_status(state: DatabaseState, status: str, evidence: Evidence) -> DatabaseState:
    """Enter a status that a record states."""
    if state.status == status:
        return replace(state, since=Known.exactly(evidence.time), cause=evidence) if (
            state.since is not None and state.since.basis is Basis.INFERRED
        ) else state  # fmt: skip
    return replace(state, status=status, since=Known.exactly(evidence.time), cause=evidence)


def gone(state: DatabaseState, evidence: Evidence) -> DatabaseState:
    """End the database by the record of its deletion."""
    unreachable = state.unreachable_at if state.unreachable_at is not None else evidence.time
    ended = with_status(state, DELETED, evidence)
    return replace(ended, enters=None, unreachable_at=unreachable, deleted_by=evidence)


def with_retention(state: DatabaseState, days: int | None, evidence: Evidence) -> DatabaseState:
    """Note that backups went on or off; the two-hour clock exists only while they are on."""
    instance = replace(state.traits, retention_days=days)
    changed = replace(state, traits=instance, retention_cause=evidence)
    if not changed.is_reachable or changed.access is not False or changed.detected is not None:
        return changed
    lost_at = changed.loss.at.at if changed.loss is not None else None
    return changed if lost_at is None else armed(changed, lost_at)


def detached(state: DatabaseState, evidence: Evidence, basis: Basis) -> DatabaseState:
    """Let go of the volume: with the key lost and backups off that ends access."""
    if state.access is not False or not state.is_reachable or has_clock(state):
        return state
    is_documented = basis is Basis.DERIVED
    known = Known.exactly if is_documented else Known.not_before
    return replace(state, enters=known(evidence.time, basis, Ground.DETACHED))
