"""The contract of a panel: a list of rows that shows a part of the view; it reads, nothing else.

A panel is a file in `panels/` and a word in its tuple. The Replay screen puts each where it belongs
and gives it every new view; the help is made from `TITLE`, `KEY` and the docstring.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum
from typing import ClassVar

from textual.reactive import reactive

from tui.dashboard.line import BLANK, Line
from tui.dashboard.row_list import RowList
from tui.dashboard.view import DashboardView


class Place(Enum):
    """Where on the Replay screen a panel stands."""

    LEFT = "left"
    MIDDLE = "middle"
    INSPECTOR = "inspector"
    """One behind the other, with a tab each."""


class Panel(RowList):
    """A part of the Replay screen."""

    TITLE: ClassVar[str]
    """What stands in its border, or on its tab."""
    KEY: ClassVar[str]
    """The key that brings it to the front."""
    PLACE: ClassVar[Place] = Place.INSPECTOR

    view: reactive[DashboardView | None] = reactive(None, repaint=False)

    @classmethod
    def binding_id(cls) -> str:
        """Return the name of its key in a keymap."""
        return f"panel-{cls.TITLE.lower().replace(' ', '-')}"

    def show(self, view: DashboardView) -> None:
        """Show another view."""
        raise NotImplementedError

    def watch_view(self, view: DashboardView | None) -> None:
        """Show the new view, if anybody sees it."""
        if view is not None and self.display:
            self.show(view)

    def on_show(self) -> None:
        """Catch up with the view once the panel can be seen."""
        if self.view is not None:
            self.show(self.view)

    def on_resize(self) -> None:
        """Show the view in the new width."""
        self.call_after_refresh(self.on_show)


class Page(Panel):
    """A panel of running lines, made by one pure function of the view and the width."""

    HAS_CURSOR: ClassVar[bool] = False

    def __init__(self) -> None:
        """Begin empty."""
        super().__init__(id=self.name_of())
        self._lines: Sequence[Line] = ()

    @classmethod
    def name_of(cls) -> str:
        """Return the panel's id: its title in lower case."""
        return cls.TITLE.lower().replace(" ", "-")

    def lines(self, view: DashboardView, columns: int) -> Sequence[Line]:
        """Return what to show, each line at most so wide."""
        raise NotImplementedError

    def show(self, view: DashboardView) -> None:
        """Make the lines anew; back to the top where something else is looked at."""
        columns = self.scrollable_content_region.width
        if columns > 0:
            self._lines = self.lines(view, columns)
            self.renew()

    def count(self) -> int:
        """Return how many lines there are."""
        return len(self._lines)

    def row(self, index: int, columns: int) -> Line:
        """Return a line."""
        del columns
        return self._lines[index] if index < len(self._lines) else BLANK

    def row_text(self) -> str:
        """Return everything that is shown, to be copied."""
        return "\n".join("".join(piece.text for piece in one).rstrip() for one in self._lines)
