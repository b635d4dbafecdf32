"""Encoding: text for streams that cannot show all of it."""

from __future__ import annotations

from typing import Final

_ASCII: Final = str.maketrans(
    {"●": "o", "▲": "!", "◑": "+", "◐": "~", "✖": "x", "◆": "*", "→": ">", "·": "-", "—": "-",
     "…": "~", "–": "-", "─": "-", "│": "|", "┌": "+", "└": "+", "’": "'"}
)  # fmt: skip
"""Our own symbols for a terminal that cannot show them."""


def encoded(text: str, encoding: str | None) -> bytes:
    """Encode text; what the encoding lacks becomes a likeness in ASCII, or its number."""
    encoding = encoding or "utf-8"
    try:
        return text.encode(encoding)
    except UnicodeEncodeError:
        return text.translate(_ASCII).encode(encoding, "backslashreplace")
