"""Answer: what a command has to say, before anybody decides how it is written."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tui.format import Format

if TYPE_CHECKING:
    from tui.paint import Canvas

Row = Mapping[str, Any]
"""One row of JSON values; nested objects and lists are allowed."""

Page = Callable[["Canvas"], None]
"""Paints the answer for a person."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One answer in all the shapes in which it can be asked for.

    Attributes:
        document: the JSON document; None for an answer that is nothing but rows.
        tables: what `jsonl`, `csv` and `markdown` write, by name; read at most once.
        page: paints the answer for `table`.
        columns: the members of every row where they are known beforehand, so that rows can be
            written while they come in; None where they have to be gathered first.
        default: the format when none is asked for; None for the usual choice.
        parquet: yields the rows as a Parquet file, where a command offers it.
        text: the answer as a file in a format of its own; where there is one it is written
            whenever no other format is asked for and no terminal reads.
    """

    document: Mapping[str, Any] | None
    tables: Mapping[str, Iterable[Row]]
    page: Page
    columns: tuple[str, ...] | None = None
    default: Format | None = None
    parquet: Callable[[], Iterator[bytes]] | None = None
    text: str | None = None

    def rows(self) -> Iterator[Row]:
        """Yield the rows of all tables; where there are several, `row` says whose each one is."""
        for name, rows in self.tables.items():
            if len(self.tables) == 1:
                yield from rows
            else:
                yield from ({"row": name, **row} for row in rows)
