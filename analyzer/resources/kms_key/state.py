"""KMS keys: the state of one, and which events it allows.

Source: https://docs.aws.amazon.com/kms/latest/developerguide/key-state.html.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from analyzer.evidence import Evidence
from analyzer.frozen import Frozen
from analyzer.moment import DAY, Moment
from analyzer.resources.kms_key.events import (
    KeyDeleted,
    KeyDeletionCancelled,
    KeyDeletionScheduled,
    KeyDisabled,
    KeyEnabled,
    KeyEvent,
    KeyMaterialDeleted,
    KeyMaterialExpired,
    KeyMaterialImported,
    KeyPolicyPut,
    KeyReplicated,
    KeyRotated,
    KeyServed,
    KeyStatus,
    PrimaryMoved,
)
from analyzer.resources.kms_key.material import Materials
from analyzer.resources.kms_key.store import StoreEvent
from analyzer.timeline import Known

USABLE: Final = frozenset({KeyStatus.ENABLED, KeyStatus.UPDATING})
"""States in which cryptographic operations work (key-state.html, table)."""

DELETION_SLACK: Final = DAY
"""KMS deletes up to 24 hours after the deletion date (deleting-keys.html)."""


SCHEDULED: Final = frozenset({KeyStatus.PENDING_DELETION, KeyStatus.PENDING_REPLICA_DELETION})
_LIVING = frozenset({KeyStatus.ENABLED, KeyStatus.DISABLED})
EXISTING: Final = frozenset(KeyStatus) - {KeyStatus.DELETED}
_UNSCHEDULED = EXISTING - SCHEDULED

ALLOWED_FROM: Final[Mapping[type, frozenset[KeyStatus]]] = {
    # key-state.html, one row a call; Unknown allows everything and stands in no row.
    KeyEnabled: _LIVING | {KeyStatus.UNAVAILABLE},
    KeyDisabled: _LIVING | {KeyStatus.UNAVAILABLE},
    KeyDeletionScheduled: _LIVING
    | {KeyStatus.PENDING_IMPORT, KeyStatus.UNAVAILABLE, KeyStatus.CREATING},
    KeyDeletionCancelled: SCHEDULED,
    KeyDeleted: SCHEDULED | {KeyStatus.DELETED},  # the EventBridge event tells it a second time
    KeyMaterialImported: _LIVING | {KeyStatus.PENDING_IMPORT, KeyStatus.UPDATING},
    KeyMaterialDeleted: _LIVING | SCHEDULED | {KeyStatus.PENDING_IMPORT},
    KeyMaterialExpired: _LIVING | SCHEDULED | {KeyStatus.PENDING_IMPORT},
    KeyRotated: EXISTING,
    KeyReplicated: frozenset({KeyStatus.ENABLED}),
    PrimaryMoved: USABLE,  # of the old primary key and of the new one
    KeyPolicyPut: EXISTING,
    KeyServed: USABLE,
}

ALLOWED_TOUCHES: Final[Mapping[str, frozenset[KeyStatus]]] = {
    # The same table, for calls that move no state; one that stands in no row needs the key only.
    "CreateGrant": USABLE | {KeyStatus.UNAVAILABLE},
    "EnableKeyRotation": USABLE,
    "DisableKeyRotation": USABLE,
    "TagResource": _UNSCHEDULED,
    "UntagResource": _UNSCHEDULED,
    "UpdateKeyDescription": _UNSCHEDULED,
}

MANAGED_BY_AWS: Final = (KeyEnabled, KeyDisabled, KeyDeletionScheduled, KeyDeletionCancelled)
"""What nobody can do to a key that AWS manages (concepts.html, AWS managed keys)."""

KeyMove = KeyEvent | StoreEvent
"""Everything that may move a key: records about it, and about the store that it is in."""


class Death(Frozen, frozen=True, kw_only=True):
    """The deletion after which nothing brings a key's material back, and who answers for it."""

    since: Known
    cause: Evidence | None
    root: Evidence | None


