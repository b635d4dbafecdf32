"""The page of `timeline`: what held for how long, then every event that speaks of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from rich.text import Text

from tui import people
from tui.pages import forecast, scope
from tui.pages.redact import redactions
from tui.paint import Canvas, column, faint, parsed, plain, rendered, sheet, spoken, stacked, symbol
from tui.words import BASES, VERDICTS, counted, duration, numbered, status_lines

Json = Mapping[str, Any]

NARROW: Final = 44
"""Columns of the status where columns are scarce."""

STATUS_SEAM: Final = "-encryption-"
"""Where a long status breaks."""


def paint(canvas: Canvas, document: Json) -> None:
    """Paint the contract's `timeline` document."""
    where = " ".join(people.place(document["resource"]))
    canvas.put(plain(f"{document['kind']} {people.name(document['resource'])}", "bold"))
    scope.paint(canvas, document, where, f"up to {canvas.clock(document['at'])}")
    redactions(canvas, document["redacted"])
    is_key = document["kind"] == "key"
    canvas.title("What held", aside=counted(len(document["spans"]), "span"))
    named = column("state" if is_key else "verdict and status", fold=True)
    columns = column("from"), column("for"), column(), named
    canvas.rows(rendered(_spans(canvas, document), sheet(*columns)))
    if document["events"]:
        canvas.title("What was recorded", aside=counted(len(document["events"]), "event"))
        columns = column("when"), column("event"), column("who and effect", fold=True), column()
        canvas.rows(rendered(_events(canvas, document), sheet(*columns)))
    forecast.paint(canvas, document["forecast"], document["resource"])


def _spans(canvas: Canvas, document: Json) -> Iterator[list[Text]]:
    for span in document["spans"]:
        start = canvas.when(span["from"], "before the ledger")
        basis = faint(BASES[span["basis"]]) if span["basis"] != "observed" else None
        cause = span["cause"]
        by = faint(f"{cause['event_name']} {people.actor(cause)}") if cause else None
        if document["kind"] == "key":
            mark, state = Text(), stacked(plain(span["state"], "bold"), by, basis)
        else:
            word = VERDICTS[span["verdict"]]
            status = status_lines(span["state"], 0 if canvas.is_wide else NARROW)
            mark, state = symbol(word), stacked(spoken(word), *status, by, basis)
        yield [start, faint(_length(span)), mark, state]


def _length(span: Json) -> str:
    if span["to"] is None:
        return "still"
    if span["from"] is None:
        return "—"
    return duration((parsed(span["to"]) - parsed(span["from"])).total_seconds())


def _events(canvas: Canvas, document: Json) -> Iterator[list[Text]]:
    for event in document["events"]:
        error = plain(event["error"], "yellow") if event["error"] else None
        effect = "" if _is_idle(event["effect"]) else event["effect"]
        if not canvas.is_wide:
            effect = effect.replace(STATUS_SEAM, STATUS_SEAM + "\n")
        yield [
            canvas.when(event["event_time"]),
            plain(event["event_name"]),
            stacked(
                plain(people.actor(event)), error, *(faint(line) for line in effect.splitlines())
            ),
            faint(numbered(event["entry"])),
        ]


def _is_idle(effect: str) -> bool:
    """Whether nothing moved; the table then saves the line."""
    return effect.startswith("none: ")
