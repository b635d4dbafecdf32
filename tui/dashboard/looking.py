"""Looking: the actions that look closer, without changing what is so."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from tui.dashboard import position as moves
from tui.dashboard.keys import cap
from tui.dashboard.modals.choice import Choice
from tui.dashboard.modals.prompt import Prompt
from tui.dashboard.moving import Moving
from tui.dashboard.row_list import RowList
from tui.dashboard.screens.evidence import EvidenceSheet
from tui.dashboard.workers import AUDIT, QUERY, USAGE, WHAT_IF

ZOOM: Final = 4
LEAST_WINDOW: Final = 60_000_000
"""A minute: more than that is not zoomed in."""


class Looking(Moving):
    """Filter, context, marks and bookmarks."""

    def action_filter(self) -> None:
        """Ask which events to show."""
        if self.view is not None:
            self.app.push_screen(Prompt.filter(self.view), self._filtered)

    def _filtered(self, written: str | None) -> None:
        if self.view is not None and written is not None:
            self.go(replace(self.view.position, filter=written.strip()))

    def action_clear(self) -> None:
        """Give up what is waited for; else take back what narrows the sight, the last first."""
        view = self.view
        if view is None:
            return
        position = view.position
        if self.dashboard.is_busy_with(WHAT_IF, QUERY):
            self.dashboard.give_up(WHAT_IF, QUERY)
            self.dashboard.show(crossed_out=view.playback.crossed_out)
        elif position.filter:
            self.go(replace(position, filter=""))
        elif position.window is not None:
            self.go(replace(position, window=None))
        elif position.mark is not None:
            self.go(replace(position, mark=None))
        else:
            self.dashboard.give_up(AUDIT, USAGE)

    def action_context(self) -> None:
        """Narrow everything to a quarter of an hour to both sides, or widen it again."""
        view = self.view
        if view is None:
            return
        if view.position.window is not None:
            self.go(replace(view.position, window=None))
        else:
            self.go(moves.narrowed(view.position, moves.CONTEXT))

    def action_zoom(self, by: int) -> None:
        """Show less time, or more."""
        view = self.view
        if view is None:
            return
        start, end = view.position.window or (view.playback.start, view.playback.end)
        reach = (end - start) // (ZOOM if by < 0 else 1) * (1 if by < 0 else ZOOM) // 2
        if 2 * reach >= view.playback.end - view.playback.start:
            self.go(replace(view.position, window=None))
        elif reach >= LEAST_WINDOW:
            self.go(moves.narrowed(view.position, reach))

    def action_mark(self) -> None:
        """Mark this moment, or take the mark away if it is here."""
        view = self.view
        if view is not None:
            is_here = view.position.mark == view.at
            self.go(replace(view.position, mark=None if is_here else view.at))

    def action_bookmark(self) -> None:
        """Keep this moment, or drop it."""
        view = self.view
        if view is not None:
            kept = tuple(sorted(set(view.bookmarks) ^ {view.at}))
            self.dashboard.show(bookmarks=kept)
            self._write(kept)

    def _write(self, kept: tuple[int, ...]) -> None:
        """Keep moments for the next sitting, where there is a place for them."""
        place = self.dashboard.opening.bookmarks
        try:
            if place is not None:
                place.write(kept)
        except OSError as error:
            told = f"Kept for this sitting only: {place and place.path}: {error.strerror}"
            self.notify(told, severity="warning", markup=False)

    def action_bookmarks(self) -> None:
        """List the moments that were kept."""
        view = self.view
        if view is None:
            return
        rows = [(str(at), view.clock.full(at)) for at in view.bookmarks]
        key = cap(view.settings.keymap, "bookmark")
        self.app.push_screen(Choice("Bookmarks", rows, empty=f"{key} keeps a moment"), self._chosen)

    def _chosen(self, moment: str | None) -> None:
        view = self.view
        if view is not None and moment is not None:
            self.go(moves.to_moment(view.playback, view.position, int(moment)), is_jump=True)

    def action_drill(self) -> None:
        """Look into the row under the cursor; on the Evidence screen audit, or cancel it."""
        view = self.view
        if isinstance(self.sheet, EvidenceSheet) and view is not None:
            if self.dashboard.is_busy_with(AUDIT):
                self.dashboard.give_up(AUDIT)
            else:
                self.dashboard.audit()
        elif isinstance(self.focused, RowList):
            self.focused.choose()
