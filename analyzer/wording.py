"""Wording: people, things and lists in the short form of a sentence.

What stems from records goes in as it is; whoever shows it makes it harmless.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from analyzer.evidence import Evidence
from analyzer.place import spelled

MOST: Final = 4
"""So many names are listed; of more, the rest is counted."""


def short(arn: str) -> str:
    """Return the resource part of an ARN: `role/cleanup`, `db:orders`; other names stay whole."""
    parts = arn.split(":", 5)
    return parts[5] if parts[0] == "arn" and len(parts) == 6 else arn  # noqa: PLR2004 - parts of an ARN


def part_of(arn: str, index: int) -> str:
    """Return one part of what should be an ARN; empty where it is too short."""
    return (arn.split(":", 5) + [""] * 5)[index]


def account_of(arn: str) -> str | None:
    """Return the account in an ARN, None where there is none."""
    parts = arn.split(":", 5)
    return (parts[4] or None) if parts[0] == "arn" and len(parts) == 6 else None  # noqa: PLR2004 - the same


def who(evidence: Evidence) -> str:
    """Return the human or role to ask, in short."""
    return "nobody on record" if evidence.actor is None else short(evidence.actor)


def cited(evidence: Evidence) -> str:
    """Cite a record: what was called, by whom, and where it is sealed."""
    return f"{evidence.event_name} by {who(evidence)} (entry {spelled(evidence.entry)})"


def named(names: Sequence[str], most: int = MOST) -> str:
    """List names: `a`, `a and b`, `a, b, c, d and 7 more`."""
    shown, left = list(names[:most]), len(names) - most
    if left > 0:
        return f"{', '.join(shown)} and {left} more"
    return " and ".join([", ".join(shown[:-1]), shown[-1]] if len(shown) > 1 else shown)


def counted(count: int, noun: str) -> str:
    """Spell a count with its noun: `1 key`, `3 keys`."""
    return f"{count} {noun if count == 1 else noun + 's'}"
