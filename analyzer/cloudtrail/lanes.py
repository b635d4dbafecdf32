"""Lanes: the few control records that move state lie apart from the many that only use keys."""

from __future__ import annotations

from enum import IntEnum
from functools import lru_cache
from typing import Final

_USAGE_PREFIXES: Final = ("Describe", "List", "Get", "Lookup")
_USAGE_OPERATIONS: Final = frozenset(
    {
        "Decrypt",
        "DeriveSharedSecret",
        "Encrypt",
        "GenerateDataKey",
        "GenerateDataKeyPair",
        "GenerateDataKeyPairWithoutPlaintext",
        "GenerateDataKeyWithoutPlaintext",
        "GenerateMac",
        "GenerateRandom",
        "ReEncrypt",
        "Sign",
        "Verify",
        "VerifyMac",
    }
)
CONTROLLED: Final = frozenset({"kms", "rds", "backup", "cloudtrail"})
"""Services whose events move the state of keys, databases and their evidence."""


class Lane(IntEnum):
    """Which of a segment's lanes a payload lies in: a replay inflates the control lane only."""

    CONTROL = 0
    USAGE = 1
    REJECTS = 2
    VOUCHERS = 3


@lru_cache(maxsize=4096)
def sort_event(source: str, name: str, category: str | None) -> tuple[str, Lane]:
    """Name the service of an event, and the lane in which it lies.

    An event of network activity says that a call passed an endpoint, not what became of it.
    """
    service = service_of(source)
    is_usage = (
        service not in CONTROLLED
        or category == "NetworkActivity"
        or name.startswith(_USAGE_PREFIXES)
        or (service == "kms" and name in _USAGE_OPERATIONS)
    )
    return service, Lane.USAGE if is_usage else Lane.CONTROL


def service_of(source: str) -> str:
    """Return the first label of an event source, lower case."""
    return source.split(".", 1)[0].lower()
