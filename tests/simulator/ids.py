"""Ids: everything that AWS draws at random, drawn from a seed."""

from __future__ import annotations

import random
import string
from typing import Final
from uuid import UUID

_UPPER = string.ascii_uppercase + string.digits
_ALNUM = string.ascii_letters + string.digits
_HEX = string.hexdigits[:16]
_LENGTH_OF_RESOURCE_ID: Final = 26


class Ids:
    """A source of ids: the same seed gives the same ids in the same order."""

    def __init__(self, seed: int | str) -> None:
        self.random = random.Random(seed)

    def uuid(self) -> str:
        """Draw an event, request or key id."""
        return str(UUID(int=self.random.getrandbits(128), version=4))

    def multi_region_key_id(self) -> str:
        """Draw the id of a multi-Region key."""
        return "mrk-" + self.hex(32)

    def resource_id(self, prefix: str = "db") -> str:
        """Draw an immutable RDS id: `db-` or `cluster-` and 26 capitals and digits."""
        return prefix + "-" + self._draw(_UPPER, _LENGTH_OF_RESOURCE_ID)

    def backup_id(self) -> str:
        """Draw the id behind an automated backup's ARN."""
        return "ab-" + self._draw(_UPPER, 32).lower()

    def volume_id(self) -> str:
        """Draw an EBS volume id."""
        return "vol-0" + self.hex(16)

    def hex(self, length: int = 64) -> str:
        """Draw a grant id, a material id or the like."""
        return self._draw(_HEX, length)

    def suffix(self) -> str:
        """Draw the 16 characters that end a log file's name."""
        return self._draw(_ALNUM, 16)

    def _draw(self, alphabet: str, length: int) -> str:
        return "".join(self.random.choices(alphabet, k=length))
