"""KMS keys: from records to events.

Source: https://docs.aws.amazon.com/kms/latest/developerguide/logging-using-cloudtrail.html.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from analyzer import moment
from analyzer.moment import DAY
from analyzer.record import Members, Record, arn, flag, members, number, text
from analyzer.resource import Decoder
from analyzer.resources.kms_key.events import (
    DEFAULT_WINDOW_DAYS,
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
    KeyPolicyPut,
    KeyReplicated,
    KeyRotated,
    KeyStatus,
    KeyTouched,
    PrimaryMoved,
)

# Decoding: resources[].ARN first, then responseElements, serviceEventDetails, requestParameters
# (logging-using-cloudtrail.html; published samples leave each of them out at times).


def key_arn(record: Record) -> str | None:
    """Return the ARN of the key that *record* speaks of, or None where only an alias names it."""
    named: list[str] = []
    for candidate in _named(record):
        if not candidate:
            continue
        if candidate.startswith("arn:") and ":key/" in candidate:
            return candidate  # nearly always the first
        named.append(candidate)
    for candidate in named:
        if not candidate.startswith(("arn:", "alias/")):
            return arn(record.region, "kms", record.region, record.account, f"key/{candidate}")
    return None


def _named(record: Record) -> Iterator[str | None]:
    yield from record.resource_arns
    yield text(members(record.response, "keyMetadata"), "arn")
    yield text(record.response, "keyId")
    yield text(record.details, "keyId")
    yield text(record.request, "keyId")
    yield text(members(record.body, "detail"), "key-id")


def in_region(key: str, region: str) -> str:
    """Return the ARN of a multi-Region key's relative in another Region."""
    parts = key.split(":")
    return ":".join([*parts[:3], region, *parts[4:]])


def _created(record: Record) -> KeyCreated | None:
    key = key_arn(record)
    if key is None:
        return None
    about = members(record.response, "keyMetadata")
    origin = text(about, "origin") or text(record.request, "origin") or "AWS_KMS"
    stated = text(about, "keyState")
    pending = origin == "EXTERNAL"
    return KeyCreated(
        key=key,
        status=_status(stated, KeyStatus.PENDING_IMPORT if pending else KeyStatus.ENABLED),
        manager=text(about, "keyManager") or "CUSTOMER",
        origin=origin,
        multi_region=flag(about, "multiRegion") or flag(record.request, "multiRegion") or False,
        usage=text(about, "keyUsage") or text(record.request, "keyUsage"),
        store=text(about, "customKeyStoreId") or text(record.request, "customKeyStoreId"),
        spec=text(about, "keySpec", "customerMasterKeySpec")
        or text(record.request, "keySpec", "customerMasterKeySpec"),
        policy=text(record.request, "policy"),
        is_primary=_is_primary(about),
    )


def _is_primary(about: Members) -> bool | None:
    kind = text(members(about, "multiRegionConfiguration"), "multiRegionKeyType")
    return None if kind is None else kind == "PRIMARY"


def _scheduled(record: Record) -> KeyDeletionScheduled | None:
    key = key_arn(record)
    if key is None:
        return None
    status = _status(text(record.response, "keyState"), KeyStatus.PENDING_DELETION)
    days = (
        number(record.response, "pendingWindowInDays")
        or number(record.request, "pendingWindowInDays")
        or DEFAULT_WINDOW_DAYS
    )
    date = moment.parse_aws(record.response.get("deletionDate"))
    if date is None and status is KeyStatus.PENDING_DELETION:
        date = record.evidence.time + days * DAY
    return KeyDeletionScheduled(key=key, status=status, deletion_date=date, window_days=days)


def _replicated(record: Record) -> KeyReplicated | None:
    about = members(record.response, "replicaKeyMetadata")
    key, primary = text(about, "arn"), key_arn(record)
    region = text(record.request, "replicaRegion")
    if key is None and primary is not None and region is not None:
        key = in_region(primary, region)
    if key is None or primary is None:
        return None
    return KeyReplicated(
        key=key,
        primary=primary,
        origin=text(about, "origin"),
        policy=text(record.response, "replicaPolicy") or text(record.request, "policy"),
    )


