"""What tests of redaction share."""

from __future__ import annotations

import random
from typing import Any, Final

from tests.ledger_support import records

SECRET: Final = random.Random(7).randbytes(3000).hex().encode()
"""What zstd can only keep as it is, or as half as many bytes."""

HELD: Final = 12
"""The entry that holds it; its lane, and so its frame, is shared with others."""


def batch() -> list[Any]:
    """Return candidates, one of them with the secret in it."""
    found = records(40)
    found[HELD] = found[HELD]._replace(payload=found[HELD].payload + SECRET)
    return found
