"""Faults: what the services answer to a call that they refuse."""

from __future__ import annotations

from typing import Final, NamedTuple


class Fault(NamedTuple):
    """`errorCode` and `errorMessage` of a record; a plain pair of strings does as well."""

    code: str
    message: str


ACCESS_DENIED: Final = Fault("AccessDenied", "The caller is not authorized to perform this action.")
DRY_RUN: Final = Fault("DryRunOperationException", "The request would have succeeded.")
KEY_NOT_ACCESSIBLE: Final = Fault(
    "KMSKeyNotAccessibleFault", "The KMS key of the resource cannot be used at the moment."
)
INCORRECT_MATERIAL: Final = Fault(
    "IncorrectKeyMaterialException", "The key material is not the one imported before."
)
THROTTLED: Final = Fault("ThrottlingException", "Rate exceeded")


def key_disabled(arn: str) -> Fault:
    """Return what a cryptographic call meets on a disabled key."""
    return Fault("DisabledException", f"{arn} is disabled.")


def key_pending_deletion(arn: str) -> Fault:
    """Return what most management calls meet on a key that is pending deletion."""
    return Fault("KMSInvalidStateException", f"{arn} is pending deletion.")


def key_pending_import(arn: str) -> Fault:
    """Return what a cryptographic call meets on a key without its material."""
    return Fault("KMSInvalidStateException", f"{arn} is pending import.")


def key_not_pending_deletion(arn: str) -> Fault:
    """Return what CancelKeyDeletion meets on a key that nobody has scheduled."""
    return Fault("KMSInvalidStateException", f"{arn} is not pending deletion.")


def key_not_found(arn: str) -> Fault:
    """Return what every call meets on a deleted key."""
    return Fault("NotFoundException", f"Key '{arn}' does not exist")


def unsupported_on_aws_managed(arn: str) -> Fault:
    """Return what a management call meets on a key that AWS manages."""
    return Fault("UnsupportedOperationException", f"{arn} is managed by AWS.")


def invalid_db_instance_state(name: str, status: str) -> Fault:
    """Return what a call meets on a DB instance in a status that does not allow it."""
    return Fault(
        "InvalidDBInstanceStateFault",
        f"DB instance {name} is in status {status}, not in a fit one.",
    )


def db_snapshot_not_found(name: str) -> Fault:
    """Return what a call meets on a snapshot that is not there."""
    return Fault("DBSnapshotNotFoundFault", f"DBSnapshot {name} not found")
