"""Doing: the actions that leave something behind: a counterfactual, a copy, a file."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from tui.dashboard.export import OFFERS, free_path, write
from tui.dashboard.looking import Looking
from tui.dashboard.modals.choice import Choice
from tui.dashboard.modals.help import Help
from tui.dashboard.modals.what_if import WhatIf
from tui.dashboard.row_list import RowList


class Doing(Looking):
    """What if, copies, exports."""

    def action_cross_out(self) -> None:
        """Cross out the event under the cursor, or let it count again."""
        view = self.view
        if view is None or view.event is None:
            return
        crossed = view.crossed_out ^ {view.event.evidence.entry}
        self._cross_out(crossed)

    def action_reset(self) -> None:
        """Let everything count again."""
        self._cross_out(frozenset())

    def _cross_out(self, entries: frozenset[int]) -> None:
        view = self.view
        if view is None or entries == view.crossed_out:
            return
        real = view.playback.baseline or view.playback
        self.dashboard.show(crossed_out=entries)
        self.dashboard.suppose(real, entries)
        if entries:
            self.replay.inspector.front = "diff"

    def action_what_if(self) -> None:
        """List what is crossed out, and what would be otherwise."""
        if self.view is not None:
            self.app.push_screen(WhatIf(self.view), self._let_count)

    def _let_count(self, entry: int | None) -> None:
        if self.view is not None and entry is not None:
            self._cross_out(self.view.crossed_out - {entry})

    def action_copy(self) -> None:
        """Copy what is under the cursor."""
        if isinstance(self.focused, RowList):
            text = self.focused.row_text()
            self.app.copy_to_clipboard(text)
            self.notify(f"Copied: {text[:200]}", markup=False)

    def action_copy_command(self) -> None:
        """Show and copy the command that answers the same."""
        command = self.command()
        self.app.copy_to_clipboard(command)
        self.notify(command, title="Copied: the same on a command line", markup=False)

    def action_export(self) -> None:
        """Offer what can be written into a file."""
        if self.view is not None:
            rows = [(name, offer.title) for name, offer in OFFERS.items()]
            self.app.push_screen(Choice("Write into a file here", rows), self._export)

    def _export(self, name: str | None) -> None:
        view = self.view
        if view is None or name is None:
            return
        path = free_path(Path.cwd(), view, name)
        pieces = OFFERS[name].pieces
        made = iter([self.app.export_screenshot()]) if pieces is None else pieces(view)
        try:
            write(path, made)
        except OSError as error:
            self.notify(f"{path.name}: {error.strerror}", severity="error", markup=False)
        else:
            self.notify(f"Written: {path.name}", markup=False)

    def action_zone(self) -> None:
        """Show times in UTC, or in the zone that was asked for."""
        view = self.view
        if view is not None:
            clock = replace(view.clock, is_utc=not view.clock.is_utc)
            self.dashboard.show(settings=replace(view.settings, clock=clock))

    def action_help(self) -> None:
        """Show every key."""
        self.app.push_screen(Help(self.dashboard.opening.settings.keymap))
