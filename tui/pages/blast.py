"""The page of `blast`: what would become of each database if the key were lost at that moment."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, Final

from rich.text import Text

from tui import people
from tui.pages import copies, scope
from tui.paint import Canvas, column, faint, joined, plain, rendered, sheet, spoken, stacked, symbol
from tui.words import VERDICTS, counted, duration, numbered

Json = Mapping[str, Any]

SURVIVORS: Final = 3
"""Surviving copies that are named; the others are counted."""


def paint(canvas: Canvas, document: Json) -> None:
    """Paint the contract's `blast` document."""
    where = " ".join(people.place(document["key"]))
    canvas.put(plain(f"key {people.name(document['key'])}", "bold"))
    scope.paint(canvas, document, where, f"at {canvas.clock(document['at'])}")
    canvas.blank()
    canvas.paragraph(_summary(document))
    canvas.paragraph(_last_used(canvas, document["last_used"]))
    if document["databases"]:
        canvas.title("If the key were lost at that moment")
        columns = column(), column("database", fold=True), column("what would be", fold=True)
        canvas.rows(rendered(_rows(canvas, document), sheet(*columns)), 2)
    if document["snapshots"]:
        canvas.title("Copies under this key that live apart from their database")
        canvas.rows(copies.table(canvas, document["snapshots"], document["key"]), 2)


def _summary(document: Json) -> Text:
    rows = document["databases"]
    if not rows:
        return plain("No database hangs on this key at that moment.", "bold")
    then = Counter(row["if_lost"]["verdict"] for row in rows)
    told = ", ".join(f"{then[word]} {VERDICTS[word].text}" for word in VERDICTS if then[word])
    hang = "hangs" if len(rows) == 1 else "hang"
    return joined(
        plain(f"{counted(len(rows), 'database')} {hang} on this key", "bold"),
        f"; without it: {told}.",
    )


def _last_used(canvas: Canvas, used: Json | None) -> Text:
    if used is None:
        return faint("No successful use of it is on record.")
    when = f"Last used at {canvas.clock(used['event_time'])}"
    return faint(f"{when}: {used['event_name']} by {people.actor(used)}  {numbered(used['entry'])}")


def _rows(canvas: Canvas, document: Json) -> Iterator[list[Text]]:
    for row in document["databases"]:
        now, lost = VERDICTS[row["verdict"]], row["if_lost"]
        then = VERDICTS[lost["verdict"]]
        name = stacked(plain(people.name(row["database"]), "bold"), _place(row, document))
        moved = joined(spoken(now), " → ", spoken(then)) if now != then else spoken(then)
        doubt = lost["doubt"]
        seen = (
            faint(f"seen: {VERDICTS[doubt['seen']].text}, but a shard is lost") if doubt else None
        )
        yield [symbol(then), name, stacked(moved, seen, *_left(canvas, lost))]


def _place(row: Json, document: Json) -> Text | None:
    """Name the place of a database that lies elsewhere than the key."""
    place = people.place(row["database"])
    return faint(" ".join(place)) if place != people.place(document["key"]) else None


def _left(canvas: Canvas, lost: Json) -> Iterator[Text]:
    """Name what would be left, and how much of the data would not be in it."""
    survivors = lost["surviving_copies"]
    if not survivors:
        yield faint("no copy would be left")
    for copy in survivors[:SURVIVORS]:
        until = f" up to {canvas.clock(copy['restorable_to'])}" if copy["restorable_to"] else ""
        yield faint(f"left: {copy['kind']} {people.name(copy['id'])}{until}")
    if len(survivors) > SURVIVORS:
        yield faint(f"and {counted(len(survivors) - SURVIVORS, 'more copy', 'more copies')}")
    if lost["data_loss_seconds"]:
        yield plain(f"the last {duration(lost['data_loss_seconds'])} would be lost", "yellow")
