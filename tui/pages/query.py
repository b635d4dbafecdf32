"""The page of `query`: rows of any shape, side by side where they fit, else one below the other."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from typing import Any, Final

from rich.table import Table
from rich.text import Text

from tui.answer import Row
from tui.paint import Canvas, column, faint, grid, plain, rendered, sheet, stacked
from tui.words import counted

MOST: Final = 200
"""Rows that a person is shown; the other formats have all of them."""

_GAP: Final = 2
_WRAPPED: Final = 28
"""Columns from which on a text may be broken to make a row fit."""

_COLOURS: Final = {
    "critical": "bold red", "high": "red", "medium": "yellow", "low": "cyan",
}  # fmt: skip


def paint(canvas: Canvas, columns: Mapping[str, str], rows: Iterable[Row]) -> None:
    """Paint the rows of an answer; *columns* are their names and types."""
    remaining = iter(rows)
    shown = list(islice(remaining, MOST))
    if not shown:
        canvas.put(plain("No rows."))
        return
    cells = [[_cell(canvas, row[name], kind) for name, kind in columns.items()] for row in shown]
    table = _side_by_side(canvas, list(columns), cells)
    if table is not None:
        canvas.rows(rendered(cells, table))
    else:
        for number, row in enumerate(cells):
            _one_below_the_other(canvas, number, list(columns), row)
    left = sum(1 for _ in remaining)
    if left:
        canvas.remarks.append(f"{counted(left, 'more row')} not shown; --format jsonl has them all")


def paint_list(canvas: Canvas, queries: Sequence[Mapping[str, Any]]) -> None:
    """Paint the catalogue."""
    width = max((len(query["name"]) for query in queries), default=0)
    table = grid(column(least=width), column(fold=True))
    for query in queries:
        severity = query["severity"]
        told = plain(severity, _COLOURS[severity]) if severity else None
        wanted = [
            faint(f"--{one['name']} {one['type'].upper()}  {one['about']}")
            for one in query["parameters"]
        ]
        table.add_row(
            stacked(plain(query["name"], "bold"), told),
            stacked(plain(query["question"]), *wanted),
        )
    canvas.rows(table)


def _cell(canvas: Canvas, value: Any, kind: str) -> Text:
    if kind.startswith("TIMESTAMP"):
        return canvas.when(value)
    if isinstance(value, bool):
        return plain("yes" if value else "no")
    if isinstance(value, list):
        return plain(", ".join(map(str, value))) if value else plain(None)
    return plain(value)


def _side_by_side(
    canvas: Canvas, columns: Sequence[str], cells: Sequence[Sequence[Text]]
) -> Table | None:
    """Return a table that is as narrow as it can be; None where even that is too wide."""
    widths = [
        max(len(name), *(row[place].cell_len for row in cells))
        for place, name in enumerate(columns)
    ]
    room = canvas.width - _GAP * len(columns)
    folds = [False] * len(columns)
    for place in sorted(range(len(columns)), key=lambda one: -widths[one]):
        if sum(widths) <= room:
            break
        if widths[place] > _WRAPPED:
            folds[place] = True
            widths[place] = max(_WRAPPED, room - sum(widths) + widths[place])
    if sum(widths) > room:
        return None
    return sheet(
        *(
            column(name.replace("_", " "), fold=is_folded, least=width if is_folded else None)
            for name, is_folded, width in zip(columns, folds, widths, strict=True)
        )
    )


def _one_below_the_other(
    canvas: Canvas, number: int, columns: Sequence[str], row: Sequence[Text]
) -> None:
    """Paint one row as a list; what is null is left out."""
    if number:
        canvas.blank()
    canvas.put(faint(f"── {number + 1}"))
    table = grid(column(), column(fold=True))
    for name, cell in zip(columns, row, strict=True):
        if cell.plain != "—":
            table.add_row(faint(name), cell)
    canvas.rows(table, indent=2)
