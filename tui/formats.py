"""Formats: JSON values as JSON, JSON Lines, CSV and Markdown; stable, in the order given."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from tui.answer import Row
from tui.harmless import harmless_cell, harmless_json, harmless_markdown

NEW_LINE: Final = "\n"
_PLAIN: Final = (str, int, float, list, type(None))
_WIDE: Final = 10
"""Members beyond which a table of one row is easier to read as a list."""


def json_document(value: Any) -> Iterator[str]:
    """Yield one JSON document over several lines; rows that are made as they are read go singly."""
    if not isinstance(value, Mapping) or not any(map(_is_made, value.values())):
        yield _dump(value, indent=True) + NEW_LINE
        return
    before = "{"
    for name, held in value.items():
        yield f"{before}\n  {_dump(name)}: "
        yield from _rows_within(held) if _is_made(held) else [_within(held, "  ")]
        before = ","
    yield "\n}\n"


def _rows_within(rows: Iterable[Row]) -> Iterator[str]:
    """Yield a member of a document that is a list, a row at a time."""
    before = "["
    for row in rows:
        yield f"{before}\n    {_within(row, '    ')}"
        before = ","
    yield "[]" if before == "[" else "\n  ]"


def _within(value: Any, margin: str) -> str:
    return _dump(value, indent=True).replace(NEW_LINE, NEW_LINE + margin)


def _is_made(value: Any) -> bool:
    """Whether it is a list whose rows are made as they are read, rather than held."""
    return isinstance(value, Sequence) and not isinstance(value, str | list | tuple)


def json_array(rows: Iterable[Row]) -> Iterator[str]:
    """Yield the rows as one JSON array, a row a line, without holding them all."""
    before = "[\n  "
    for row in rows:
        yield before + _dump(row)
        before = ",\n  "
    yield "[]\n" if before.startswith("[") else "\n]\n"


def json_lines(rows: Iterable[Row]) -> Iterator[str]:
    """Yield one line of JSON for each row."""
    for row in rows:
        yield _dump(row) + "\n"


def csv_lines(rows: Iterable[Row], columns: tuple[str, ...] | None = None) -> Iterator[str]:
    """Yield CSV with a header; nested objects become columns `outer.inner`, lists become JSON.

    A cell that a spreadsheet would run as a formula gets a leading apostrophe. Without *columns*
    all rows are gathered first.
    """
    for cells in _cells(rows, columns, harmless_cell):
        yield ",".join([_quoted(cell) for cell in cells] if cells != [""] else ['""']) + "\n"


def _quoted(cell: str) -> str:
    """Return a cell as RFC 4180 has it: four times as fast as `csv`, which goes by letters.

    What is harmless holds no line ends.
    """
    return '"' + cell.replace('"', '""') + '"' if '"' in cell or "," in cell else cell


def markdown_lines(tables: Mapping[str, Iterable[Row]]) -> Iterator[str]:
    """Yield a Markdown table for each of *tables* that has rows, under its name if there are more.

    A single wide row is turned on its side: a line for each of its members.
    """
    filled = {name: held for name, rows in tables.items() if (held := list(rows))}
    for number, (name, rows) in enumerate(filled.items()):
        if len(tables) > 1:
            yield f"{'' if number == 0 else NEW_LINE}### {name}\n\n"
        yield from _markdown(_on_its_side(rows))


def _on_its_side(rows: list[Row]) -> list[Row]:
    flat = flatten(rows[0])
    if len(rows) > 1 or len(flat) <= _WIDE:
        return rows
    return [{"member": name, "value": value} for name, value in flat.items()]


def _markdown(rows: Iterable[Row]) -> Iterator[str]:
    for number, cells in enumerate(_cells(rows, None, harmless_markdown)):
        yield "| " + " | ".join(cells) + " |\n"
        if number == 0:
            yield "|" + "|".join(" --- " for _ in cells) + "|\n"


def _cells(
    rows: Iterable[Row], columns: tuple[str, ...] | None, spell: Callable[[str], str]
) -> Iterator[list[str]]:
    flat: Iterable[Row] = (flatten(row) for row in rows)
    if columns is None:
        flat = list(flat)
        columns = columns_of(flat)
    if columns:
        yield list(columns)
    for row in flat:
        yield [_spelled(row.get(column), spell) for column in columns]


def flatten(row: Row) -> dict[str, Any]:
    """Return the row with its nested objects as members `outer.inner`."""
    flat: dict[str, Any] = {}
    for name, value in row.items():
        if not isinstance(value, _PLAIN) and isinstance(value, Mapping):
            flat |= {f"{name}.{inner}": held for inner, held in flatten(value).items()}
        else:
            flat[name] = value
    return flat


def columns_of(rows: Iterable[Row]) -> tuple[str, ...]:
    """Return the members of all rows, first seen first; `cause` goes where `cause.entry` is met."""
    names = list(dict.fromkeys(name for row in rows for name in row))
    outer = {name.rpartition(".")[0] for name in names}
    return tuple(name for name in names if name not in outer)


def _spelled(value: Any, spell: Callable[[str], str]) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return spell(value)
    if type(value) is int:
        return str(value)
    if isinstance(value, list):
        return spell("; ".join(value) if _is_plain(value) else _dump(value))
    return _dump(value)


def _is_plain(values: list[Any]) -> bool:
    return all(isinstance(value, str) for value in values)


def _dump(value: Any, *, indent: bool = False) -> str:
    import orjson

    try:
        dumped = orjson.dumps(value, option=orjson.OPT_INDENT_2 if indent else None).decode()
    except orjson.JSONEncodeError:
        # Lone surrogates and integers beyond 64 bits, both of which real records hold.
        separators = None if indent else (",", ":")
        dumped = json.dumps(value, indent=2 if indent else None, separators=separators)
    return harmless_json(dumped)
