"""The dashboard's app: holds the one view, lets workers find things out, and passes views on."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, ClassVar

from rich.style import Style
from textual import work
from textual.app import App
from textual.reactive import reactive

from analyzer.case import Playback
from analyzer.errors import AnalyzerError
from tui.dashboard import position as moves
from tui.dashboard.main import Main
from tui.dashboard.messages import Explained, Failed, PlaybackReady, SealedRead
from tui.dashboard.palette import DARK, THEMES, styles
from tui.dashboard.position import Position
from tui.dashboard.reading import Reading
from tui.dashboard.tones import TONES
from tui.dashboard.view import DashboardView, Settings
from tui.sentences import sentence

PATIENCE = 0.12
"""Seconds to wait before something slow is asked: while one scrubs, the next move is near."""

FOLLOWING = 1.0
"""Seconds between two looks at a ledger that somebody else may be writing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """What to open, and where.

    Attributes:
        ledger: path of the ledger.
        settings: what stays the same while one scrubs.
        at: the moment, as typed; None for the decisive one.
        known_at: how much of the ledger counts, as typed; None for all of it.
        resource: the key or database to select, as typed; None for the one that matters most.
        theme: name of the theme.
        keymap: keys by binding id, where they are not the usual ones.
    """

    ledger: Path
    settings: Settings
    at: str | None = None
    known_at: str | None = None
    resource: str | None = None
    theme: str = DARK.name
    keymap: Mapping[str, str] | None = None


