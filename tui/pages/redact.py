"""The page of `redact`: what is erased, what is kept; and how other pages tell of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from rich.text import Text

from tui.paint import Canvas, column, faint, plain, rendered, sheet, stacked
from tui.words import counted

Json = Mapping[str, Any]

MOST: Final = 5
"""Redactions that another command's page tells one by one."""


def paint(canvas: Canvas, document: Json) -> None:
    """Paint the document of `redact`."""
    entries = document["entries"]
    what = counted(len(entries), "payload")
    if not entries:
        canvas.put(plain("Old pages of the file are cleared.", "bold"))
    elif document["is_done"]:
        canvas.put(plain(f"{what} erased. Every proof stays.", "bold"))
    else:
        canvas.put(plain(f"{what} would be erased, for good. Nothing is changed yet.", "bold"))
    if entries:
        canvas.blank()
        columns = column("entry"), column("order"), column("what is kept of it", fold=True)
        canvas.rows(rendered(_rows(canvas, entries), sheet(*columns)))
        canvas.blank()
        canvas.paragraph(faint("reason  "), plain(document["reason"]))


def redactions(canvas: Canvas, found: Sequence[Json]) -> None:
    """Say on another command's page which records its answer cannot see."""
    for one in found[:MOST]:
        said = " ".join(filter(None, [one["event_name"], one["event_time"], one["resource"]]))
        canvas.put(
            plain(
                f"entry {one['entry']} is redacted and not taken into account: {said or '?'}",
                "yellow",
            )
        )
    if len(found) > MOST:
        canvas.put(
            plain(
                f"and {counted(len(found) - MOST, 'more redacted entry', 'more redacted entries')}",
                "yellow",
            )
        )


def _rows(canvas: Canvas, entries: Sequence[Json]) -> Iterator[list[Text]]:
    for row in entries:
        said = (
            f"{row['event_name']} on {row['resource'] or '?'}" if row["event_name"] else "nothing"
        )
        size = f"{row['kind']} of {counted(row['bytes'], 'byte')}, SHA-256 {row['sha256'][:16]}…"
        yield [
            plain(row["entry"]),
            plain("—" if row["order"] is None else row["order"]),
            stacked(plain(said), canvas.when(row["event_time"], ""), faint(size)),
        ]
