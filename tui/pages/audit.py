"""The page of `audit`: the outcome first, then what it covers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from rich.text import Text

from tui.paint import Canvas, column, faint, grid, joined, plain, rendered, sheet, symbol
from tui.words import OUTCOMES, counted

Json = Mapping[str, Any]


def paint(canvas: Canvas, document: Json) -> None:
    """Paint the contract's `audit` document."""
    word = OUTCOMES[document["outcome"]]
    canvas.put(joined(symbol(word), " the ledger is ", Text(word.text.upper(), style=word.style)))
    if document["size"] == 0:
        canvas.paragraph("Nothing is sealed in it yet, so there is nothing that could be intact.")
    canvas.blank()
    canvas.rows(rendered(_facts(document), grid(column(), column(fold=True))))
    if document["breaks"]:
        canvas.title("Breaks", aside="the first one first")
        rows = [
            [plain(_where(one)), plain(one["kind"], "bold red"), plain(one["detail"])]
            for one in document["breaks"]
        ]
        canvas.rows(
            rendered(rows, sheet(column("entry"), column("kind"), column("detail", fold=True)))
        )
        if document["more_breaks"]:
            canvas.paragraph(faint(f"and {document['more_breaks']} more"))
    for note in document["notes"]:
        canvas.blank()
        canvas.paragraph(faint(note))


def _where(one: Json) -> str:
    return "—" if one["index"] is None else str(one["index"])


def _against(kept: Json) -> Text:
    whose = f"the checkpoint of {counted(kept['size'], 'entry', 'entries')} that was kept"
    if kept["extends"]:
        return plain(f"it extends {whose}", "green")
    if kept["extends"] is None:
        return plain(f"it cannot be compared with {whose}", "bold yellow")
    return plain(f"it does not extend {whose}", "bold red")


def _facts(document: Json) -> Iterator[list[Text]]:
    checked, points = document["checked"], document["checkpoints"]
    covered = f"entries {checked[0]} to {checked[1]}" if checked else "nothing"
    yield [faint("size"), plain(counted(document["size"], "entry", "entries"))]
    yield [faint("checked"), plain(covered)]
    yield [faint("tree heads"), plain(f"{points['checked']} checked, {points['failed']} failed")]
    if points["signed"]:
        yield [faint("signed"), plain(f"{points['signed']} by the ledger's own key")]
    if document["against"] is not None:
        yield [faint("against"), _against(document["against"])]
    if document["redacted"]["payloads"]:
        yield [faint("redacted"), plain(counted(document["redacted"]["payloads"], "payload"))]
    yield [faint("root"), plain(document["root"])]
    yield [faint("link"), plain(document["link"])]
    yield [faint("SQLite"), plain(document["sqlite"])]
