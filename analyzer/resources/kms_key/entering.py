"""KMS keys: how a status is entered, and what that means for whoever needs the key.

Source: https://docs.aws.amazon.com/kms/latest/developerguide/key-state.html.
"""

from __future__ import annotations

from analyzer.evidence import Evidence
from analyzer.frozen import replace
from analyzer.grounds import Ground
from analyzer.resources.kms_key.events import KeyStatus
from analyzer.resources.kms_key.state import USABLE, KeyState
from analyzer.timeline import Basis, Known


def move(
    state: KeyState,
    to: KeyStatus,
    evidence: Evidence,
    *,
    root: Evidence | None = None,
    known: Known | None = None,
) -> KeyState:
    """Enter a status by a record; the first one since the key could be used is what lost it."""
    if state.status is to:
        return state
    since = known or Known.exactly(evidence.time)
    moved = replace(state, status=to, since=since, cause=evidence, root=root or evidence)
    if to in USABLE:
        return replace(moved, lost=(), lost_since=None, lost_root=None)
    return replace(
        moved,
        lost=(*state.lost, evidence),
        lost_since=state.lost_since or since,
        lost_root=state.lost_root or root or evidence,
    )


def arrive(state: KeyState, status: KeyStatus, evidence: Evidence) -> KeyState:
    """Come to be; that a replica has left Creating, which takes seconds, is inferred."""
    if status is not KeyStatus.CREATING:
        return move(state, status, evidence)
    is_external = state.origin == "EXTERNAL"
    ready = KeyStatus.PENDING_IMPORT if is_external else KeyStatus.ENABLED
    known = Known.not_before(evidence.time, Basis.INFERRED, Ground.REPLICA_READY)
    return move(state, ready, evidence, known=known)
