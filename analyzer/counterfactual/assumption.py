"""Assumptions: calls that nobody made, as a person types them, and as the record of each.

Sources: https://docs.aws.amazon.com/kms/latest/APIReference/API_ScheduleKeyDeletion.html (seven to
thirty days, thirty by default), and the records in
https://docs.aws.amazon.com/kms/latest/developerguide/logging-using-cloudtrail.html.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any, Final

from analyzer import moment
from analyzer.errors import UnreadableAssumptionError
from analyzer.moment import DAY, Moment
from analyzer.resources.kms_key.events import DEFAULT_WINDOW_DAYS, KeyStatus
from analyzer.resources.kms_key.state import KeyState

OPERATIONS: Final = (
    "DisableKey",
    "EnableKey",
    "ScheduleKeyDeletion",
    "CancelKeyDeletion",
    "DeleteKey",
    "DeleteImportedKeyMaterial",
)
"""What can be assumed."""

FORMS: Final = (
    f"{'|'.join(OPERATIONS)} KEY @ TIME",
    "ScheduleKeyDeletion KEY 7d @ TIME",
)
"""The accepted forms."""

_FORM: Final = re.compile(r"\s*(\w+)\s+(\S+)(?:\s+(\d{1,4})d)?\s*@\s*(\S.*?)\s*\Z", re.ASCII)
_WINDOW: Final = range(7, DEFAULT_WINDOW_DAYS + 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Assumption:
    """One call that is assumed.

    Attributes:
        operation: one of `OPERATIONS`.
        key: as typed: ARN, id or alias.
        time: as typed.
        days: the waiting period of ScheduleKeyDeletion.
    """

    operation: str
    key: str
    time: str
    days: int = DEFAULT_WINDOW_DAYS


def parse(written: str) -> Assumption:
    """Read an assumption; raises UnreadableAssumptionError."""
    match = _FORM.match(written)
    if match is None:
        raise UnreadableAssumptionError(written, "", FORMS)
    operation, key, days, time = match.groups()
    if operation not in OPERATIONS:
        raise UnreadableAssumptionError(written, f"{operation} cannot be assumed", FORMS)
    if days is None:
        return Assumption(operation=operation, key=key, time=time)
    if operation != "ScheduleKeyDeletion":
        raise UnreadableAssumptionError(written, f"{operation} has no waiting period", FORMS)
    if int(days) not in _WINDOW:
        limits = f"AWS takes a waiting period of {_WINDOW[0]} to {_WINDOW[-1]} days"
        raise UnreadableAssumptionError(written, limits, FORMS)
    return Assumption(operation=operation, key=key, time=time, days=int(days))


def payload(
    assumption: Assumption, number: int, at: Moment, arn: str, state: KeyState | None
) -> bytes:
    """Return the record that CloudTrail would have delivered of a call.

    Args:
        assumption: the call.
        number: tells several apart; it ends the event id.
        at: when.
        arn: the key that is meant.
        state: that of the key at that moment.
    """
    _, _, _, region, account, _ = arn.split(":", 5)
    body: dict[str, Any] = {
        "eventVersion": "1.11",
        "eventTime": moment.text(at),
        "eventSource": "kms.amazonaws.com",
        "eventName": assumption.operation,
        "awsRegion": region,
        "eventID": f"assumed-{number}",
        "recipientAccountId": account,
        "requestParameters": {"keyId": arn},
        "responseElements": {"keyId": arn},
        "resources": [{"accountId": account, "type": "AWS::KMS::Key", "ARN": arn}],
    }
    if assumption.operation == "ScheduleKeyDeletion":
        waits = state is not None and state.is_primary and state.has_relatives
        body["requestParameters"]["pendingWindowInDays"] = assumption.days
        body["responseElements"] |= {
            "keyState": (
                KeyStatus.PENDING_REPLICA_DELETION if waits else KeyStatus.PENDING_DELETION
            ).value,
            "deletionDate": None if waits else moment.text(at + assumption.days * DAY),
        }
    return json.dumps(body).encode()
