"""Main: the one screen behind all modals: the strip above, one of the screens below it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from textual.app import ComposeResult
from textual.reactive import reactive
from textual.widgets import ContentSwitcher, Static

from analyzer.case import Extent
from tui.dashboard import position as moves
from tui.dashboard.bars import Banner, Header, KeyBar, Summary
from tui.dashboard.clock import moment_of
from tui.dashboard.doing import Doing
from tui.dashboard.first_sight import FirstSight
from tui.dashboard.panels.events import Events
from tui.dashboard.panels.resources import Resources
from tui.dashboard.row_list import RowList
from tui.dashboard.screens import SCREENS
from tui.dashboard.screens.actors import Actor, Actors
from tui.dashboard.screens.findings import Findings
from tui.dashboard.screens.lanes import Lanes
from tui.dashboard.screens.query import Catalogue, QuerySheet, Results
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

    extent: reactive[Extent | None] = reactive(None, repaint=False)
    percent: reactive[int] = reactive(0, repaint=False)

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
        sight = FirstSight(self.dashboard.opening.settings)
        yield sight.data_bind(extent=Main.extent, percent=Main.percent)
        yield Static(id="too-small", markup=False)

    def on_mount(self) -> None:
        """Let the events have the keys."""
        self.query_one(Events).focus()

    def watch_view(self, view: DashboardView | None) -> None:
        """Show the banner while anything is crossed out; there is something to see now."""
        self.set_class(view is not None, "-open")
        self.set_class(view is not None and view.playback.baseline is not None, "-what-if")
        self.call_after_refresh(self.fit)  # a small terminal is told the command of the view

    def on_resize(self) -> None:
        """Choose the layout that fits."""
        self.fit()

    def fit(self) -> None:
        """Lay out for the size that there is, or say that it is too small."""
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
        elif isinstance(rows, Resources | Lanes):
            track = rows.track(message.row)
            if track is not None:
                self.go(replace(view.position, selected=track.id))

    def on_row_list_chosen(self, message: RowList.Chosen) -> None:
        """Look into what was chosen, on the Replay screen."""
        view, rows = self.view, message.rows
        if view is None:
            return
        position = view.position
        if isinstance(rows, Events) and view.event is not None:
            mark = view.event.mark
            first = () if mark is None else (mark.track,)
            position = _touched(view, position, (*first, *view.event.tracks))
        elif isinstance(rows, Findings) and rows.item is not None:
            resource, since = rows.item["resource"], moment_of(rows.item["since"])
            named = [one.id for one in view.playback.tracks if resource in {one.id, one.address}]
            position = moves.to_moment(view.playback, position, since)
            position = _touched(view, position, named)
        elif isinstance(rows, Actors) and rows.item is not None:
            position = replace(position, filter=rows.item.filter)
            position = moves.to_event(view.playback, position, _worst(view, rows.item))
        elif isinstance(rows, Catalogue):
            self.query_one(QuerySheet).ask()
            return
        elif isinstance(rows, Results) and rows.item is not None:
            place = view.playback.by_entry.get(rows.item.get("entry_index", -1))
            if place is None:
                self.notify("No control event belongs to this row.", markup=False)
                return
            position = moves.to_event(view.playback, position, place)
        elif not isinstance(rows, Resources | Lanes):
            return
        self.go(position, is_jump=True)
        self.action_panel("Events" if isinstance(rows, Actors) else "Why")

    def on_time_strip_sought(self, message: TimeStrip.Sought) -> None:
        """Go where the strip was clicked."""
        if self.view is not None:
            self.go(moves.to_moment(self.view.playback, self.view.position, message.at))

    def on_query_sheet_asked(self, message: QuerySheet.Asked) -> None:
        """Ask; the rows come as a message."""
        self.dashboard.ask(message.text, message.parameters)

    def on_lanes_sought(self, message: Lanes.Sought) -> None:
        """Go where a lane was clicked."""
        if self.view is not None:
            position = replace(self.view.position, selected=message.track)
            self.go(moves.to_moment(self.view.playback, position, message.at))

    async def on_key_bar_pressed(self, message: KeyBar.Pressed) -> None:
        """Do what the clicked key does."""
        await self.run_action(message.key.action)


def _touched(
    view: DashboardView, position: moves.Position, tracks: Sequence[str]
) -> moves.Position:
    """Select the first of *tracks*, if there is one."""
    known = [track for track in tracks if track in view.playback.by_id]
    return replace(position, selected=known[0]) if known else position


def _worst(view: DashboardView, actor: Actor) -> int:
    """Return the place of the gravest thing that somebody did, else of the last one."""
    grave = [one for one in actor.grave if one.gravity == actor.gravity]
    return view.playback.by_entry[(grave or actor.events)[-1].evidence.entry]
