"""The contract of a screen: what fills the room between the strip and the lower bars."""

from __future__ import annotations

from typing import ClassVar

from textual.containers import Container
from textual.reactive import reactive

from tui.dashboard.row_list import RowList
from tui.dashboard.view import DashboardView
from tui.dashboard.workers import Workers


class Sheet(Container):
    """One of the screens; it passes every new view on to what it is made of."""

    NAME: ClassVar[str]
    """Its id, and what the key that shows it calls it."""

    view: reactive[DashboardView | None] = reactive(None, repaint=False)

    def __init__(self) -> None:
        """Take the id by which it is shown."""
        super().__init__(id=self.NAME)

    def take_keys(self) -> None:
        """Let the part that matters most have the keys."""
        for rows in self.query(RowList):
            if rows.display:
                rows.focus()
                return

    def gather(self, workers: Workers, view: DashboardView) -> None:
        """Let workers find out what this screen shows and the view does not have yet."""

    def command(self, view: DashboardView) -> str:
        """Return the command that answers what the screen shows, without its program and ledger."""
        raise NotImplementedError