def _primary_moved(record: Record) -> PrimaryMoved | None:
    """Read either of the two records: in the Region of the old primary key and of the new one."""
    key, region = key_arn(record), text(record.request, "primaryRegion")
    if key is None or region is None:
        return None
    return PrimaryMoved(key=key, primary=in_region(key, region))


def _imports(record: Record) -> KeyMaterialImported | None:
    key = key_arn(record)
    if key is None:
        return None
    expires = text(record.request, "expirationModel") != "KEY_MATERIAL_DOES_NOT_EXPIRE"
    valid_to = moment.parse_aws(record.request.get("validTo")) if expires else None
    material = text(record.response, "keyMaterialId") or text(record.request, "keyMaterialId")
    return KeyMaterialImported(
        key=key,
        material=material,
        valid_to=valid_to,
        is_new=text(record.request, "importType") == "NEW_KEY_MATERIAL",
    )


def _deleted_material(record: Record) -> KeyMaterialDeleted | None:
    key = key_arn(record)
    material = text(record.response, "keyMaterialId") or text(record.request, "keyMaterialId")
    return None if key is None else KeyMaterialDeleted(key=key, material=material)


def _expired_material(record: Record) -> KeyMaterialExpired | None:
    key = key_arn(record)
    material = text(record.details, "keyMaterialId")
    return None if key is None else KeyMaterialExpired(key=key, material=material)


def _deleted(record: Record) -> KeyDeleted | None:
    key = key_arn(record)
    native = record.name != "DeleteKey"
    return None if key is None else KeyDeleted(key=key, is_native=native)


def _policy_put(record: Record) -> KeyPolicyPut | None:
    key = key_arn(record)
    if key is None:
        return None
    return KeyPolicyPut(
        key=key,
        policy=text(record.request, "policy"),
        bypasses_check=flag(record.request, "bypassPolicyLockoutSafetyCheck") or False,
    )


def _touched(record: Record) -> KeyTouched | None:
    key = key_arn(record)
    return None if key is None else KeyTouched(key=key, what=record.name)


def _plain(
    event: type[KeyEnabled | KeyDisabled | KeyDeletionCancelled | KeyRotated],
) -> Decoder:
    """Return the decoder of an event that says nothing but which key it is about."""

    def decode(record: Record) -> KeyEvent | None:
        key = key_arn(record)
        return None if key is None else event(key=key)

    return decode


def _status(stated: str | None, expected: KeyStatus) -> KeyStatus:
    try:
        return KeyStatus(stated) if stated else expected
    except ValueError:
        return expected


DECODERS: Final[Mapping[tuple[str, str], Decoder]] = {
    ("kms", "CreateKey"): _created,
    ("kms", "EnableKey"): _plain(KeyEnabled),
    ("kms", "DisableKey"): _plain(KeyDisabled),
    ("kms", "ScheduleKeyDeletion"): _scheduled,
    ("kms", "CancelKeyDeletion"): _plain(KeyDeletionCancelled),
    ("kms", "DeleteKey"): _deleted,
    ("kms", "KMS CMK Deletion"): _deleted,
    ("kms", "ImportKeyMaterial"): _imports,
    ("kms", "DeleteImportedKeyMaterial"): _deleted_material,
    ("kms", "DeleteExpiredKeyMaterial"): _expired_material,
    ("kms", "KMS Imported Key Material Expiration"): _expired_material,
    ("kms", "ReplicateKey"): _replicated,
    ("kms", "UpdatePrimaryRegion"): _primary_moved,
    ("kms", "SynchronizeMultiRegionKey"): _touched,
    ("kms", "PutKeyPolicy"): _policy_put,
    ("kms", "EnableKeyRotation"): _touched,
    ("kms", "DisableKeyRotation"): _touched,
    ("kms", "RotateKeyOnDemand"): _plain(KeyRotated),
    ("kms", "RotateKey"): _plain(KeyRotated),
    ("kms", "KMS CMK Rotation"): _plain(KeyRotated),
    ("kms", "TagResource"): _touched,
    ("kms", "UntagResource"): _touched,
    ("kms", "UpdateKeyDescription"): _touched,
}
