"""A list of rows of which only those on the screen are made: a million cost no more than ten."""

from __future__ import annotations

from typing import ClassVar

from rich.style import Style
from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Region, Size
from textual.message import Message
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip

from tui.dashboard.line import Line, fitted
from tui.dashboard.painted import painted


class RowList(ScrollView, can_focus=True, inherit_bindings=False):
    """A scrolling list with a cursor; whoever makes one says how many rows there are, and what.

    It never sorts or moves rows by itself. Home, End and the arrows to the sides move the playhead,
    wherever the cursor is, which is why the usual bindings of something that scrolls are not its.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "move(-1)", "up", id="row-up", tooltip="Go a row up.", show=False),
        Binding("down", "move(1)", "down", id="row-down", tooltip="Go a row down.", show=False),
        Binding("pageup", "page(-1)", "page up", id="page-up", tooltip="Go a page up.", show=False),
        Binding("pagedown", "page(1)", "page down", id="page-down", tooltip="Go a page down.",
                show=False),
    ]  # fmt: skip

    COMPONENT_CLASSES: ClassVar[set[str]] = {"row-list--cursor"}

    HAS_CURSOR: ClassVar[bool] = True
    """Whether a row is under a cursor; without one, the keys scroll."""

    _base: Style = Style()

    cursor: reactive[int] = reactive(-1, repaint=False)

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

    def renew(self, *, keep_visible: bool = True) -> None:
        """Draw everything anew; keep the cursor on the screen."""
        self.virtual_size = Size(self.scrollable_content_region.width, self.count())
        if keep_visible and self.HAS_CURSOR:
            self.reveal()
        self.refresh()

    def reveal(self) -> None:
        """Scroll by half pages, so that the cursor is in the middle half of what is to be seen.

        The place depends on the cursor alone, not on the way it came; a row that is clicked near
        the middle stays under the hand.
        """
        height = self.scrollable_content_region.height
        if height <= 0 or self.cursor < 0:
            return
        half = max(height // 2, 1)
        top = self.cursor // half * half - height // 4
        self.scroll_to(y=min(max(top, 0), max(self.count() - height, 0)), animate=False, force=True)

    def render_lines(self, crop: Region) -> list[Strip]:
        """Return some lines of the screen; their common style is worked out once."""
        self._base = self.rich_style
        return super().render_lines(crop)

    def render_line(self, y: int) -> Strip:
        """Return a line of the screen."""
        columns = self.scrollable_content_region.width
        index = y + self.scroll_offset.y
        base = self._base
        if index >= self.count():
            return Strip.blank(columns, base)
        shown = fitted(self.row(index, columns), columns)
        if self.HAS_CURSOR and index == self.cursor:
            base += self.get_component_rich_style("row-list--cursor", partial=True)
        return Strip(painted(self.app, shown, base), columns)

    def on_resize(self) -> None:
        """Take the new width."""
        self.call_after_refresh(self.renew)

    def action_move(self, by: int) -> None:
        """Move the cursor, or scroll where there is none."""
        if self.HAS_CURSOR:
            self._move_to(self.cursor + by)
        else:
            self.scroll_relative(y=by, animate=False)

    def action_page(self, by: int) -> None:
        """Move by a screenful."""
        self.action_move(by * max(1, self.scrollable_content_region.height - 1))

    def _move_to(self, index: int) -> None:
        index = min(max(index, 0), self.count() - 1)
        if index >= 0:
            self.cursor = index
            self.renew()
            self.post_message(self.Moved(self, index))

    def choose(self) -> None:
        """Say that the row under the cursor was chosen."""
        if 0 <= self.cursor < self.count():
            self.post_message(self.Chosen(self, self.cursor))

    def on_click(self, event: events.Click) -> None:
        """Move the cursor to the row that was clicked; twice chooses it."""
        index = event.y + self.scroll_offset.y - self.gutter.top
        if not 0 <= index < self.count() or not self.HAS_CURSOR:
            return
        self._move_to(index)
        if event.chain > 1:
            self.choose()

    def row_text(self) -> str:
        """Return the row under the cursor as text, to be copied."""
        if not 0 <= self.cursor < self.count():
            return ""
        return "".join(piece.text for piece in self.row(self.cursor, 400)).rstrip()
