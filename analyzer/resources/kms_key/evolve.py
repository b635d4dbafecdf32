"""KMS keys: how the state moves; a successful call moves it, a failed one never does.

Rules: https://docs.aws.amazon.com/kms/latest/developerguide/key-state.html (what each call may do),
.../deleting-keys.html (waiting period), .../importing-keys.html (material and expiry).
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final, assert_never

from analyzer.evidence import Evidence
from analyzer.grounds import Ground
from analyzer.moment import DAY, Moment
from analyzer.resources.kms_key.events import (
    DEFAULT_WINDOW_DAYS,
    KeyCreated,
    KeyDeleted,
    KeyDeletionCancelled,
    KeyDeletionScheduled,
    KeyDisabled,
    KeyEnabled,
    KeyMaterialDeleted,
    KeyMaterialExpired,
    KeyMaterialImported,
    KeyPolicyPut,
    KeyReplicated,
    KeyRotated,
    KeyServed,
    KeyStatus,
    KeyTouched,
    RelativeDeleted,
)
from analyzer.resources.kms_key.material import (
    Material,
    imported,
    importer_of,
    is_complete,
    rotated,
    taken,
)
from analyzer.resources.kms_key.state import (
    _SCHEDULED,
    ALLOWED_FROM,
    ALLOWED_TOUCHES,
    DELETION_SLACK,
    EXISTING,
    MANAGED_BY_AWS,
    USABLE,
    KeyMove,
    KeyState,
)
from analyzer.resources.kms_key.store import StoreConnected, StoreDisconnected
from analyzer.timeline import Basis, Known

SYMMETRIC: Final = "SYMMETRIC_DEFAULT"
ENCRYPTION: Final = "ENCRYPT_DECRYPT"


def is_possible(state: KeyState, event: KeyMove) -> bool:
    """Tell whether AWS's tables allow *event* to succeed in *state*."""
    if state.manager == "AWS" and isinstance(event, MANAGED_BY_AWS):
        return False
    if isinstance(event, KeyServed) and state.is_symmetric is False:
        return False
    if isinstance(event, KeyTouched):
        allowed: frozenset[KeyStatus] | None = ALLOWED_TOUCHES.get(event.what, EXISTING)
    elif isinstance(event, KeyReplicated) and event.key == state.arn:
        allowed = None  # it is the replica, which comes to be
    else:
        allowed = ALLOWED_FROM.get(type(event))
    return allowed is None or state.status is KeyStatus.UNKNOWN or state.status in allowed


def evolve(state: KeyState, event: KeyMove, evidence: Evidence) -> KeyState:
    """Fold one successful event into a key's state; what is observed wins, however odd."""
    if state.status is KeyStatus.DELETED:
        return _after_deletion(state, event, evidence)
    match event:
        case KeyCreated():
            return _created(state, event, evidence)
        case KeyEnabled():
            return _switch(state, KeyStatus.ENABLED, evidence)
        case KeyDisabled():
            return _switch(state, KeyStatus.DISABLED, evidence)
        case KeyDeletionScheduled():
            return _scheduled(state, event, evidence)
        case KeyDeletionCancelled():
            # "Disabled" also for EXTERNAL keys without material: no document says otherwise.
            undated = replace(state, schedule=None, deletion_date=None)
            return _move(undated, KeyStatus.DISABLED, evidence)
        case KeyDeleted():
            return _move(state, KeyStatus.DELETED, evidence, root=state.schedule)
        case KeyMaterialImported():
            return _imported(state, event, evidence)
        case KeyMaterialDeleted():
            return _without_material(state, event.material, evidence, root=evidence)
        case KeyMaterialExpired():
            root = importer_of(state.materials, event.material)
            return _without_material(state, event.material, evidence, root=root)
        case KeyRotated():
            return replace(state, materials=rotated(state.materials))
        case KeyReplicated():
            return _replicated(state, event, evidence)
        case RelativeDeleted():
            return _without_replica(state, event, evidence)
        case KeyServed():
            return _served(state, event, evidence)
        case StoreDisconnected():
            return _disconnected(state, evidence)
        case StoreConnected():
            return _connected(state, evidence)
        case KeyTouched() | KeyPolicyPut():
            return state
        case _:
            assert_never(event)


def passed_deletion_date(state: KeyState, at: Moment) -> KeyState:
    """Infer the deletion that no record confirms: the waiting period had run out at *at*."""
    latest = at if state.deletion_date is None else state.deletion_date + DELETION_SLACK
    known = Known.not_before(at, Basis.INFERRED, Ground.DELETION_DATE, latest=latest)
    return replace(
        state, status=KeyStatus.DELETED, since=known, cause=state.schedule, root=state.schedule
    )


def passed_expiry(state: KeyState, material: Material) -> KeyState:
    """Infer the expiry of imported material that no record confirms."""
    known = Known.not_before(material.valid_to or 0, Basis.INFERRED, Ground.MATERIAL_EXPIRY)
    by = material.importer
    return _without_material(state, material.id, by, root=by, known=known)


def _move(
    state: KeyState,
    to: KeyStatus,
    evidence: Evidence,
    *,
    root: Evidence | None = None,
    known: Known | None = None,
) -> KeyState:
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


def _arrive(state: KeyState, status: KeyStatus, evidence: Evidence) -> KeyState:
    """Come to be; that a replica has left Creating, which takes seconds, is inferred."""
    if status is not KeyStatus.CREATING:
        return _move(state, status, evidence)
    is_external = state.origin == "EXTERNAL"
    ready = KeyStatus.PENDING_IMPORT if is_external else KeyStatus.ENABLED
    known = Known.not_before(evidence.time, Basis.INFERRED, Ground.REPLICA_READY)
    return _move(state, ready, evidence, known=known)


