"""Moving: the actions that move the playhead."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from textual.timer import Timer

from analyzer.case import moment_at, sought
from analyzer.errors import UnreadableTimeError
from tui.dashboard import position as moves
from tui.dashboard.clock import SECOND
from tui.dashboard.desk import Desk
from tui.dashboard.modals.prompt import Prompt
from tui.dashboard.panels.state import State

TICK: Final = 0.5
"""Seconds between two events while playing at speed 1."""

FASTEST: Final = 64


class Moving(Desk):
    """Every way to another moment."""

    _player: Timer | None = None

    def action_step(self, by: int) -> None:
        """Go by events; where a filter is set, by those that it lets pass."""
        view = self.view
        if view is not None:
            self.go(moves.step(view.playback, view.position, view.matches, by))

    def action_turn(self, by: int) -> None:
        """Go to the next or previous change of a verdict, or other critical change."""
        view = self.view
        if view is not None:
            self.go(moves.to_mark(view.playback, view.position, by), is_jump=True)

    def action_change(self, by: int) -> None:
        """Go to the next or previous change of what is selected."""
        view = self.view
        if view is not None:
            self.go(moves.to_change(view.playback, view.position, by), is_jump=True)

    def action_skip(self, seconds: int) -> None:
        """Go by time."""
        view = self.view
        if view is not None:
            self.go(moves.by_time(view.playback, view.position, seconds * SECOND))

    def action_share(self, percent: int) -> None:
        """Go to a share of the way from the first event to the last."""
        view = self.view
        if view is not None:
            at = moment_at(view.playback, percent / 100)
            self.go(moves.to_moment(view.playback, view.position, at), is_jump=True)

    def action_last_chance(self) -> None:
        """Go to the last second at which the selected database could have been saved."""
        view = self.view
        if view is None or view.track is None:
            return
        at = moves.last_chance(view.playback, view.track.id, view.at)
        if at is None:
            self.notify(f"{view.track.name} was never lost.", markup=False)
            return
        self.action_panel("Why")
        self.go(moves.to_moment(view.playback, view.position, at), is_jump=True)

    def action_writer(self) -> None:
        """Go to what last wrote the selected field of the State panel."""
        view = self.view
        if view is not None:
            member = self.query_one(State).member()
            position = replace(view.position, member=member)
            self.go(moves.to_writer(view.playback, position), is_jump=True)

    def action_back(self) -> None:
        """Go back to before the last jump."""
        self.dashboard.go_back()

    def action_seek(self) -> None:
        """Ask where to go."""
        self.app.push_screen(Prompt.seek(), self._sought)

    def _sought(self, written: str | None) -> None:
        view = self.view
        if view is None or not written:
            return
        try:
            found = sought(view.playback, written, at=view.at, now=self.dashboard.now())
        except UnreadableTimeError as error:
            forms = ", ".join(error.forms)
            self.notify(f"Nothing there: {written}. Try {forms}.", severity="warning", markup=False)
            return
        self.go(moves.to_sought(view.playback, view.position, found), is_jump=True)

    def action_play(self) -> None:
        """Play, or pause."""
        view = self.view
        if view is not None:
            self._play(is_playing=not view.is_playing, speed=view.speed)

    def action_speed(self, by: int) -> None:
        """Play twice or half as fast."""
        view = self.view
        if view is not None:
            speed = view.speed * 2 if by > 0 else view.speed // 2
            self._play(is_playing=view.is_playing, speed=min(max(speed, 1), FASTEST))

    def _play(self, *, is_playing: bool, speed: int) -> None:
        if self._player is not None:
            self._player.stop()
            self._player = None
        self.dashboard.show(is_playing=is_playing, speed=speed)
        if is_playing:
            self._player = self.set_interval(TICK / speed, self._tick)

    def _tick(self) -> None:
        """Go an event on; pause at the end."""
        before = self.view
        self.action_step(1)
        after = self.dashboard.view
        if before is not None and after is not None and before.position == after.position:
            self._play(is_playing=False, speed=before.speed)

    def action_follow(self) -> None:
        """Watch for new entries, or cease to."""
        view = self.view
        if view is not None:
            self.dashboard.show(follows=not view.follows)
