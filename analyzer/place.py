"""Places: by which numbers entries are told apart where several ledgers are asked as one.

A ledger that is asked alone numbers its entries from 0. In a fleet, entry 17 of shard 3 has the
number 3000000000017: whole numbers, so that they sort, join and travel like those of one ledger. A
person reads and writes `3#17`.
"""

from __future__ import annotations

import re
from typing import Final

APART: Final = 10**12
"""So far lie the numbers of two shards' entries apart: no ledger has as many."""

_SPELLED = re.compile(r"(\d{1,6})?#(\d{1,12})\Z", re.ASCII)


def base_of(shard: int) -> int:
    """Return the number of the first entry of a shard; shards are counted from 1."""
    return shard * APART


def split(number: int) -> tuple[int, int]:
    """Return the shard and the index in its ledger; shard 0 where a ledger is asked alone."""
    return divmod(number, APART) if number >= 0 else (0, number)


def spelled(number: int) -> str:
    """Spell a number for a person: `17`, or in a fleet `3#17`."""
    shard, index = split(number)
    return f"{shard}#{index}" if shard else str(index)


def parse(written: str) -> int | None:
    """Read `#17` or `3#17`; None where it is neither."""
    match = _SPELLED.match(written.strip())
    return None if match is None else base_of(int(match[1] or 0)) + int(match[2])
