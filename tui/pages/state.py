"""The page of `state`: keys and databases at one moment."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from rich.text import Text

from tui import people
from tui.paint import (
    Canvas,
    column,
    faint,
    plain,
    rendered,
    sheet,
    spoken,
    stacked,
    symbol,
)
from tui.words import VERDICTS, counted, key_word, status_lines

Json = Mapping[str, Any]

KEY_ID: Final = 36
"""Columns of a key id, which should not break."""

NARROW: Final = 24
"""Columns of the status where columns are scarce."""


def paint(canvas: Canvas, document: Json) -> None:
    """Paint the contract's `state` document."""
    keys, databases = document["keys"], document["databases"]
    everywhere = people.places(row["arn"] for row in (*keys, *databases))
    known = counted(document["known_at"], "entry", "entries")
    where = f" · {' '.join(everywhere[0])}" if len(everywhere) == 1 else ""
    canvas.put(faint(f"at {canvas.clock(document['at'])} · knowing {known}{where}"))
    if not keys and not databases:
        canvas.paragraph("No key and no database is known at that moment.")
    shows_place = len(everywhere) > 1
    if keys:
        canvas.title("Keys", aside=str(len(keys)))
        canvas.rows(_keys(canvas, keys, shows_place=shows_place))
    if databases:
        canvas.title("Databases", aside=_tally(databases))
        canvas.rows(_databases(canvas, databases, shows_place=shows_place))


def _tally(databases: Sequence[Json]) -> str:
    """Count the verdicts, worst last."""
    counts = dict.fromkeys(VERDICTS, 0)
    for row in databases:
        counts[row["verdict"]] += 1
    parts = (
        f"{VERDICTS[word].symbol} {count} {VERDICTS[word].text}"
        for word, count in counts.items()
        if count
    )
    return "  ".join(parts)


def _keys(canvas: Canvas, keys: Sequence[Json], *, shows_place: bool) -> Any:
    titles = [column(), column("key", fold=True, least=KEY_ID), column("state"), column("since")]
    if canvas.is_wide:
        titles.append(column("by", fold=True))
    return rendered(_key_rows(canvas, keys, shows_place=shows_place), sheet(*titles))


def _key_rows(canvas: Canvas, keys: Sequence[Json], *, shows_place: bool) -> Iterator[list[Text]]:
    for row in keys:
        word = key_word(row["state"], usable=row["usable"])
        deletion = row["deletion_date"] if row["state"] == "PendingDeletion" else None
        names = [plain(alias, "bold") for alias in row["aliases"]]
        name = stacked(*names, plain(row["key_id"]), _place(row, is_shown=shows_place))
        since = stacked(canvas.when(row["since"], "before the ledger"), _basis(row))
        state = stacked(spoken(word), faint("deletion due") if deletion else None)
        if deletion:
            since = stacked(canvas.when(row["since"]), canvas.when(deletion))
        by = _by(row)
        if canvas.is_wide:
            yield [symbol(word), name, state, since, by or Text()]
        else:
            yield [symbol(word), stacked(name, by), state, since]


def _databases(canvas: Canvas, databases: Sequence[Json], *, shows_place: bool) -> Any:
    titles = [column(), column("database", fold=True), column("verdict"), column("status")]
    if canvas.is_wide:
        titles.append(column("by", fold=True))
    return rendered(_database_rows(canvas, databases, shows_place=shows_place), sheet(*titles))


def _database_rows(
    canvas: Canvas, databases: Sequence[Json], *, shows_place: bool
) -> Iterator[list[Text]]:
    for row in databases:
        word = VERDICTS[row["verdict"]]
        kind = " ".join(filter(None, [row["engine"], row["kind"]]))
        name = stacked(plain(row["name"], "bold"), faint(kind), _place(row, is_shown=shows_place))
        limit = None
        if row["unrecoverable_since"]:
            limit = faint(f"since {canvas.clock(row['unrecoverable_since'])}")
        elif row["recoverable_until"]:
            limit = faint(f"until {canvas.clock(row['recoverable_until'])}")
        since = faint(f"since {canvas.clock(row['since'])}") if row["since"] else None
        status = stacked(
            *status_lines(row["status"], 0 if canvas.is_wide else NARROW), since, _basis(row)
        )
        by = _by(row)
        verdict = stacked(spoken(word), limit)
        if canvas.is_wide:
            yield [symbol(word), name, verdict, status, by or Text()]
        else:
            yield [symbol(word), stacked(name, by), verdict, status]


def _basis(row: Json) -> Text | None:
    return faint(row["basis"]) if row["basis"] != "observed" and row["since"] else None


def _by(row: Json) -> Text | None:
    cause = row["cause"]
    return None if cause is None else faint(f"{cause['event_name']} {people.actor(cause)}")


def _place(row: Json, *, is_shown: bool) -> Text | None:
    return faint(" ".join(people.place(row["arn"]))) if is_shown else None
