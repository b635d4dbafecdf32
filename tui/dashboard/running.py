"""Running text: lines that are made of the view and the width, when they are drawn."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from textual.reactive import reactive

from tui.dashboard.line import BLANK, Line
from tui.dashboard.row_list import RowList
from tui.dashboard.view import DashboardView


class Running(RowList):
    """A text; one that is not on the screen is not made."""

    HAS_CURSOR: ClassVar[bool] = False

    view: reactive[DashboardView | None] = reactive(None)

    item: reactive[Any] = reactive(None)
    """What the text is about, where the view does not say so."""

    _made: tuple[DashboardView, Any, int, Sequence[Line]] | None = None

    def lines(self, view: DashboardView, columns: int) -> Sequence[Line]:
        """Return the text, each line at most so wide."""
        raise NotImplementedError

    def subject(self, view: DashboardView) -> object:
        """Return what the view makes it a text about; another one is read from the top."""
        del view
        return None

    def watch_view(self, before: DashboardView | None, after: DashboardView | None) -> None:
        """Begin at the top where the text is about something else."""
        if before is None or after is None or self.subject(before) != self.subject(after):
            self.scrolled = None

    def watch_item(self) -> None:
        """Begin at the top."""
        self.scrolled = None

    @property
    def text(self) -> Sequence[Line]:
        """The lines for the width that there is."""
        view, item, columns = self.view, self.item, self.columns
        if view is None or columns <= 0:
            return ()
        made = self._made
        if made is None or made[0] is not view or made[1] is not item or made[2] != columns:
            made = self._made = (view, item, columns, self.lines(view, columns))
        return made[3]

    def count(self) -> int:
        """Return how many lines there are."""
        return len(self.text)

    def row(self, index: int, columns: int) -> Line:
        """Return a line."""
        del columns
        text = self.text
        return text[index] if index < len(text) else BLANK

    def row_text(self) -> str:
        """Return the whole text, to be copied."""
        return "\n".join("".join(piece.text for piece in one).rstrip() for one in self.text)
