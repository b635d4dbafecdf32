"""A list of rows of which only those on the screen are made: a million cost no more than ten.

What it shows is a function of its rows, its cursor and its size, worked out when it is drawn. Of
the way there only one thing counts: how far the person has scrolled by hand. The bar at the right
is drawn here too: Textual's own is told the place only while it is to be seen, which is decided by
the layout after the one that needs it, and then it keeps an old place.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Final

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import BindingType
from textual.geometry import Region
from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip
from textual.widget import Widget

from tui.dashboard.bound import bound
from tui.dashboard.keys import LISTS
from tui.dashboard.line import Line, Piece, fitted
from tui.dashboard.painted import painted
from tui.dashboard.thumb import sought, thumb

WHEEL: Final = 3
"""Rows by which the mouse wheel scrolls."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Frame:
    """What all lines of one drawing have in common.

    Attributes:
        base: style of a row.
        bar: style of the bar.
        top: the row in the first line.
        count: rows in all.
        filled: lines of the bar that are filled.
    """

    base: Style
    bar: Style
    top: int
    count: int
    filled: range


class RowList(Widget, can_focus=True):
    """A scrolling list with a cursor; whoever makes one says how many rows there are, and what.

    It never sorts or moves rows by itself. Home, End and the arrows to the sides move the playhead,
    wherever the cursor is.
    """

    BINDINGS: ClassVar[list[BindingType]] = bound(LISTS)

    COMPONENT_CLASSES: ClassVar[set[str]] = {"row-list--cursor", "row-list--bar"}

    HAS_CURSOR: ClassVar[bool] = True
    """Whether a row is under a cursor; without one, the keys scroll."""

    HAS_EDGES: ClassVar[bool] = True
    """Whether the first column is the cursor's and the last one the bar's."""

    _frame: _Frame

    cursor: reactive[int] = reactive(-1)

    scrolled: reactive[int | None] = reactive(None)
    """The row that the person scrolled to the first line; None where the cursor decides."""

    class Moved(Message):
        """The person moved the cursor to a row."""

        def __init__(self, rows: RowList, row: int) -> None:
            super().__init__()
            self.rows = rows
            self.row = row

        @property
        def control(self) -> RowList:
            """The list."""
            return self.rows

    class Chosen(Moved):
        """The person pressed Enter on a row, or clicked it twice."""

    def row(self, index: int, columns: int) -> Line:
        """Return a row, for so many columns; it is cut or filled up where it does not fit."""
        raise NotImplementedError

    def count(self) -> int:
        """Return how many rows there are."""
        raise NotImplementedError

    @property
    def columns(self) -> int:
        """How many columns a row has."""
        return max(self.content_size.width - (2 if self.HAS_EDGES else 0), 0)

    @property
    def lines_high(self) -> int:
        """How many rows are to be seen at once."""
        return self.content_size.height

    @property
    def top(self) -> int:
        """The row in the first line.

        By half pages, so that the cursor is in the middle half of what is to be seen. The place
        depends on the cursor alone, not on the way it came; a row that is clicked near the middle
        stays under the hand.
        """
        height = self.lines_high
        if self.scrolled is not None:
            wanted = self.scrolled
        elif self.HAS_CURSOR and self.cursor >= 0:
            half = max(height // 2, 1)
            wanted = self.cursor // half * half - height // 4
        else:
            wanted = 0
        return min(max(wanted, 0), max(self.count() - height, 0))

    def watch_cursor(self) -> None:
        """Keep the cursor on the screen from now on."""
        self.scrolled = None

    def render_lines(self, crop: Region) -> list[Strip]:
        """Return some lines of the screen; what they have in common is worked out once."""
        top, count = self.top, self.count()
        self._frame = _Frame(
            base=self.rich_style,
            bar=self.get_component_rich_style("row-list--bar", partial=True),
            top=top,
            count=count,
            filled=thumb(count, self.lines_high, top),
        )
        return super().render_lines(crop)

    def render_line(self, y: int) -> Strip:
        """Return a line of the screen."""
        frame, columns = self._frame, self.columns
        index, base = y + frame.top, frame.base
        shown = fitted(self.row(index, columns) if index < frame.count else (), columns)
        is_here = self.HAS_CURSOR and index == self.cursor < frame.count
        if is_here:
            base += self.get_component_rich_style("row-list--cursor", partial=True)
        segments = painted(self.app, shown, base)
        if self.HAS_EDGES:
            mark = painted(self.app, (Piece("›" if is_here else " ", "accent strong"),), frame.base)
            filled = Segment("▐" if y in frame.filled else " ", frame.base + frame.bar)
            segments = [*mark, *segments, filled]
        return Strip(segments, self.content_size.width)

    def action_move(self, by: int) -> None:
        """Move the cursor, or scroll where there is none."""
        if self.HAS_CURSOR:
            self._move_to(self.cursor + by)
        else:
            self._put_on_top(self.top + by)

    def action_page(self, by: int) -> None:
        """Move by a screenful."""
        self.action_move(by * max(1, self.lines_high - 1))

    def _move_to(self, index: int) -> None:
        index = min(max(index, 0), self.count() - 1)
        if index >= 0:
            self.cursor, self.scrolled = index, None
            self.post_message(self.Moved(self, index))

    def _put_on_top(self, top: int) -> None:
        self.scrolled = min(max(top, 0), max(self.count() - self.lines_high, 0))

    def choose(self) -> None:
        """Say that the row under the cursor was chosen."""
        if 0 <= self.cursor < self.count():
            self.post_message(self.Chosen(self, self.cursor))

    def row_at(self, event: events.MouseEvent) -> int | None:
        """Return the row under the mouse; None where there is none, as on the bar."""
        line = event.y - self.gutter.top
        index = line + self.top
        is_inside = 0 <= line < self.lines_high and not self._is_bar(event)
        return index if is_inside and index < self.count() else None

    def on_click(self, event: events.Click) -> None:
        """Move the cursor to the row that was clicked; twice chooses it."""
        index = self.row_at(event)
        if index is None or not self.HAS_CURSOR:
            return
        self._move_to(index)
        if event.chain > 1:
            self.choose()

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Take hold of the bar."""
        if self._is_bar(event):
            self.capture_mouse()
            self._drag(event)

    def _is_bar(self, event: events.MouseEvent) -> bool:
        return self.HAS_EDGES and event.x - self.gutter.left > self.columns

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Move the bar while it is held."""
        if self.app.mouse_captured is self:
            self._drag(event)

    def on_mouse_up(self) -> None:
        """Let go of the bar."""
        self.release_mouse()

    def _drag(self, event: events.MouseEvent) -> None:
        self._put_on_top(sought(event.y - self.gutter.top, self.count(), self.lines_high))

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Scroll down; the cursor stays where it is."""
        event.stop()
        self._put_on_top(self.top + WHEEL)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Scroll up; the cursor stays where it is."""
        event.stop()
        self._put_on_top(self.top - WHEEL)

    def row_text(self) -> str:
        """Return the row under the cursor as text, to be copied."""
        if not 0 <= self.cursor < self.count():
            return ""
        return "".join(piece.text for piece in self.row(self.cursor, 400)).rstrip()
