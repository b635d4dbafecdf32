"""The page of `diff`: what changed between two moments, the old value beside the new one."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

from rich.text import Text

from tui import people
from tui.pages import scope
from tui.paint import Canvas, column, faint, joined, plain, rendered, sheet, spoken, stacked
from tui.words import CONDITIONS, VERDICTS, numbered, status_lines

Json = Mapping[str, Any]

Told = Callable[[Canvas, Json], Iterator[Text]]
"""Tells one side of a difference, a line for each thing."""

SEAM: Final = 24
"""Columns of a database status, which breaks in the middle."""


def paint(canvas: Canvas, document: Json) -> None:
    """Paint the `diff` document."""
    span = f"from {canvas.clock(document['from'])} to {canvas.clock(document['to'])}"
    scope.paint(canvas, document, span)
    if not any(document[kind] for kind in ("keys", "databases", "copies")):
        canvas.paragraph("Nothing changed between these moments.")
    _part(canvas, "Keys", document["keys"], _key)
    _part(canvas, "Databases", document["databases"], _database)
    _part(canvas, "Copies", document["copies"], _copy)


def _part(canvas: Canvas, title: str, rows: Sequence[Json], told: Told) -> None:
    if not rows:
        return
    canvas.title(title, aside=str(len(rows)))
    columns = column("what", fold=True), column("before", fold=True), column("after", fold=True)
    canvas.rows(rendered(_rows(canvas, rows, told), sheet(*columns)))


def _rows(canvas: Canvas, rows: Sequence[Json], told: Told) -> Iterator[list[Text]]:
    for row in rows:
        cause = row["cause"]
        by = f"{cause['event_name']} by {people.actor(cause)}" if cause else None
        when = f"{canvas.clock(cause['event_time'])}  {numbered(cause['entry'])}" if cause else None
        own = people.name(row["resource"])
        name, aside = (people.name(row["database"]), own) if "database" in row else (own, None)
        yield [
            stacked(
                plain(name, "bold"),
                *(faint(line) for line in (aside, by, when) if line is not None),
            ),
            _side(canvas, row["before"], told),
            _side(canvas, row["after"], told),
        ]


def _side(canvas: Canvas, side: Json | None, told: Told) -> Text:
    return faint("not there") if side is None else stacked(*told(canvas, side))


def _key(canvas: Canvas, side: Json) -> Iterator[Text]:
    yield plain(side["state"])
    if side["state"] in {"PendingDeletion", "PendingReplicaDeletion"} and side["deletion_date"]:
        yield faint(f"deletion due {canvas.clock(side['deletion_date'])}")
    yield from (faint(alias) for alias in side["aliases"])


def _database(canvas: Canvas, side: Json) -> Iterator[Text]:
    yield spoken(VERDICTS[side["verdict"]])
    yield from (plain(line) for line in status_lines(side["status"], SEAM))
    if side["unrecoverable_since"]:
        yield faint(f"since {canvas.clock(side['unrecoverable_since'])}")
    elif side["recoverable_until"]:
        yield faint(f"until {canvas.clock(side['recoverable_until'])}")


def _copy(canvas: Canvas, side: Json) -> Iterator[Text]:
    del canvas
    yield joined(spoken(CONDITIONS[side["condition"]]), " ", side["kind"])
