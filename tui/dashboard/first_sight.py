"""First sight: what is seen before the history is laid out: which ledger, how large, how far."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rich.text import Text
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.reactive import reactive
from textual.widget import Widget

from analyzer.case import Extent
from tui.dashboard.line import Line, Piece, all_wrapped, line, said
from tui.dashboard.painted import as_text
from tui.dashboard.view import Settings
from tui.words import counted

BAR = 40
"""Columns of the bar that shows how far it is."""


class FirstSight(Vertical):
    """Lies over everything until there is a history to look at."""

    extent: reactive[Extent | None] = reactive(None, repaint=False)
    percent: reactive[int] = reactive(0, repaint=False)

    def __init__(self, settings: Settings) -> None:
        """Take which ledger is opened, and how times are shown."""
        super().__init__(id="opening")
        self._settings = settings

    def compose(self) -> ComposeResult:
        """Put what is known above how far it is."""
        yield Known(self._settings).data_bind(extent=FirstSight.extent)
        yield HowFar().data_bind(percent=FirstSight.percent)


class Known(Widget):
    """What the ledger says of itself before it is read."""

    extent: reactive[Extent | None] = reactive(None)

    def __init__(self, settings: Settings) -> None:
        """Take which ledger is opened, and how times are shown."""
        super().__init__()
        self._settings = settings

    def render(self) -> Text:
        """Return what is known by now."""
        return _text(self, known(self._settings, self.extent))


class HowFar(Widget):
    """A bar of its own: what is drawn anew with every step is small, and holds nothing up."""

    percent: reactive[int] = reactive(0)

    def render(self) -> Text:
        """Return the bar."""
        return _text(self, how_far(self.percent))


def known(settings: Settings, extent: Extent | None) -> Iterator[Line]:
    """Yield what is known of a ledger that is being read."""
    clock = settings.clock
    yield line(Piece("keyledger ", "accent strong"), said(settings.ledger))
    if extent is not None:
        yield line(Piece(counted(extent.size, "entry", "entries")))
        if extent.start is not None and extent.end is not None:
            stretch = f"{clock.full(extent.start)} to {clock.full(extent.end)}"
            yield line(Piece(stretch, "faint"))


def how_far(percent: int) -> Iterator[Line]:
    """Yield a bar, and what it stands for."""
    filled = BAR * percent // 100
    yield line(Piece("█" * filled, "accent"), Piece("░" * (BAR - filled), "faint"))
    yield line(Piece(f"The history is being laid out … {percent} %", "faint"))


def _text(widget: Widget, told: Iterable[Line]) -> Text:
    wrapped = all_wrapped(told, widget.size.width)
    return Text("\n").join(as_text(widget.app, one) for one in wrapped)
