"""The page of `find`: incidents, gravest first, each with its findings in the order they came."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from rich.text import Text

from tui import people
from tui.pages import scope
from tui.paint import Canvas, column, faint, plain, rendered, sheet, spoken, stacked, symbol
from tui.words import SEVERITIES, numbered

Json = Mapping[str, Any]

MOST: Final = 8
"""Entries that are named beside a finding; the other formats have all of them."""


def paint(canvas: Canvas, document: Json) -> None:
    """Paint the `find` document."""
    scope.paint(canvas, document, f"up to {canvas.clock(document['at'])}")
    rows = document["findings"]
    if not rows:
        canvas.put(plain("Nothing is found."))
        return
    canvas.put(_tally(rows))
    for incident in document["incidents"]:
        held = [row for row in rows if row["incident"] == incident["incident"]]
        _head(canvas, incident)
        _findings(canvas, held)
    others = [row for row in rows if row["incident"] is None]
    if others:
        canvas.title("Belongs to no incident")
        _findings(canvas, others)


def paint_rules(canvas: Canvas, document: Json) -> None:
    """Paint the catalogue of rules."""
    columns = column(), column("severity"), column("rule"), column("finds", fold=True)
    canvas.rows(rendered(_rules(document["rules"]), sheet(*columns)))


def _tally(rows: Sequence[Json]) -> Text:
    """Count the open findings by severity, gravest first."""
    counts = dict.fromkeys(reversed(SEVERITIES), 0)
    for row in rows:
        if row["state"] == "open":
            counts[row["severity"]] += 1
    parts = [
        Text(f"{SEVERITIES[one].symbol} {count} {one}", style=SEVERITIES[one].style)
        for one, count in counts.items()
        if count
    ]
    return Text("  ").join(parts) if parts else plain("Nothing is open.")


def _head(canvas: Canvas, incident: Json) -> None:
    start, end = canvas.clock(incident["since"]), incident["until"]
    stretch = f"since {start}" if end is None else f"{start} to {canvas.clock(end)}"
    actors = [people.short(one) for one in incident["actors"]]
    by = f" · {', '.join(actors)}" if actors else ""
    canvas.title(f"Incident {incident['incident']}", aside=f"{stretch}{by}")


def _findings(canvas: Canvas, rows: Sequence[Json]) -> None:
    columns = column(), column("severity"), column("when"), column("what", fold=True)
    canvas.rows(rendered(_cells(canvas, rows), sheet(*columns)))


def _cells(canvas: Canvas, rows: Sequence[Json]) -> Iterator[list[Text]]:
    for row in rows:
        word = SEVERITIES[row["severity"]]
        is_open = row["state"] == "open"
        ended = faint(f"{row['state']}") if not is_open else None
        until = None if row["until"] is None else faint(f"to {canvas.clock(row['until'])}")
        hushed = row["suppressed"]
        entries = _entries([one["entry"] for one in row["evidence"]])
        yield [
            symbol(word) if is_open else Text(" "),
            stacked(spoken(word) if is_open else faint(word.text), ended),
            stacked(canvas.when(row["since"]), until),
            stacked(
                plain(row["title"], "bold" if is_open else ""),
                plain(row["detail"]),
                *(faint(f"– {line}") for line in row["changes"]),
                faint(f"suppressed: {hushed['reason']}") if hushed else None,
                faint(f"{row['rule']} · {people.short(row['resource'])} · {entries}"),
            ),
        ]


def _entries(entries: Sequence[int]) -> str:
    shown = ", ".join(numbered(entry) for entry in entries[:MOST])
    left = len(entries) - MOST
    return shown if left <= 0 else f"{shown} and {left} more"


def _rules(rules: Sequence[Json]) -> Iterator[list[Text]]:
    for rule in rules:
        word = SEVERITIES[rule["severity"]]
        yield [
            symbol(word),
            spoken(word),
            plain(rule["rule"], "bold"),
            stacked(
                plain(rule["title"]),
                *(faint(f"not if: {line}") for line in rule["false_positives"]),
            ),
        ]
