"""KMS keys: how the state moves; a successful call moves it, a failed one never does.

Rules: https://docs.aws.amazon.com/kms/latest/developerguide/key-state.html (what each call may do),
.../deleting-keys.html (waiting period), .../importing-keys.html (material and expiry).
"""

from __future__ import annotations

from typing import Final, assert_never

from analyzer.evidence import Evidence
from analyzer.frozen import replace
from analyzer.grounds import Ground
from analyzer.moment import Moment
from analyzer.resources.kms_key.entering import arrive, move
from analyzer.resources.kms_key.events import (
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
    PrimaryMoved,
    RelativeDeleted,
    RelativeForgot,
    RelativeRotated,
)
from analyzer.resources.kms_key.family import on_family
from analyzer.resources.kms_key.holding import on_material
from analyzer.resources.kms_key.state import (
    ALLOWED_FROM,
    ALLOWED_TOUCHES,
    EXISTING,
    MANAGED_BY_AWS,
    SCHEDULED,
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
            undated = replace(state, schedule=None, deletion_date=None, date_latest=None)
            return move(undated, KeyStatus.DISABLED, evidence)
        case KeyDeleted():
            return move(state, KeyStatus.DELETED, evidence, root=state.schedule)
        case KeyMaterialImported() | KeyMaterialDeleted() | KeyMaterialExpired() | KeyRotated():
            return on_material(state, event, evidence)
        case (
            KeyReplicated()
            | PrimaryMoved()
            | RelativeDeleted()
            | RelativeRotated()
            | RelativeForgot()
        ):
            return on_family(state, event, evidence)
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
    latest = state.latest_deletion or at
    known = Known.not_before(at, Basis.INFERRED, Ground.DELETION_DATE, latest=latest)
    return replace(
        state, status=KeyStatus.DELETED, since=known, cause=state.schedule, root=state.schedule
    )


def _created(state: KeyState, event: KeyCreated, evidence: Evidence) -> KeyState:
    described = replace(
        state,
        manager=event.manager,
        origin=event.origin,
        multi_region=event.multi_region,
        is_symmetric=_is_symmetric(event),
        is_primary=state.is_primary if event.is_primary is None else event.is_primary,
    )
    return arrive(described, event.status, evidence)


def _is_symmetric(event: KeyCreated) -> bool | None:
    """Return whether a key is for symmetric encryption: by default it is (API_CreateKey.html)."""
    if event.spec is None and event.usage is None:
        return None
    return (event.spec or SYMMETRIC) == SYMMETRIC and (event.usage or ENCRYPTION) == ENCRYPTION


def _scheduled(state: KeyState, event: KeyDeletionScheduled, evidence: Evidence) -> KeyState:
    waits_for_replicas = event.status is KeyStatus.PENDING_REPLICA_DELETION
    dated = replace(
        state,
        schedule=evidence,
        deletion_date=event.deletion_date,
        date_latest=None,
        window_days=event.window_days,
        is_primary=waits_for_replicas or state.is_primary,
    )
    return move(dated, event.status, evidence)


def _switch(state: KeyState, to: KeyStatus, evidence: Evidence) -> KeyState:
    """Enable or disable; in a disconnected store the call counts once the key is available."""
    if state.resumes is None:
        return move(state, to, evidence)
    waiting = replace(state, resumes=to)
    return move(waiting, KeyStatus.UNAVAILABLE, evidence)


def _disconnected(state: KeyState, evidence: Evidence) -> KeyState:
    if state.resumes is not None:
        return state
    if state.status in SCHEDULED:  # stays as it is, and can still be cancelled
        return replace(state, resumes=KeyStatus.DISABLED)
    return move(replace(state, resumes=state.status), KeyStatus.UNAVAILABLE, evidence)


def _connected(state: KeyState, evidence: Evidence) -> KeyState:
    """Return to the status before; that the connection came about is derived, not seen."""
    back = replace(state, resumes=None)
    if state.resumes is None or state.status is not KeyStatus.UNAVAILABLE:
        return back
    known = Known.exactly(evidence.time, Basis.DERIVED, Ground.STORE_CONNECTED)
    return move(back, state.resumes, evidence, known=known)


def _served(state: KeyState, event: KeyServed, evidence: Evidence) -> KeyState:
    manager = state.manager or event.manager
    managed = state if state.manager == manager else replace(state, manager=manager)
    if state.status is not KeyStatus.UNKNOWN:
        return managed
    known = Known.exactly(evidence.time, Basis.DERIVED, Ground.KEY_SERVED)
    return move(managed, KeyStatus.ENABLED, evidence, known=known)


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
