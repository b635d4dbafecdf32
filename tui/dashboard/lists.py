"""Lists beside a text that tells of the row under the cursor: findings, actors, results."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, ClassVar, Generic, TypeVar

from textual.message import Message
from textual.reactive import reactive

from tui.dashboard.line import BLANK, Line, Piece, line, wrapped
from tui.dashboard.row_list import RowList
from tui.dashboard.view import DashboardView

T = TypeVar("T")


class Listed(RowList, Generic[T]):
    """Items of the view, a row each; it says so whenever another one is under the cursor."""

    view: reactive[DashboardView | None] = reactive(None, repaint=False)

    class Turned(Message):
        """Another item is under the cursor."""

        def __init__(self, item: Any) -> None:
            super().__init__()
            self.item = item

    def __init__(self, id_: str, title: str) -> None:
        """Begin empty, with the title in the border."""
        super().__init__(id=id_)
        self._title = title
        self.border_title = title
        self._source: object = self
        self._items: Sequence[T] | None = None

    def source(self, view: DashboardView) -> object:
        """Return what the items are made of; while it is the same, they are not made anew."""
        raise NotImplementedError

    def items(self, view: DashboardView) -> Sequence[T] | None:
        """Return the items; None while they are not there yet."""
        raise NotImplementedError

    def line(self, item: T, view: DashboardView, columns: int) -> Line:
        """Return an item's row."""
        raise NotImplementedError

    def watch_view(self, view: DashboardView | None) -> None:
        """Take the items anew where they are others."""
        if view is None:
            return
        source = self.source(view)
        if source is not self._source:
            self._source, self._items = source, self.items(view)
            count = len(self._items or ())
            self.border_title = (
                f"{self._title}  {count}" if self._items is not None else self._title
            )
            self.cursor = min(max(self.cursor, 0), count - 1)
            self.post_message(self.Turned(self.item))
        self.renew()

    @property
    def item(self) -> T | None:
        """The one under the cursor."""
        items = self._items or ()
        return items[self.cursor] if 0 <= self.cursor < len(items) else None

    def count(self) -> int:
        """Return how many rows there are; one that says so, where there are no items."""
        return len(self._items) if self._items else 1

    def row(self, index: int, columns: int) -> Line:
        """Return an item's row."""
        if self.view is None:
            return BLANK
        if not self._items:
            return line(Piece("being found out …" if self._items is None else "none", "faint"))
        return self.line(self._items[index], self.view, columns)

    def _move_to(self, index: int) -> None:
        super()._move_to(index)
        self.post_message(self.Turned(self.item))


class Told(RowList):
    """A text about one item."""

    HAS_CURSOR: ClassVar[bool] = False

    view: reactive[DashboardView | None] = reactive(None, repaint=False)

    def __init__(self, id_: str) -> None:
        """Begin empty."""
        super().__init__(id=id_)
        self.item: Any = None
        self._lines: Sequence[Line] = ()

    def lines(self, view: DashboardView) -> Iterable[Line]:
        """Yield the text about the item, unbroken."""
        raise NotImplementedError

    def tell(self, item: Any) -> None:
        """Tell of another item, from the top."""
        self.item = item
        self.scroll_home(animate=False)
        self.show()

    def show(self) -> None:
        """Break the text anew."""
        columns = self.scrollable_content_region.width
        if self.view is None or self.item is None or columns <= 0:
            self._lines = ()
        else:
            told = self.lines(self.view)
            self._lines = [part for one in told for part in (wrapped(one, columns, 2) or [BLANK])]
        self.renew()

    def watch_view(self, view: DashboardView | None) -> None:
        """Tell of the same item, as times are shown now."""
        if view is not None:
            self.show()

    def on_resize(self) -> None:
        """Break the text for the new width."""
        self.call_after_refresh(self.show)

    def count(self) -> int:
        """Return how many lines there are."""
        return len(self._lines)

    def row(self, index: int, columns: int) -> Line:
        """Return a line."""
        del columns
        return self._lines[index] if index < len(self._lines) else BLANK

    def row_text(self) -> str:
        """Return the whole text, to be copied."""
        return "\n".join("".join(piece.text for piece in one).rstrip() for one in self._lines)
