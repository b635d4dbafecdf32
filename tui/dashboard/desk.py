"""The desk: what every action of the one screen needs: the view, the app, and the way to move."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from typing import ClassVar, cast

from textual.binding import BindingType
from textual.reactive import reactive
from textual.screen import Screen
from textual.widgets import ContentSwitcher

from tui.dashboard.bound import bound
from tui.dashboard.keymap import everywhere
from tui.dashboard.panels import PANELS
from tui.dashboard.position import Position
from tui.dashboard.screens.replay import Replay
from tui.dashboard.sheet import Sheet
from tui.dashboard.standing import Standing
from tui.dashboard.view import DashboardView


def of_fleet(command: str, folder: str, access: Sequence[str] = ()) -> str:
    """Return the command that asks a fleet what another asks a ledger, in the same name."""
    verb, _, rest = command.partition(" ")
    named = shlex.join([folder, *access])
    return f"keyledger fleet {verb} {named} {rest}".rstrip()


class Desk(Screen[None]):
    """What the actions stand on; `moving.py`, `looking.py` and `doing.py` say what they do."""

    BINDINGS: ClassVar[list[BindingType]] = bound(
        key for keys in everywhere().values() for key in keys
    )

    view: reactive[DashboardView | None] = reactive(None, repaint=False)

    @property
    def dashboard(self) -> Standing:
        """The app."""
        return cast("Standing", self.app)

    @property
    def sheet(self) -> Sheet:
        """The screen in front."""
        current = self.query_one("#sheets", ContentSwitcher).current
        return self.query_one(f"#{current}", Sheet)

    @property
    def replay(self) -> Replay:
        """The Replay screen, in front or not."""
        return self.query_one(Replay)

    def command(self) -> str:
        """Return the command that answers what is shown."""
        view = self.view
        if view is None or self.query_one("#sheets", ContentSwitcher).current is None:
            return "keyledger state"
        if view.settings.is_fleet:
            asked = self.sheet.command(view)
            return of_fleet(asked, view.settings.ledger, view.settings.access)
        asked = f"keyledger {self.sheet.command(view)}"
        if view.settings.is_default_ledger:
            return asked
        return f"{asked} --ledger {shlex.quote(view.settings.ledger)}"

    def go(self, position: Position, *, is_jump: bool = False) -> None:
        """Stand somewhere else; a jump can be taken back."""
        self.dashboard.go(position, is_jump=is_jump)

    def action_panel(self, title: str) -> None:
        """Bring a panel to the front and let it have the keys."""
        self.action_screen(Replay.NAME)
        self.replay.bring(next(panel for panel in PANELS if title == panel.TITLE))

    def action_screen(self, name: str) -> None:
        """Show another screen."""
        self.query_one("#sheets", ContentSwitcher).current = name
        self.sheet.take_keys()
        self.gather()

    def gather(self) -> None:
        """Have found out what the screen in front shows."""
        if self.view is not None:
            self.sheet.gather(self.dashboard, self.view)
