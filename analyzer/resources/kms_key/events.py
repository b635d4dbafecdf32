"""KMS keys: what can happen to one; a closed union.

Source: https://docs.aws.amazon.com/kms/latest/developerguide/logging-using-cloudtrail.html.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

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


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyCreated:
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


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyEnabled:
    """EnableKey."""

    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyDisabled:
    """DisableKey."""

    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyDeletionScheduled:
    """ScheduleKeyDeletion; `deletion_date` is when KMS deletes at the earliest, None if unknown.

    The waiting period of a multi-Region primary key begins when its last replica is deleted.
    """

    key: str
    status: KeyStatus
    deletion_date: Moment | None
    window_days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyDeletionCancelled:
    """CancelKeyDeletion: leaves the key disabled, never enabled."""

    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyDeleted:
    """DeleteKey service event, or EventBridge's `KMS CMK Deletion`."""

    key: str
    is_native: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyMaterialImported:
    """ImportKeyMaterial; `valid_to` None means that the material does not expire."""

    key: str
    material: str | None
    valid_to: Moment | None
    is_new: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyMaterialDeleted:
    """DeleteImportedKeyMaterial."""

    key: str
    material: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyMaterialExpired:
    """DeleteExpiredKeyMaterial service event, or EventBridge's expiration event."""

    key: str
    material: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyRotated:
    """RotateKeyOnDemand or RotateKey: never harms; pending material is needed from now on."""

    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyReplicated:
    """ReplicateKey: `key` comes to be in another Region, with the id and material of `primary`.

    Imported material has to be imported again: `materials` are those that the primary needed then,
    which its own history tells.
    """

    key: str
    primary: str
    origin: str | None
    policy: str | None = None
    materials: tuple[str | None, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PrimaryMoved:
    """UpdatePrimaryRegion: `key` is a replica from now on, and `primary` the primary key."""

    key: str
    primary: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RelativeDeleted:
    """A relative of the multi-Region key was deleted; follows from that key's own history.

    `is_last` if no other relative of `key` lived on; `latest` is until when it may have been.
    """

    key: str
    replica: str
    is_last: bool
    latest: Moment | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RelativeRotated:
    """The primary key was rotated: what waited for that in `key` is needed from now on."""

    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RelativeForgot:
    """Material that waited for rotation was deleted from the primary key, and so from `key`."""

    key: str
    material: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyPolicyPut:
    """PutKeyPolicy: moves no state; `policy` is the document as written, if the record has it.

    `bypasses_check` if the call switched off KMS's guard against a policy that locks everybody out.
    """

    key: str
    policy: str | None
    bypasses_check: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyTouched:
    """A call that moves no state; its success shows that the key existed."""

    key: str
    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyServed:
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
