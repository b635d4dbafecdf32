"""The page of `undecoded`: how often each name is met, and where to look at it first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rich.text import Text

from tui.answer import Row
from tui.paint import Canvas, column, faint, plain, rendered, sheet
from tui.words import numbered


def paint(canvas: Canvas, rows: Iterable[Row]) -> None:
    """Paint the rows of `undecoded`, one line for each service and event name."""
    met: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        met.setdefault((row["service"], row["event_name"]), []).append(row)
    if not met:
        canvas.put(plain("Every sealed record is understood, or known to move nothing."))
        return
    columns = (
        column("service"), column("event", fold=True), column("records"),
        column("first"), column("last"), column("entry"),
    )  # fmt: skip
    canvas.rows(rendered(_lines(canvas, met), sheet(*columns)))


def _lines(canvas: Canvas, met: dict[tuple[str, str], list[Row]]) -> Iterator[list[Text]]:
    for (service, name), rows in sorted(met.items()):
        times = [row["event_time"] for row in rows]
        yield [
            plain(service), plain(name, "bold"), plain(len(rows)),
            canvas.when(min(times)), canvas.when(max(times)), faint(numbered(rows[0]["entry"])),
        ]  # fmt: skip
