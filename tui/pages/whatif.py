"""The page of `whatif`: what was imagined, and which verdicts would be others."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from rich.text import Text

from tui import people
from tui.pages import scope
from tui.paint import Canvas, column, faint, joined, plain, rendered, sheet, spoken, stacked
from tui.words import VERDICTS, numbered, status_lines

Json = Mapping[str, Any]

SEAM: Final = 24
"""Columns of a database status, which breaks in the middle."""

PARTS: Final = (
    ("skipped", "Crossed out"),
    ("added", "Put in"),
    ("dropped", "Dropped, because it could not have come"),
)


def paint(canvas: Canvas, document: Json) -> None:
    """Paint the contract's `whatif` document."""
    scope.paint(canvas, document, f"at {canvas.clock(document['at'])}")
    canvas.blank()
    count = len(document["changes"])
    canvas.paragraph(
        plain("No verdict would change." if not count else "This would change:", "bold")
    )
    if count:
        titles = column("database", fold=True), column("as it is", fold=True), column(
            "as it would be", fold=True
        )  # fmt: skip
        canvas.rows(rendered(_changes(canvas, document["changes"]), sheet(*titles)), 2)
    for name, title in PARTS:
        if document[name]:
            canvas.title(title, aside=str(len(document[name])))
            columns = column("when"), column("event"), column("who", fold=True), column("entry")
            canvas.rows(rendered(_events(canvas, document[name]), sheet(*columns)), 2)
    if document["notes"]:
        canvas.title("Notes")
        for note in document["notes"]:
            canvas.paragraph(joined("·  ", note), indent=2)


def _changes(canvas: Canvas, changes: Sequence[Json]) -> Iterator[list[Text]]:
    for change in changes:
        yield [
            plain(people.name(change["database"]), "bold"),
            _side(canvas, change["baseline"]),
            _side(canvas, change["hypothetical"]),
        ]


def _side(canvas: Canvas, side: Json | None) -> Text:
    if side is None:
        return faint("not there")
    limit = None
    if side["doubt"]:
        limit = faint(f"seen: {VERDICTS[side['doubt']['seen']].text}")
    elif side["unrecoverable_since"]:
        limit = faint(f"since {canvas.clock(side['unrecoverable_since'])}")
    elif side["recoverable_until"]:
        limit = faint(f"until {canvas.clock(side['recoverable_until'])}")
    status = [plain(line) for line in status_lines(side["status"], SEAM)]
    return stacked(spoken(VERDICTS[side["verdict"]]), limit, *status)


def _events(canvas: Canvas, events: Sequence[Json]) -> Iterator[list[Text]]:
    for event in events:
        where = "imagined" if event["entry"] is None else numbered(event["entry"])
        who = "—" if event["entry"] is None and not event["actor"] else people.actor(event)
        yield [
            canvas.when(event["event_time"]), plain(event["event_name"], "bold"),
            plain(who), faint(where),
        ]  # fmt: skip
