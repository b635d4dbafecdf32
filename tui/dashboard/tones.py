"""Tones: what a colour means here; never alone, always beside a symbol or a word."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from tui.dashboard.line import Piece
from tui.words import VERDICTS, key_word

TONES: Final = (
    "strong", "faint", "good", "warn", "info", "act", "bad", "accent", "struck", "good strong",
    "warn strong", "info strong", "act strong", "bad strong", "accent strong",
)  # fmt: skip
"""Every tone that a piece may have; beside the plain one."""

OF_VERDICT: Final[Mapping[str, str]] = {
    "healthy": "good",
    "at-risk": "warn",
    "recoverable": "info",
    "recoverable-with-action": "act",
    "unrecoverable": "bad",
    "unknown": "faint",
}

OF_CONDITION: Final[Mapping[str, str]] = {
    "usable": "good",
    "latent": "act",
    "dead": "bad",
    "gone": "bad",
    "unknown": "faint",
}

OF_GRAVITY: Final = ("good", "faint", "warn", "bad")
"""By the number of a mark's gravity: good, small, high, critical."""

ABSENT: Final = Piece("·", "faint")
"""The symbol of what does not exist at the moment."""


def verdict_symbol(verdict: str | None) -> Piece:
    """Return a verdict's symbol in its tone; None is a thing that does not exist."""
    if verdict is None:
        return ABSENT
    return Piece(VERDICTS[verdict].symbol, OF_VERDICT[verdict])


def verdict_word(verdict: str | None, *, strong: bool = False) -> Piece:
    """Return a verdict in plain words in its tone."""
    if verdict is None:
        return Piece("not there", "faint")
    tone = OF_VERDICT[verdict]
    return Piece(VERDICTS[verdict].text, f"{tone} strong" if strong and tone != "faint" else tone)


def key_symbol(row: Mapping[str, Any] | None) -> Piece:
    """Return the symbol of a key by its row of `state`."""
    if row is None:
        return ABSENT
    return Piece(key_word(row["state"], usable=row["usable"]).symbol, key_tone(row))


def key_tone(row: Mapping[str, Any]) -> str:
    """Return the tone of a key by its row of `state`."""
    if row["usable"] is None:
        return "faint"
    if row["usable"]:
        return "good"
    return "bad" if row["state"] == "Deleted" else "warn"


def row_symbol(row: Mapping[str, Any] | None) -> Piece:
    """Return the symbol of a row of `state`, whether of a key or of a database."""
    if row is None or "verdict" in row:
        return verdict_symbol(None if row is None else row["verdict"])
    return key_symbol(row)
