"""Report: what an audit found, as values."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from ledger.checkpoint import Checkpoint
from ledger.hashing import Digest

MAX_BREAKS: Final = 100
"""Breaks that a report lists; it says how many there are beyond."""


class Outcome(StrEnum):
    """The three outcomes of an audit."""

    INTACT = "intact"
    """Everything in scope was checked, and holds."""
    BROKEN = "broken"
    """Something contradicts something."""
    INCOMPLETE = "incomplete"
    """There was nothing to check, or something in scope could not be checked."""


class BreakKind(StrEnum):
    """What is broken."""

    PAYLOAD = "payload"
    """An entry's bytes or header do not hash to its leaf, or cannot be read."""
    LINK = "link"
    """A stored leaf is not what the chain gives: leaves were edited, not entries."""
    GAP = "gap"
    """Entries are missing with others behind them."""
    ORDER = "order"
    """Entries lie where others were sealed."""
    ROOT = "root"
    """A stored node, or a checkpoint's root, is not what the leaves give."""
    TRUNCATED = "truncated"
    """The ledger was longer once: tiles or checkpoints say so."""
    SCHEMA = "schema"
    """Tables or guards are not those that a ledger has."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Break:
    """One contradiction.

    Attributes:
        index: the first entry that it concerns; None where it concerns no entry.
        kind: what is broken.
        detail: a sentence for a person; no log content.
    """

    index: int | None
    kind: BreakKind
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A checkpoint that was kept elsewhere, and what came of it.

    Attributes:
        checkpoint: as it was kept.
        extends: whether the ledger extends it; None where damage keeps that from being said.
    """

    checkpoint: Checkpoint
    extends: bool | None

    def document(self) -> dict[str, Any]:
        """Return it as a JSON object."""
        return {
            "origin": self.checkpoint.origin,
            "size": self.checkpoint.size,
            "root": self.checkpoint.root.hex(),
            "extends": self.extends,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditReport:
    """What an audit found.

    Attributes:
        outcome: the answer.
        size: entries that the ledger holds.
        root: of the tree over what was checked; None where damage keeps it from being computed.
        link: leaf of the last entry; None likewise.
        checked: first and last index that were gone through; None where there are no entries.
        breaks: lowest index first, those without an index last; at most `MAX_BREAKS`.
        more_breaks: how many are not listed.
        checkpoints_checked: stored checkpoints that were compared.
        checkpoints_failed: those that do not fit.
        checkpoints_signed: those with a signature by the ledger's key that holds.
        kept: what came of a checkpoint that was kept elsewhere; None where there was none.
        redacted: entries whose payloads were erased by orders that were sealed.
        sqlite_version: the SQLite that read the file.
        notes: what else a person should know; nothing here is a break.
    """

    outcome: Outcome
    size: int
    root: Digest | None
    link: Digest | None
    checked: tuple[int, int] | None
    breaks: tuple[Break, ...]
    more_breaks: int
    checkpoints_checked: int
    checkpoints_failed: int
    checkpoints_signed: int
    kept: Kept | None
    redacted: tuple[int, ...]
    sqlite_version: str
    notes: tuple[str, ...]

    def document(self) -> dict[str, Any]:
        """The report as a JSON object, in the shape of `keyledger audit`."""
        return {
            "outcome": self.outcome.value,
            "size": self.size,
            "root": self.root.hex() if self.root is not None else None,
            "link": self.link.hex() if self.link is not None else None,
            "checked": list(self.checked) if self.checked is not None else None,
            "breaks": [
                {"index": found.index, "kind": found.kind.value, "detail": found.detail}
                for found in self.breaks
            ],
            "more_breaks": self.more_breaks,
            "checkpoints": {
                "checked": self.checkpoints_checked,
                "failed": self.checkpoints_failed,
                "signed": self.checkpoints_signed,
            },
            "against": None if self.kept is None else self.kept.document(),
            "redacted": {"payloads": len(self.redacted), "entries": list(self.redacted)},
            "sqlite": self.sqlite_version,
            "notes": list(self.notes),
        }


def first_first(breaks: Iterable[Break]) -> list[Break]:
    """Order breaks: lowest index first, those without an index last; else as found."""
    return sorted(breaks, key=lambda found: (found.index is None, found.index or 0))
