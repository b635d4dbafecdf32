"""Choice: one of several rows; Enter takes it, Escape leaves."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen

from tui.dashboard.bound import bound
from tui.dashboard.keys import CHOICE
from tui.dashboard.line import Line, Piece, line, said
from tui.dashboard.row_list import RowList


class Rows(RowList):
    """The rows of a choice."""

    def __init__(self, rows: Sequence[tuple[str, str]], empty: str) -> None:
        """Take names and texts, and what to say where there are none."""
        super().__init__()
        self.rows = rows
        self._empty = empty
        self.cursor = 0 if rows else -1

    def count(self) -> int:
        """Return how many rows there are, one at least."""
        return len(self.rows) or 1

    def row(self, index: int, columns: int) -> Line:
        """Return the text of a row."""
        del columns
        if not self.rows:
            return line(Piece(self._empty, "faint"))
        return line(said(self.rows[index][1]))


class Choice(ModalScreen[str | None]):
    """Offers rows; answers with the name of the one that was taken."""

    BINDINGS: ClassVar[list[BindingType]] = bound(CHOICE)

    def __init__(self, title: str, rows: Sequence[tuple[str, str]], *, empty: str = "") -> None:
        """Take the title, names and texts, and what to say where there are none."""
        super().__init__()
        self._title = title
        self._rows = rows
        self._empty = empty

    def compose(self) -> ComposeResult:
        """Put the rows into a box."""
        with Vertical(classes="modal") as box:
            box.border_title = self._title
            made = Rows(self._rows, self._empty)
            made.styles.height = min(max(len(self._rows), 1), 16)
            yield made

    def action_take(self) -> None:
        """Answer with the row under the cursor."""
        rows = self.query_one(Rows)
        if 0 <= rows.cursor < len(self._rows):
            self.dismiss(self._rows[rows.cursor][0])

    def on_row_list_chosen(self) -> None:
        """A row was clicked twice."""
        self.action_take()
