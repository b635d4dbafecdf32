"""Replay: keys and databases, the events, and the inspector, all at the playhead."""

from __future__ import annotations

import shlex
from typing import ClassVar

from rich.text import Text
from textual import events
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget
from textual.widgets import ContentSwitcher

from tui.dashboard.clock import typed
from tui.dashboard.line import Piece
from tui.dashboard.painted import as_text
from tui.dashboard.panel import Page, Panel, Place
from tui.dashboard.panels import PANELS
from tui.dashboard.sheet import Sheet
from tui.dashboard.view import DashboardView

TABS: tuple[type[Page], ...] = tuple(
    panel for panel in PANELS if panel.PLACE is Place.INSPECTOR and issubclass(panel, Page)
)
"""The panels of the inspector."""


class Tabs(Widget):
    """The titles of the inspector's panels on one line."""

    front: reactive[str] = reactive("why")

    class Picked(Message):
        """A tab was clicked."""

        def __init__(self, panel: str) -> None:
            super().__init__()
            self.panel = panel

    def render(self) -> Text:
        """Return the titles, the one in front set off."""
        pieces = [Piece(" ")]
        for panel in TABS:
            is_front = panel.name_of() == self.front
            pieces.append(Piece(panel.TITLE, "accent strong" if is_front else "faint"))
            pieces.append(Piece("  "))
        return as_text(self.app, tuple(pieces))

    def on_click(self, event: events.Click) -> None:
        """Say which title was clicked."""
        column = 1
        for panel in TABS:
            if column <= event.x < column + len(panel.TITLE) + 2:
                self.post_message(self.Picked(panel.name_of()))
            column += len(panel.TITLE) + 2


class Inspector(Vertical):
    """One panel in front, the others behind their tabs."""

    front: reactive[str] = reactive("why")
    view: reactive[DashboardView | None] = reactive(None, repaint=False)

    def compose(self) -> ComposeResult:
        """Put the tabs above the panels."""
        yield Tabs().data_bind(front=Inspector.front)
        with ContentSwitcher(initial=self.front, id="pages"):
            for panel in TABS:
                yield panel().data_bind(view=Inspector.view)

    def watch_front(self, front: str) -> None:
        """Bring a panel to the front."""
        for switcher in self.query(ContentSwitcher):
            switcher.current = front

    def on_tabs_picked(self, message: Tabs.Picked) -> None:
        """Bring the clicked panel to the front."""
        self.front = message.panel

    @property
    def panel(self) -> Page:
        """The panel in front."""
        return self.query_one(f"#{self.front}", Page)


class Replay(Sheet):
    """Everything at the playhead."""

    NAME: ClassVar[str] = "replay"

    def compose(self) -> ComposeResult:
        """Put every panel in its place."""
        with Horizontal():
            for panel in PANELS:
                if panel.PLACE is not Place.INSPECTOR:
                    made = panel()
                    made.border_title = panel.TITLE
                    yield made.data_bind(view=Replay.view)
            yield Inspector(id="inspector").data_bind(view=Replay.view)

    @property
    def inspector(self) -> Inspector:
        """The inspector."""
        return self.query_one(Inspector)

    def bring(self, panel: type[Panel]) -> None:
        """Show a panel and let it have the keys."""
        if issubclass(panel, Page):
            self.inspector.front = panel.name_of()
            self.inspector.panel.focus()
        else:
            wanted = self.query_one(panel)
            self.set_class(panel.PLACE is Place.LEFT, "-tree")
            wanted.focus()

    def command(self, view: DashboardView) -> str:
        """Return `explain` for a database, `state` for a key, `state` of everything else."""
        at = f"--at {typed(view.at)}"
        if view.track is None:
            return f"state {at}"
        name = shlex.quote(view.track.name if not view.track.is_key else view.track.id)
        return f"state {name} {at}" if view.track.is_key else f"explain {name} {at}"
