"""First sight: what is seen before the history is laid out: which ledger, how large, how far."""

from __future__ import annotations

from collections.abc import Iterator

from rich.text import Text
from textual.reactive import reactive
from textual.widget import Widget

from analyzer.case import Extent
from tui.dashboard.line import BLANK, Line, Piece, all_wrapped, line, said
from tui.dashboard.painted import as_text
from tui.dashboard.view import Settings
from tui.words import counted

BAR = 40
"""Columns of the bar that shows how far the reading is."""


class FirstSight(Widget):
    """Lies over everything until there is a history to look at."""

    extent: reactive[Extent | None] = reactive(None)
    percent: reactive[int] = reactive(0)

    def __init__(self, settings: Settings) -> None:
        """Take which ledger is opened, and how times are shown."""
        super().__init__(id="opening")
        self._settings = settings

    def render(self) -> Text:
        """Return what is known by now."""
        told = all_wrapped(lines(self._settings, self.extent, self.percent), self.size.width)
        return Text("\n").join(as_text(self.app, one) for one in told)


def lines(settings: Settings, extent: Extent | None, percent: int) -> Iterator[Line]:
    """Yield what is known of a ledger that is being read."""
    clock = settings.clock
    yield line(Piece("keyledger ", "accent strong"), said(settings.ledger))
    if extent is not None:
        yield line(Piece(counted(extent.size, "entry", "entries"), "faint"))
        if extent.start is not None and extent.end is not None:
            stretch = f"{clock.full(extent.start)} to {clock.full(extent.end)}"
            yield line(Piece(stretch, "faint"))
    yield BLANK
    filled = BAR * percent // 100
    yield line(Piece("█" * filled, "accent"), Piece("░" * (BAR - filled), "faint"))
    yield line(Piece(f"The history is being laid out … {percent} %", "faint"))