def _replicated(state: KeyState, event: KeyReplicated, evidence: Evidence) -> KeyState:
    if state.arn == event.primary:
        return replace(state, multi_region=True, replicas=state.replicas | {event.key})
    made = replace(
        state, multi_region=True, manager="CUSTOMER", origin=event.origin or state.origin
    )
    if state.status not in {KeyStatus.UNKNOWN, KeyStatus.DELETED}:
        return made
    return _arrive(made, KeyStatus.CREATING, evidence)


def _without_replica(state: KeyState, event: RelativeDeleted, evidence: Evidence) -> KeyState:
    """Start the waiting period of a primary key once its last replica is gone."""
    left = replace(state, replicas=state.replicas - {event.replica})
    if not event.is_last or state.status is not KeyStatus.PENDING_REPLICA_DELETION:
        return left
    days = DEFAULT_WINDOW_DAYS if state.window_days is None else state.window_days
    dated = replace(left, deletion_date=evidence.time + days * DAY)
    known = Known.exactly(evidence.time, Basis.DERIVED, Ground.REPLICAS_FIRST)
    by = state.schedule or evidence
    return _move(dated, KeyStatus.PENDING_DELETION, by, known=known)


def _created(state: KeyState, event: KeyCreated, evidence: Evidence) -> KeyState:
    described = replace(
        state,
        manager=event.manager,
        origin=event.origin,
        multi_region=event.multi_region,
        is_symmetric=_is_symmetric(event),
    )
    return _arrive(described, event.status, evidence)


def _is_symmetric(event: KeyCreated) -> bool | None:
    """Return whether a key is for symmetric encryption: by default it is (API_CreateKey.html)."""
    if event.spec is None and event.usage is None:
        return None
    return (event.spec or SYMMETRIC) == SYMMETRIC and (event.usage or ENCRYPTION) == ENCRYPTION


def _scheduled(state: KeyState, event: KeyDeletionScheduled, evidence: Evidence) -> KeyState:
    dated = replace(
        state,
        schedule=evidence,
        deletion_date=event.deletion_date,
        window_days=event.window_days,
    )
    return _move(dated, event.status, evidence)


def _switch(state: KeyState, to: KeyStatus, evidence: Evidence) -> KeyState:
    """Enable or disable; in a disconnected store the call counts once the key is available."""
    if state.resumes is None:
        return _move(state, to, evidence)
    waiting = replace(state, resumes=to)
    return _move(waiting, KeyStatus.UNAVAILABLE, evidence)


def _disconnected(state: KeyState, evidence: Evidence) -> KeyState:
    if state.resumes is not None:
        return state
    if state.status in _SCHEDULED:  # stays as it is, and can still be cancelled
        return replace(state, resumes=KeyStatus.DISABLED)
    return _move(replace(state, resumes=state.status), KeyStatus.UNAVAILABLE, evidence)


def _connected(state: KeyState, evidence: Evidence) -> KeyState:
    """Return to the status before; that the connection came about is derived, not seen."""
    back = replace(state, resumes=None)
    if state.resumes is None or state.status is not KeyStatus.UNAVAILABLE:
        return back
    known = Known.exactly(evidence.time, Basis.DERIVED, Ground.STORE_CONNECTED)
    return _move(back, state.resumes, evidence, known=known)


def _imported(state: KeyState, event: KeyMaterialImported, evidence: Evidence) -> KeyState:
    materials = imported(
        state.materials, event.material, event.valid_to, evidence, is_new=event.is_new
    )
    held = replace(state, materials=materials, origin=state.origin or "EXTERNAL")
    waits = state.status in {KeyStatus.PENDING_IMPORT, KeyStatus.UNKNOWN}
    if waits and is_complete(materials):
        return _move(held, KeyStatus.ENABLED, evidence)
    return held


def _without_material(
    state: KeyState,
    material: str | None,
    evidence: Evidence | None,
    *,
    root: Evidence | None,
    known: Known | None = None,
) -> KeyState:
    bare = replace(
        state, materials=taken(state.materials, material), origin=state.origin or "EXTERNAL"
    )
    settled = state.status in _SCHEDULED or state.status is KeyStatus.PENDING_IMPORT
    if evidence is None or settled or is_complete(bare.materials):
        return bare
    return _move(bare, KeyStatus.PENDING_IMPORT, evidence, root=root, known=known)


def _served(state: KeyState, event: KeyServed, evidence: Evidence) -> KeyState:
    managed = replace(state, manager=state.manager or event.manager)
    if state.status is not KeyStatus.UNKNOWN:
        return managed
    known = Known.exactly(evidence.time, Basis.DERIVED, Ground.KEY_SERVED)
    return _move(managed, KeyStatus.ENABLED, evidence, known=known)


def _after_deletion(state: KeyState, event: KeyMove, evidence: Evidence) -> KeyState:
    """Keep a deleted key deleted, unless it is replicated anew from a relative that lives.

    CloudTrail's DeleteKey is preferred to EventBridge's notice of the same deletion.
    """
    if isinstance(event, KeyReplicated) or (
        isinstance(event, KeyCreated) and event.multi_region is True
    ):
        fresh = KeyState(arn=state.arn, origin=state.origin)
        return evolve(fresh, event, evidence)
    repeats = isinstance(event, KeyDeleted) and not event.is_native
    if repeats and state.cause is not None and state.cause.event_name == "KMS CMK Deletion":
        lost = (*state.lost[:-1], evidence)
        return replace(state, cause=evidence, root=state.schedule or evidence, lost=lost)
    return state
