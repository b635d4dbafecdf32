"""KMS keys: their states and how these move.

Rules: https://docs.aws.amazon.com/kms/latest/developerguide/key-state.html (states, and what each
call may do in them), .../deleting-keys.html (waiting period), .../importing-keys.html (material and
expiry). A successful call moves the state, a failed one never does.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final, assert_never

from analyzer.evidence import Evidence
from analyzer.moment import DAY, Moment
from analyzer.resources.kms_key import (
    KeyCreated,
    KeyDeleted,
    KeyDeletionCancelled,
    KeyDeletionScheduled,
    KeyDisabled,
    KeyEnabled,
    KeyEvent,
    KeyMaterialDeleted,
    KeyMaterialExpired,
    KeyMaterialImported,
    KeyRotated,
    KeyServed,
    KeyStatus,
    KeyTouched,
)
from analyzer.resources.kms_material import (
    Material,
    Materials,
    imported,
    importer_of,
    is_complete,
    rotated,
    taken,
)
from analyzer.resources.kms_store import StoreConnected, StoreDisconnected, StoreEvent
from analyzer.timeline import Basis, Known

USABLE: Final = frozenset({KeyStatus.ENABLED, KeyStatus.UPDATING})
"""States in which cryptographic operations work (key-state.html, table)."""

DELETION_SLACK: Final = DAY
"""KMS deletes up to 24 hours after the deletion date (deleting-keys.html)."""


_SCHEDULED = frozenset({KeyStatus.PENDING_DELETION, KeyStatus.PENDING_REPLICA_DELETION})
_LIVING = frozenset({KeyStatus.ENABLED, KeyStatus.DISABLED})

ALLOWED_FROM: Final[Mapping[type, frozenset[KeyStatus]]] = {
    # key-state.html, one row a call; Unknown allows everything and stands in no row.
    KeyEnabled: _LIVING | {KeyStatus.UNAVAILABLE},
    KeyDisabled: _LIVING | {KeyStatus.UNAVAILABLE},
    KeyDeletionScheduled: _LIVING
    | {KeyStatus.PENDING_IMPORT, KeyStatus.UNAVAILABLE, KeyStatus.CREATING},
    KeyDeletionCancelled: _SCHEDULED,
    KeyDeleted: _SCHEDULED | {KeyStatus.DELETED},  # the EventBridge event tells it a second time
    KeyMaterialImported: _LIVING | {KeyStatus.PENDING_IMPORT, KeyStatus.UPDATING},
    KeyMaterialDeleted: _LIVING | _SCHEDULED | {KeyStatus.PENDING_IMPORT},
    KeyMaterialExpired: _LIVING | _SCHEDULED | {KeyStatus.PENDING_IMPORT},
    KeyServed: USABLE,
}

KeyMove = KeyEvent | StoreEvent
"""Everything that may move a key: records about it, and about the store that it is in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyState:
    """A KMS key from one change to the next.

    Attributes:
        arn: the key's identity; ids repeat across Regions for multi-Region keys.
        status: AWS's state.
        since: when this status began and how well that is known; None for Unknown from the start.
        manager: `CUSTOMER` or `AWS`, None where no record tells.
        origin: `AWS_KMS`, `EXTERNAL`, `AWS_CLOUDHSM`, `EXTERNAL_KEY_STORE`, or None.
        multi_region: whether it is a multi-Region key, None where no record tells.
        deletion_date: after which KMS deletes it; kept once it is deleted.
        materials: what an EXTERNAL key holds; empty where no record tells.
        cause: the event that made this status.
        root: the accountable call behind this status.
        lost: the events since the key was last usable, in order; empty while it is usable.
        lost_since: when it ceased to be usable; None while it is usable.
        lost_root: the accountable call behind that.
        schedule: the ScheduleKeyDeletion in force.
        resumes: while its store is disconnected, the status to which it returns.
    """

    arn: str
    status: KeyStatus = KeyStatus.UNKNOWN
    since: Known | None = None
    manager: str | None = None
    origin: str | None = None
    multi_region: bool | None = None
    deletion_date: Moment | None = None
    materials: Materials = ()
    cause: Evidence | None = None
    root: Evidence | None = None
    lost: tuple[Evidence, ...] = ()
    lost_since: Known | None = None
    lost_root: Evidence | None = None
    schedule: Evidence | None = None
    resumes: KeyStatus | None = None

    @property
    def is_usable(self) -> bool | None:
        """Whether it can decrypt now; None where that is unknown."""
        return None if self.status is KeyStatus.UNKNOWN else self.status in USABLE

    @property
    def key_id(self) -> str:
        """The id behind the ARN's `key/`."""
        return self.arn.rpartition("/")[2]


def is_possible(state: KeyState, event: KeyMove) -> bool:
    """Tell whether AWS's tables allow *event* to succeed in *state*."""
    allowed = ALLOWED_FROM.get(type(event))
    return allowed is None or state.status is KeyStatus.UNKNOWN or state.status in allowed


def evolve(state: KeyState, event: KeyMove, evidence: Evidence) -> KeyState:
    """Fold one successful event into a key's state; what is observed wins, however odd."""
    if state.status is KeyStatus.DELETED:
        return _after_deletion(state, event, evidence)
    match event:
        case KeyCreated():
            described = replace(
                state, manager=event.manager, origin=event.origin, multi_region=event.multi_region
            )
            return _move(described, event.status, evidence)
        case KeyEnabled():
            return _switch(state, KeyStatus.ENABLED, evidence)
        case KeyDisabled():
            return _switch(state, KeyStatus.DISABLED, evidence)
        case KeyDeletionScheduled():
            dated = replace(state, schedule=evidence, deletion_date=event.deletion_date)
            return _move(dated, event.status, evidence)
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
        case KeyServed():
            return _served(state, event, evidence)
        case StoreDisconnected():
            return _disconnected(state, evidence)
        case StoreConnected():
            return _connected(state, evidence)
        case KeyTouched():
            return state
        case _:
            assert_never(event)


def passed_deletion_date(state: KeyState, at: Moment) -> KeyState:
    """Infer the deletion that no record confirms: the waiting period had run out at *at*."""
    latest = at if state.deletion_date is None else state.deletion_date + DELETION_SLACK
    known = Known.not_before(at, Basis.INFERRED, latest=latest)
    return replace(
        state, status=KeyStatus.DELETED, since=known, cause=state.schedule, root=state.schedule
    )


def passed_expiry(state: KeyState, material: Material) -> KeyState:
    """Infer the expiry of imported material that no record confirms."""
    known = Known.not_before(material.valid_to or 0, Basis.INFERRED)
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
    known = Known.exactly(evidence.time, Basis.DERIVED)
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
    known = Known.exactly(evidence.time, Basis.DERIVED)
    return _move(managed, KeyStatus.ENABLED, evidence, known=known)


def _after_deletion(state: KeyState, event: KeyMove, evidence: Evidence) -> KeyState:
    """Keep a deleted key deleted; prefer CloudTrail's DeleteKey to EventBridge's notice of it."""
    repeats = isinstance(event, KeyDeleted) and not event.is_native
    if repeats and state.cause is not None and state.cause.event_name == "KMS CMK Deletion":
        lost = (*state.lost[:-1], evidence)
        return replace(state, cause=evidence, root=state.schedule or evidence, lost=lost)
    return state
