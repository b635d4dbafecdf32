"""KMS keys: what can happen to one; a closed union.

Source: https://docs.aws.amazon.com/kms/latest/developerguide/logging-using-cloudtrail.html.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from analyzer.frozen import Frozen
from analyzer.moment import Moment


class KeyStatus(StrEnum):
    """AWS's `KeyState` literals, with `Deleted` and `Unknown` added."""

    CREATING = "Creating"
    ENABLED = "Enabled"
    DISABLED = "Disabled"
    PENDING_DELETION = "PendingDeletion"
    PENDING_REPLICA_DELETION = "PendingReplicaDeletion"
    PENDING_IMPORT = "PendingImport"
    UNAVAILABLE = "Unavailable"
    UPDATING = "Updating"
    DELETED = "Deleted"
    UNKNOWN = "Unknown"


DEFAULT_WINDOW_DAYS: Final = 30
"""PendingWindowInDays when a request names none (API_ScheduleKeyDeletion.html)."""


class KeyCreated(Frozen, frozen=True, kw_only=True):
    """CreateKey; `policy` is the document as written, None where the call named none.

    `is_primary` tells multi-Region keys apart, None for any other and where the record is silent.
    """

    key: str
    status: KeyStatus
    manager: str | None
    origin: str | None
    multi_region: bool | None
    usage: str | None
    store: str | None
    spec: str | None = None
    policy: str | None = None
    is_primary: bool | None = None


class KeyEnabled(Frozen, frozen=True, kw_only=True):
    """EnableKey."""

    key: str


class KeyDisabled(Frozen, frozen=True, kw_only=True):
    """DisableKey."""

    key: str


class KeyDeletionScheduled(Frozen, frozen=True, kw_only=True):
    """ScheduleKeyDeletion; `deletion_date` is when KMS deletes at the earliest, None if unknown.

    The waiting period of a multi-Region primary key begins when its last replica is deleted.
    """

    key: str
    status: KeyStatus
    deletion_date: Moment | None
    window_days: int


class KeyDeletionCancelled(Frozen, frozen=True, kw_only=True):
    """CancelKeyDeletion: leaves the key disabled, never enabled."""

    key: str


class KeyDeleted(Frozen, frozen=True, kw_only=True):
    """DeleteKey service event, or EventBridge's `KMS CMK Deletion`."""

    key: str
    is_native: bool


class KeyMaterialImported(Frozen, frozen=True, kw_only=True):
    """ImportKeyMaterial; `valid_to` None means that the material does not expire."""

    key: str
    material: str | None
    valid_to: Moment | None
    is_new: bool


class KeyMaterialDeleted(Frozen, frozen=True, kw_only=True):
    """DeleteImportedKeyMaterial."""

    key: str
    material: str | None


class KeyMaterialExpired(Frozen, frozen=True, kw_only=True):
    """DeleteExpiredKeyMaterial service event, or EventBridge's expiration event."""

    key: str
    material: str | None


class KeyRotated(Frozen, frozen=True, kw_only=True):
    """RotateKeyOnDemand or RotateKey: never harms; pending material is needed from now on."""

    key: str


class KeyReplicated(Frozen, frozen=True, kw_only=True):
    """ReplicateKey: `key` comes to be in another Region, with the id and material of `primary`.

    Imported material has to be imported again: `materials` are those that the primary needed then,
    which its own history tells.
    """

    key: str
    primary: str
    origin: str | None
    policy: str | None = None
    materials: tuple[str | None, ...] = ()


class PrimaryMoved(Frozen, frozen=True, kw_only=True):
    """UpdatePrimaryRegion: `key` is a replica from now on, and `primary` the primary key."""

    key: str
    primary: str


class RelativeDeleted(Frozen, frozen=True, kw_only=True):
    """A relative of the multi-Region key was deleted; follows from that key's own history.

    `is_last` if no other relative of `key` lived on; `latest` is until when it may have been.
    """

    key: str
    replica: str
    is_last: bool
    latest: Moment | None


class RelativeRotated(Frozen, frozen=True, kw_only=True):
    """The primary key was rotated: what waited for that in `key` is needed from now on."""

    key: str


class RelativeForgot(Frozen, frozen=True, kw_only=True):
    """Material that waited for rotation was deleted from the primary key, and so from `key`."""

    key: str
    material: str | None


class KeyPolicyPut(Frozen, frozen=True, kw_only=True):
    """PutKeyPolicy: moves no state; `policy` is the document as written, if the record has it.

    `bypasses_check` if the call switched off KMS's guard against a policy that locks everybody out.
    """

    key: str
    policy: str | None
    bypasses_check: bool


class KeyTouched(Frozen, frozen=True, kw_only=True):
    """A call that moves no state; its success shows that the key existed."""

    key: str
    what: str


class KeyServed(Frozen, frozen=True, kw_only=True):
    """A database call that only works with a usable key succeeded with this one.

    `manager` is `AWS` where the request named no key, so that RDS took its default key.
    """

    key: str
    manager: str | None


MaterialEvent = KeyMaterialImported | KeyMaterialDeleted | KeyMaterialExpired | KeyRotated
"""What moves the material that a key of origin EXTERNAL holds."""

RelativeEvent = RelativeDeleted | RelativeRotated | RelativeForgot
"""What a multi-Region key meets because of a relative; no record of its own tells of it."""

FamilyEvent = KeyReplicated | PrimaryMoved | RelativeEvent
"""What happens among multi-Region keys."""

KeyEvent = (
    KeyCreated
    | KeyEnabled
    | KeyDisabled
    | KeyDeletionScheduled
    | KeyDeletionCancelled
    | KeyDeleted
    | MaterialEvent
    | FamilyEvent
    | KeyPolicyPut
    | KeyTouched
    | KeyServed
)
