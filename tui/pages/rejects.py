"""The page of `rejects`: where each stood, why it was rejected, and how it begins."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Final

from rich.text import Text

from tui.answer import Row
from tui.paint import Canvas, column, faint, plain, rendered, sheet, stacked
from tui.words import numbered

MOST: Final = 200
"""Rows that a person is shown; the other formats have all of them."""

_SHOWN: Final = 60
"""Characters of a payload that are shown."""


def paint(canvas: Canvas, rows: Iterable[Row]) -> None:
    """Paint the contract's `rejects` rows."""
    remaining = iter(rows)
    shown = list(islice(remaining, MOST))
    if not shown:
        canvas.put(plain("Nothing was rejected."))
        return
    columns = column("entry"), column("position"), column("source, reason, payload", fold=True)
    canvas.rows(rendered(_cells(shown), sheet(*columns)))
    left = sum(1 for _ in remaining)
    if left:
        canvas.remarks.append(f"{left} more rejects are not shown; --format jsonl has them all")


def _cells(rows: Iterable[Row]) -> Iterator[list[Text]]:
    for row in rows:
        payload = base64.b64decode(row["payload_base64"] or "").decode(errors="replace")
        start = payload[:_SHOWN] + ("…" if len(payload) > _SHOWN else "")
        yield [
            plain(numbered(row["entry"])),
            plain(row["position"]),
            stacked(plain(row["source"]), plain(row["reason"], "yellow"), faint(start)),
        ]
