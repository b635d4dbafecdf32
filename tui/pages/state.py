"""The page of `state`: keys and databases at one moment."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from rich.table import Table
from rich.text import Text

from tui import people
from tui.pages import forecast, scope
from tui.pages.redact import redactions
from tui.paint import Canvas, column, faint, plain, rendered, sheet, spoken, stacked, symbol
from tui.words import VERDICTS, counted, key_word, status_lines

Json = Mapping[str, Any]

KEY_ID: Final = 36
"""Columns of a key id, which should not break."""

NARROW: Final = 24
"""Columns of the status where columns are scarce."""

MOMENT: Final = 26
"""Columns of `since` or `until` with its moment."""


def paint(canvas: Canvas, document: Json) -> None:
    """Paint the contract's `state` document."""
    keys, databases = document["keys"], document["databases"]
    scope.paint(canvas, document, f"at {canvas.clock(document['at'])}")
    if document["undecoded"]:
        sealed = counted(document["undecoded"], "record")
        unread = f"{sealed} that could move something, but nobody knows what they mean"
        canvas.put(faint(f"{unread}: keyledger undecoded"))
    redactions(canvas, document["redacted"])
    if not keys and not databases:
        canvas.paragraph("No key and no database is known at that moment.")
    if keys:
        canvas.title("Keys", aside=str(len(keys)))
        for row in _by_place(canvas, keys):
            canvas.rows(_keys(canvas, row))
    if databases:
        canvas.title("Databases", aside=str(len(databases)))
        canvas.put(_tally(databases))
        for row in _by_place(canvas, databases):
            canvas.rows(_databases(canvas, row))
    forecast.paint(canvas, document["forecast"])


def _by_place(canvas: Canvas, rows: Sequence[Json]) -> Iterator[list[Json]]:
    """Yield the rows of each account and Region, after painting which it is."""
    for place in people.places(row["arn"] for row in rows):
        canvas.put(faint(f"── {' '.join(filter(None, place)) or 'place unknown'}"))
        yield [row for row in rows if people.place(row["arn"]) == place]


def _tally(databases: Sequence[Json]) -> Text:
    """Count the verdicts, worst last."""
    counts = dict.fromkeys(VERDICTS, 0)
    for row in databases:
        counts[row["verdict"]] += 1
    parts = [
        Text(f"{VERDICTS[word].symbol} {count} {VERDICTS[word].text}", style=VERDICTS[word].style)
        for word, count in counts.items()
        if count
    ]
    return Text("  ").join(parts)


def _keys(canvas: Canvas, keys: Sequence[Json]) -> Table:
    titles = [column(), column("key", fold=True, least=KEY_ID), column("state"), column("since")]
    if canvas.is_wide:
        titles.append(column("by", fold=True))
    return rendered(_key_rows(canvas, keys), sheet(*titles))


def _key_rows(canvas: Canvas, keys: Sequence[Json]) -> Iterator[list[Text]]:
    for row in keys:
        word = key_word(row["state"], usable=row["usable"])
        deletion = row["deletion_date"] if row["state"] == "PendingDeletion" else None
        names = [plain(alias, "bold") for alias in row["aliases"]]
        cause = None if row["usable"] else row["cause"]
        by = faint(f"{cause['event_name']} by {people.actor(cause)}") if cause else None
        name = stacked(*names, plain(row["key_id"]), None if canvas.is_wide else by)
        state = stacked(spoken(word), faint("deletion due") if deletion else None)
        since = stacked(
            canvas.when(row["since"], "before the ledger"),
            canvas.when(deletion) if deletion else None,
            _basis(row),
        )
        cells = [symbol(word), name, state, since]
        yield [*cells, by or Text()] if canvas.is_wide else cells


def _databases(canvas: Canvas, databases: Sequence[Json]) -> Table:
    verdict = column("verdict", fold=True, least=MOMENT)
    titles = [column(), column("database", fold=True), verdict, column("status")]
    if canvas.is_wide:
        titles.append(column("by", fold=True))
    return rendered(_database_rows(canvas, databases), sheet(*titles))


def _database_rows(canvas: Canvas, databases: Sequence[Json]) -> Iterator[list[Text]]:
    for row in databases:
        word = VERDICTS[row["verdict"]]
        kind = " ".join(filter(None, [row["engine"], row["kind"]]))
        name = stacked(plain(row["name"], "bold"), faint(kind))
        limit = None
        if row["doubt"]:
            seen = VERDICTS[row["doubt"]["seen"]].text
            limit = faint(f"seen: {seen}")
        elif row["unrecoverable_since"]:
            limit = faint(f"since {canvas.clock(row['unrecoverable_since'])}")
        elif row["recoverable_until"]:
            limit = faint(f"until {canvas.clock(row['recoverable_until'])}")
        by = None if row["verdict"] == "healthy" else _by(row)
        verdict = stacked(spoken(word), limit, None if canvas.is_wide else by)
        since = faint(f"since {canvas.clock(row['since'])}") if row["since"] else None
        lines = status_lines(row["status"], 0 if canvas.is_wide else NARROW)
        status = stacked(*lines, since, _basis(row))
        cells = [symbol(word), name, verdict, status]
        yield [*cells, by or Text()] if canvas.is_wide else cells


def _basis(row: Json) -> Text | None:
    return faint(row["basis"]) if row["basis"] != "observed" and row["since"] else None


def _by(row: Json) -> Text | None:
    cause = row["cause"]
    if cause is None:
        return None
    return stacked(faint(cause["event_name"]), faint(people.actor(cause)))