class KeyState(Frozen, frozen=True, kw_only=True):
    """A KMS key from one change to the next.

    Attributes:
        arn: the key's identity; ids repeat across Regions for multi-Region keys.
        status: AWS's state.
        since: when this status began and how well that is known; None for Unknown from the start.
        manager: `CUSTOMER` or `AWS`, None where no record tells.
        origin: `AWS_KMS`, `EXTERNAL`, `AWS_CLOUDHSM`, `EXTERNAL_KEY_STORE`, or None.
        multi_region: whether it is a multi-Region key, None where no record tells.
        is_symmetric: whether it is a symmetric encryption key, None where no record tells; no other
            kind holds a database (Overview.Encryption.html).
        deletion_date: after which KMS deletes it; kept once it is deleted.
        date_latest: until when `deletion_date` itself may lie, where it follows from an inferred
            deletion; None where it is exact.
        materials: what an EXTERNAL key holds; empty where no record tells.
        cause: the event that made this status.
        root: the accountable call behind this status.
        lost: the events since the key was last usable, in order; empty while it is usable.
        lost_since: when it ceased to be usable; None while it is usable.
        lost_root: the accountable call behind that.
        schedule: the ScheduleKeyDeletion in force.
        window_days: the waiting period that was asked for with `schedule`.
        is_primary: of a multi-Region key whether it is the primary one, None where no record tells.
        spared: whether a living relative without a deletion date keeps the material for good.
        relatives_until: the latest deletion date of its living relatives, None without any.
        after_replicas: when a primary key that waits for its replicas is gone at the earliest; None
            for any other, and while one of them has no date.
        last_death: of a deleted key whose relatives are all deleted the last of these deletions.
        relatives_need: ids of the imported material that a living relative needs.
        resumes: while its store is disconnected, the status to which it returns.
    """

    arn: str
    status: KeyStatus = KeyStatus.UNKNOWN
    since: Known | None = None
    manager: str | None = None
    origin: str | None = None
    multi_region: bool | None = None
    is_symmetric: bool | None = None
    deletion_date: Moment | None = None
    date_latest: Moment | None = None
    materials: Materials = ()
    cause: Evidence | None = None
    root: Evidence | None = None
    lost: tuple[Evidence, ...] = ()
    lost_since: Known | None = None
    lost_root: Evidence | None = None
    schedule: Evidence | None = None
    window_days: int | None = None
    is_primary: bool | None = None
    spared: bool = False
    relatives_until: Moment | None = None
    after_replicas: Moment | None = None
    last_death: Death | None = None
    relatives_need: tuple[str | None, ...] = ()
    resumes: KeyStatus | None = None

    @property
    def is_usable(self) -> bool | None:
        """Whether it can decrypt now; None where that is unknown."""
        return None if self.status is KeyStatus.UNKNOWN else self.status in USABLE

    @property
    def is_gone(self) -> bool:
        """Whether nothing brings it back: deleted, with no living relative to replicate from.

        Source: https://docs.aws.amazon.com/kms/latest/developerguide/deleting-keys.html.
        """
        return self.status is KeyStatus.DELETED and not self.has_relatives

    @property
    def death(self) -> Death | None:
        """The deletion that took the key for good; None while something brings it back."""
        if not self.is_gone or self.since is None:
            return None
        return self.last_death or Death(since=self.since, cause=self.cause, root=self.root)

    @property
    def latest_deletion(self) -> Moment | None:
        """Until when a scheduled deletion comes at the latest; None where no date is known."""
        date = self.deletion_date if self.date_latest is None else self.date_latest
        return None if date is None else date + DELETION_SLACK

    @property
    def has_relatives(self) -> bool:
        """Whether another Region has a living key with its id and material."""
        return self.spared or self.relatives_until is not None

    @property
    def lost_after(self) -> Moment | None:
        """When nothing will bring the key back unless somebody acts before; None for never."""
        own = self.deletion_date or self.after_replicas
        if self.spared or own is None:
            return None
        return own if self.relatives_until is None else max(own, self.relatives_until)

    @property
    def key_id(self) -> str:
        """The id behind the ARN's `key/`."""
        return self.arn.rpartition("/")[2]
