"""Lists beside a text that tells of the row under the cursor: findings, actors, results."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Generic, TypeVar

from textual.message import Message
from textual.reactive import reactive

from tui.dashboard.line import BLANK, Line, Piece, all_wrapped, line
from tui.dashboard.row_list import RowList
from tui.dashboard.running import Running
from tui.dashboard.view import DashboardView

T = TypeVar("T")


class Listed(RowList, Generic[T]):
    """Items of the view, a row each; it says so whenever another one is under the cursor."""

    view: reactive[DashboardView | None] = reactive(None)

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


class Told(Running):
    """A text about one item."""

    def __init__(self, id_: str) -> None:
        """Begin without one."""
        super().__init__(id=id_)

    def told(self, view: DashboardView) -> Iterable[Line]:
        """Yield the text about the item, unbroken."""
        raise NotImplementedError

    def lines(self, view: DashboardView, columns: int) -> Sequence[Line]:
        """Return the text about the item; nothing where there is none."""
        return () if self.item is None else all_wrapped(self.told(view), columns, 2)
