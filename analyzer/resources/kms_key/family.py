"""Multi-Region keys: what happens to one among its relatives in other Regions.

Source: https://docs.aws.amazon.com/kms/latest/developerguide/multi-region-keys-overview.html,
.../deleting-keys.html (replicas before the primary) and .../importing-keys-delete-key-material.html
(what waits for rotation goes from the replicas when it goes from the primary).
"""

from __future__ import annotations

from typing import assert_never

from analyzer.evidence import Evidence
from analyzer.frozen import replace
from analyzer.grounds import Ground
from analyzer.moment import DAY
from analyzer.resources.kms_key.entering import arrive, move
from analyzer.resources.kms_key.events import (
    DEFAULT_WINDOW_DAYS,
    FamilyEvent,
    KeyReplicated,
    KeyStatus,
    PrimaryMoved,
    RelativeDeleted,
    RelativeForgot,
    RelativeRotated,
)
from analyzer.resources.kms_key.material import Material, forgotten, rotated
from analyzer.resources.kms_key.state import KeyState
from analyzer.timeline import Basis, Known


def on_family(state: KeyState, event: FamilyEvent, evidence: Evidence) -> KeyState:
    """Follow what happens between a key and its relatives."""
    match event:
        case KeyReplicated():
            return _replicated(state, event, evidence)
        case PrimaryMoved():
            return replace(state, multi_region=True, is_primary=state.arn == event.primary)
        case RelativeDeleted():
            return _without_replica(state, event, evidence)
        case RelativeRotated():
            return replace(state, materials=rotated(state.materials, evidence.time))
        case RelativeForgot():
            return replace(state, materials=forgotten(state.materials, event.material))
        case _:
            assert_never(event)


def _replicated(state: KeyState, event: KeyReplicated, evidence: Evidence) -> KeyState:
    if state.arn == event.primary:
        return replace(state, multi_region=True, is_primary=True)
    made = replace(
        state,
        multi_region=True,
        manager="CUSTOMER",
        origin=event.origin or state.origin,
        is_primary=False,
        materials=state.materials or _to_import(event),
    )
    if state.status not in {KeyStatus.UNKNOWN, KeyStatus.DELETED}:
        return made
    return arrive(made, KeyStatus.CREATING, evidence)


def _to_import(event: KeyReplicated) -> tuple[Material, ...]:
    return tuple(Material(id=one, is_present=False) for one in event.materials)


def _without_replica(state: KeyState, event: RelativeDeleted, evidence: Evidence) -> KeyState:
    """Start the waiting period of a primary key once its last replica is gone."""
    if not event.is_last or state.status is not KeyStatus.PENDING_REPLICA_DELETION:
        return state
    days = DEFAULT_WINDOW_DAYS if state.window_days is None else state.window_days
    is_exact = event.latest is None or event.latest == evidence.time
    dated = replace(
        state,
        deletion_date=evidence.time + days * DAY,
        date_latest=None if is_exact else (event.latest or 0) + days * DAY,
    )
    known = Known.exactly(evidence.time, Basis.DERIVED, Ground.REPLICAS_FIRST)
    by = state.schedule or evidence
    return move(dated, KeyStatus.PENDING_DELETION, by, known=known)
