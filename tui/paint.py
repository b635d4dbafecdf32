"""Paint: the only door to rich outside of the progress bar; values become text on a canvas.

Whatever stems from a log goes through `plain`, which builds literal text: rich's markup and the
terminal's escapes are never interpreted.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, tzinfo
from typing import Any, Final

from rich.console import Console as RichConsole
from rich.console import RenderableType
from rich.padding import Padding
from rich.table import Column, Table
from rich.text import Text

from tui.harmless import harmless
from tui.words import Word

WIDE: Final = 110
"""From this width on, tables have room for all their columns."""

_QUIET_STYLE: Final = "bright_black"


class Canvas:
    """Collects what a page paints and gives it back as text of one width.

    Attributes:
        width: in columns.
        remarks: what to narrate beside the page, for instance that rows were left out.
    """

    def __init__(
        self, *, width: int, colour: bool, zone: tzinfo | None, record: bool = False
    ) -> None:
        """Prepare an empty canvas; *record* keeps what a picture needs."""
        self.width = width
        self.remarks: list[str] = []
        self._zone = zone
        self._file = io.StringIO()
        self.rich = RichConsole(
            file=self._file,
            width=width,
            force_terminal=colour,
            color_system="standard" if colour else None,
            no_color=not colour,
            highlight=False,
            markup=False,
            emoji=False,
            legacy_windows=False,
            record=record,
            _environ={},
        )

    @property
    def is_wide(self) -> bool:
        """Whether there is room for every column."""
        return self.width >= WIDE

    def text(self) -> str:
        """Return all that was painted; lines carry no trailing blanks."""
        return "".join(line.rstrip(" ") + "\n" for line in self._file.getvalue().splitlines())

    def put(self, *renderables: RenderableType) -> None:
        """Paint each renderable on lines of its own; lines that must not wrap may run over."""
        for renderable in renderables:
            self.rich.print(renderable, crop=False)

    def blank(self) -> None:
        """Paint an empty line."""
        self.rich.print()

    def title(self, text: str, *, aside: str = "") -> None:
        """Paint the heading of a part, after an empty line."""
        self.blank()
        self.put(
            Text.assemble((text, "bold underline"), (f"  {aside}" if aside else "", _QUIET_STYLE))
        )

    def paragraph(self, *parts: Text | str, indent: int = 0) -> None:
        """Paint running text, wrapped at words."""
        self.put(Padding(joined(*parts), (0, 0, 0, indent)))

    def verbatim(self, lines: Iterable[str], *, indent: int = 2, style: str = "bold") -> None:
        """Paint lines that someone will copy: never wrapped, never cut."""
        for line in lines:
            self.rich.print(Text(" " * indent + harmless(line), style=style), soft_wrap=True)

    def when(self, spelled: str | None, absent: str = "—") -> Text:
        """Return a time of a document in the wished-for zone, in a form that `--at` accepts."""
        if spelled is None:
            return Text(absent, style=_QUIET_STYLE)
        return Text(self.clock(spelled), no_wrap=True)

    def clock(self, spelled: str) -> str:
        """Return a time of a document as `2026-01-08 03:00:00Z`, or with the zone's offset."""
        moment = datetime.fromisoformat(spelled)
        if self._zone is None:
            return harmless(spelled.replace("T", " "))
        return moment.astimezone(self._zone).isoformat(sep=" ")

    def rows(self, table: Table, indent: int = 0) -> None:
        """Paint a table."""
        self.put(Padding(table, (0, 0, 0, indent)) if indent else table)


def plain(value: Any, style: str = "") -> Text:
    """Return any value as literal, harmless text; null is a dash."""
    if value is None:
        return Text("—", style=_QUIET_STYLE)
    return Text(harmless(str(value)), style=style)


def faint(value: Any) -> Text:
    """Return a value that matters less."""
    return plain(value, _QUIET_STYLE)


def joined(*parts: Text | str) -> Text:
    """Return the parts as one text; strings are taken literally."""
    whole = Text()
    for part in parts:
        whole.append_text(plain(part) if isinstance(part, str) else part)
    return whole


def stacked(*parts: Text | str | None) -> Text:
    """Return the parts one below the other; None is left out."""
    kept = [plain(part) if isinstance(part, str) else part for part in parts if part is not None]
    return Text("\n").join(kept)


def symbol(word: Word) -> Text:
    """Return a word's symbol in its colour."""
    return Text(word.symbol, style=word.style)


def spoken(word: Word) -> Text:
    """Return a word in its colour."""
    return Text(word.text, style=word.style)


def grid(*columns: Column) -> Table:
    """Return a table without lines or headers."""
    return _table(columns, header=False)


def sheet(*columns: Column) -> Table:
    """Return a table with headers and without lines."""
    return _table(columns, header=True)


def column(title: str = "", *, fold: bool = False, least: int | None = None) -> Column:
    """Return a column at least *least* wide; one that may not *fold* keeps its lines whole."""
    return Column(
        header=Text(title.upper(), style=_QUIET_STYLE),
        no_wrap=not fold,
        overflow="fold",
        min_width=least,
    )


def rendered(rows: Iterable[Sequence[RenderableType]], table: Table) -> Table:
    """Fill a table with rows and return it."""
    for row in rows:
        table.add_row(*row)
    return table


def parsed(spelled: str) -> datetime:
    """Return a time of a document as an aware datetime."""
    return datetime.fromisoformat(spelled).astimezone(UTC)


def _table(columns: Sequence[Column], *, header: bool) -> Table:
    return Table(
        *columns, box=None, show_header=header, pad_edge=False, padding=(0, 2, 0, 0), expand=False
    )
