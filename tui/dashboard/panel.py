"""The contract of a panel: a list of rows that shows a part of the view; it reads, nothing else.

A panel is a file in `panels/` and a word in its tuple. The Replay screen puts each where it belongs
and gives it every new view; the help is made from `TITLE`, `KEY` and the docstring.
"""

from __future__ import annotations

from enum import Enum
from typing import ClassVar

from textual.reactive import reactive

from tui.dashboard.row_list import RowList
from tui.dashboard.running import Running
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

    view: reactive[DashboardView | None] = reactive(None)

    @classmethod
    def binding_id(cls) -> str:
        """Return the name of its key in a keymap."""
        return f"panel-{cls.TITLE.lower().replace(' ', '-')}"


class Page(Panel, Running):
    """A panel of running lines, made by one pure function of the view and the width."""

    def __init__(self) -> None:
        """Take the id by which it is shown."""
        super().__init__(id=self.name_of())

    @classmethod
    def name_of(cls) -> str:
        """Return the panel's id: its title in lower case."""
        return cls.TITLE.lower().replace(" ", "-")

    def subject(self, view: DashboardView) -> object:
        """Return what is selected."""
        return view.position.selected
