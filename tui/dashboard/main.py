"""Main: the one screen behind all modals: the strip above, one of the screens below it."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from textual.app import ComposeResult
from textual.widgets import ContentSwitcher, Static

from tui.dashboard import position as moves
from tui.dashboard.bars import Banner, Header, KeyBar, Summary
from tui.dashboard.doing import Doing
from tui.dashboard.panels.events import Events
from tui.dashboard.panels.resources import Resources
from tui.dashboard.row_list import RowList
from tui.dashboard.screens import SCREENS
from tui.dashboard.screens.replay import Replay
from tui.dashboard.strip import TimeStrip
from tui.dashboard.view import DashboardView

NARROW: Final = 100
"""Columns below which the list of keys and databases gives way."""

WIDE: Final = 180
"""Columns from which on it may be wider."""

LEAST: Final = (80, 24)
"""Columns and lines below which there is no dashboard."""


class Main(Doing):
    """Everything that is on the terminal."""

    def compose(self) -> ComposeResult:
        """Stack the bars, the strip and the screens."""
        yield Header().data_bind(view=Main.view)
        yield Banner().data_bind(view=Main.view)
        yield TimeStrip().data_bind(view=Main.view)
        with ContentSwitcher(initial=Replay.NAME, id="sheets"):
            for sheet in SCREENS:
                yield sheet().data_bind(view=Main.view)
        yield Summary().data_bind(view=Main.view)
        yield KeyBar().data_bind(view=Main.view)
        yield Static(id="too-small", markup=False)

    def on_mount(self) -> None:
        """Let the events have the keys."""
        self.query_one(Events).focus()

    def watch_view(self, view: DashboardView | None) -> None:
        """Show the banner while anything is crossed out."""
        self.set_class(view is not None and view.playback.baseline is not None, "-what-if")

    def on_resize(self) -> None:
        """Choose the layout that fits."""
        width, height = self.size
        is_small = width < LEAST[0] or height < LEAST[1]
        self.set_class(width < NARROW, "-narrow")
        self.set_class(width >= WIDE, "-wide")
        self.set_class(is_small, "-small")
        if is_small:
            self.query_one("#too-small", Static).update(self._too_small(width, height))

    def _too_small(self, width: int, height: int) -> str:
        return (
            f"The dashboard needs {LEAST[0]} columns and {LEAST[1]} lines; this terminal has "
            f"{width} and {height}.\n\nThe same on a command line:\n\n{self.command()}"
        )

    def on_row_list_moved(self, message: RowList.Moved) -> None:
        """Follow the cursor: an event moves the playhead, a key or database is selected."""
        view, rows = self.view, message.rows
        if view is None:
            return
        if isinstance(rows, Events):
            self.go(moves.to_event(view.playback, view.position, rows.place(message.row)))
        elif isinstance(rows, Resources):
            track = rows.track(message.row)
            if track is not None:
                self.go(replace(view.position, selected=track.id))

    def on_row_list_chosen(self, message: RowList.Chosen) -> None:
        """Look into an event or a resource."""
        view, rows = self.view, message.rows
        if view is None:
            return
        if isinstance(rows, Events) and view.event is not None:
            touched = [track for track in view.event.tracks if track in view.playback.by_id]
            if touched:
                self.go(replace(view.position, selected=touched[0]), is_jump=True)
            self.action_panel("Why")
        elif isinstance(rows, Resources):
            self.action_panel("Why")

    def on_time_strip_sought(self, message: TimeStrip.Sought) -> None:
        """Go where the strip was clicked."""
        if self.view is not None:
            self.go(moves.to_moment(self.view.playback, self.view.position, message.at))

    def on_key_bar_pressed(self, message: KeyBar.Pressed) -> None:
        """Do what the clicked key does."""
        self.app.simulate_key(message.key.keys.split(",")[0])
