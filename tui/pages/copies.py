"""A table of copies, as several pages show it: how each is, since when, and what it holds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from rich.table import Table
from rich.text import Text

from tui import people
from tui.paint import Canvas, column, faint, joined, plain, rendered, sheet, spoken, stacked, symbol
from tui.words import CONDITIONS

Json = Mapping[str, Any]


def table(canvas: Canvas, copies: Sequence[Json], key: str | None) -> Table:
    """Return the table of some copies; the key of one is named where it is not *key*."""
    columns = column(), column("copy", fold=True), column("since"), column("holds data up to")
    return rendered(_rows(canvas, copies, key), sheet(*columns))


def _rows(canvas: Canvas, copies: Sequence[Json], key: str | None) -> Iterator[list[Text]]:
    for copy in copies:
        word = CONDITIONS[copy["condition"]]
        is_named = copy["kind"] not in {"volume", "automated-backup"}
        name = stacked(
            joined(spoken(word), " ", copy["kind"]),
            faint(people.name(copy["id"])) if is_named else None,
            _other_key(canvas, copy["key"]) if copy["key"] != key else None,
        )
        expires = faint(f"expires {canvas.clock(copy['expires'])}") if copy["expires"] else None
        is_live = copy["kind"] == "volume" and copy["condition"] in {"usable", "latent"}
        holds = plain("the present") if is_live and not copy["restorable_to"] else None
        yield [
            symbol(word), name, canvas.when(copy["since"]),
            stacked(holds or canvas.when(copy["restorable_to"]), expires),
        ]  # fmt: skip


def _other_key(canvas: Canvas, key: str | None) -> Text:
    """Name a copy's own key, in short where columns are scarce."""
    if key is None:
        return faint("not encrypted, or its key is not on record")
    name = people.name(key)
    return faint(f"under key {name if canvas.is_wide else name[:8] + '…'}")