class Dashboard(App[None]):
    """Scrub through a history: one frozen view, passed to panels that only read it."""

    CSS_PATH: ClassVar[str] = "app.tcss"
    TITLE = "keyledger"

    view: reactive[DashboardView | None] = reactive(None, repaint=False)

    fatal: Exception | None = None
    """Why there was nothing to show; the command line tells it."""

    def __init__(self, opening: Opening, now: Callable[[], int]) -> None:
        """Prepare to open a ledger; *now* tells the present in microseconds since the epoch."""
        super().__init__()
        self.opening = opening
        self.now = now
        self.tones: Mapping[str, Style] = dict.fromkeys(("", *TONES), Style())
        self.keymap: Mapping[str, str] = opening.keymap or {}
        self.reading = Reading(opening.ledger)
        self._trail: list[Position] = []
        for theme in THEMES:
            self.register_theme(theme)
        self.theme = opening.theme

    def get_default_screen(self) -> Main:
        """Return the one screen; modals come over it."""
        return Main()

    @property
    def main(self) -> Main:
        """The screen that is always there."""
        screen = self.screen_stack[0]
        assert isinstance(screen, Main)  # noqa: S101 - it is the one above
        return screen

    def on_mount(self) -> None:
        """Take the keymap, and begin to read."""
        self.theme_changed_signal.subscribe(self, lambda _theme: self._mix_tones())
        self._mix_tones()
        if self.keymap:
            self.set_keymap(self.keymap)
        self.set_interval(FOLLOWING, self._look_for_more)
        self.lay_out()

    def on_unmount(self) -> None:
        """Let go of the ledger."""
        self.reading.close()

    def _mix_tones(self) -> None:
        self.tones = styles(self.theme_variables, is_ansi=self.native_ansi_color)
        if self.is_running:
            self.main.refresh(recompose=False)
            for widget in self.main.query("*"):
                widget.refresh()

    # What is shown

    def watch_view(self, view: DashboardView | None) -> None:
        """Pass the view on to the screen."""
        if view is not None:
            self.main.view = view

    def show(self, **changes: Any) -> None:
        """Show the view with some of its attributes changed."""
        if self.view is not None:
            self.view = replace(self.view, **changes)

    def go(self, position: Position, *, is_jump: bool = False) -> None:
        """Stand somewhere else; a jump can be taken back."""
        view = self.view
        if view is None or position == view.position:
            return
        if is_jump:
            self._trail.append(view.position)
        matches = view.matches
        if position.filter != view.position.filter:
            matches = view.playback.matching(position.filter)
        is_same = (position.at, position.selected) == (view.position.at, view.position.selected)
        self.view = replace(
            view,
            position=position,
            matches=matches,
            explained=view.explained if is_same else None,
        )
        self.look_closer()

    def go_back(self) -> None:
        """Stand where one stood before the last jump."""
        if self._trail:
            self.go(self._trail.pop())

    # What workers find out

    @work(exclusive=True, group="lay out")
    async def lay_out(self) -> None:
        """Lay the history out, anew where it is already shown."""
        opening, now = self.opening, self.now()
        try:
            playback = await self.reading.ask(
                lambda case: case.playback("end", opening.known_at, now)
            )
        except Exception as error:  # noqa: BLE001 - whatever it is, the person is to be told
            self.post_message(Failed(error, is_fatal=self.view is None))
            return
        self.post_message(PlaybackReady(playback, is_first=self.view is None))

    @work(exclusive=True, group="suppose")
    async def suppose(self, real: Playback, entries: frozenset[int]) -> None:
        """Lay out what would have been without some entries."""
        self.show(busy="what if")
        try:
            imagined = await self.reading.ask(lambda case: case.imagined(real, entries))
        except Exception as error:  # noqa: BLE001 - as above
            self.post_message(Failed(error))
            return
        self.post_message(PlaybackReady(imagined))

    @work(exclusive=True, group="look closer")
    async def look_closer(self) -> None:
        """Find out what takes longer than a lookup, once the person stays where they are."""
        view = self.view
        if view is None:
            return
        await asyncio.sleep(PATIENCE)
        try:
            event = view.event
            if event is not None and (
                view.sealed is None or view.sealed["entry"] != event.evidence.entry
            ):
                entry = event.evidence.entry
                sealed = await self.reading.ask(lambda case: case.sealed(entry))
                self.post_message(SealedRead(sealed))
            track = view.track
            if track is not None and not track.is_key and view.explained is None:
                playback, at = view.playback, view.at
                found = await self.reading.ask(lambda _: playback.explained(track.id, at))
                self.post_message(Explained(track.id, at, found))
        except Exception as error:  # noqa: BLE001 - as above
            self.post_message(Failed(error))

    @work(exclusive=True, group="follow")
    async def _look_for_more(self) -> None:
        view = self.view
        if view is None or not view.follows:
            return
        size = await self.reading.ask(lambda case: case.ledger.size)
        if size != (view.playback.baseline or view.playback).size:
            self.lay_out()

    # Answers to what they found

    def on_playback_ready(self, message: PlaybackReady) -> None:
        """Show another history, standing where one stood."""
        playback, view = message.playback, self.view
        if view is None:
            self._open(playback)
            return
        if view.crossed_out and playback.baseline is None:
            self.suppose(playback, view.crossed_out)
            return
        position = view.position
        if view.follows and view.at >= view.playback.end:
            position = replace(position, at=playback.end)
        position = replace(position, event=playback.last_event(position.at))
        self.view = replace(
            view,
            playback=playback,
            position=position,
            matches=playback.matching(position.filter),
            explained=None,
            busy="",
        )
        self.look_closer()

    def _open(self, playback: Playback) -> None:
        """Show a history for the first time, at the moment that matters most."""
        opening = self.opening
        try:
            position = moves.asked(playback, opening.at, opening.resource, self.now())
        except AnalyzerError as error:
            self.post_message(Failed(error, is_fatal=True))
            return
        self.view = DashboardView(playback=playback, position=position, settings=opening.settings)
        self.look_closer()

    def on_explained(self, message: Explained) -> None:
        """Show the whole answer, if one still stands there."""
        view = self.view
        if view is not None and (view.position.selected, view.at) == (message.track, message.at):
            self.show(explained=message.document)

    def on_sealed_read(self, message: SealedRead) -> None:
        """Show the entry."""
        self.show(sealed=message.document)

    def on_failed(self, message: Failed) -> None:
        """Tell of it; leave if there is nothing to show."""
        told = sentence(message.error)
        if message.is_fatal:
            self.fatal = message.error
            self.exit()
            return
        self.show(busy="")
        self.notify(" ".join([told.text, *told.ways_out]), severity="error", markup=False)
