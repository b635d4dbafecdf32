"""The control events in order; what lies behind the playhead is dimmed."""

from __future__ import annotations

from bisect import bisect_right
from typing import ClassVar, Final

from analyzer.case import Happening
from tui import people
from tui.dashboard.line import BLANK, Line, Piece, cells, line, said, toned
from tui.dashboard.panel import Panel, Place
from tui.dashboard.telling import IN_BRIEF, person
from tui.dashboard.tones import OF_GRAVITY, verdict_symbol
from tui.dashboard.view import DashboardView
from tui.words import VERDICTS

COLUMNS: Final = 56
"""Columns from which on what an event touched has a column of its own."""
WIDE: Final = 84
"""Columns from which on the year is shown too."""
NAME: Final = 24
TOUCHED: Final = 15
"""Columns of an event's name and of what it touched."""


class Events(Panel):
    """Every call and notice that can move a key or a database, the one at the playhead marked."""

    TITLE: ClassVar[str] = "Events"
    KEY: ClassVar[str] = "v"
    PLACE: ClassVar[Place] = Place.MIDDLE

    def __init__(self) -> None:
        """Begin empty."""
        super().__init__(id="events")

    def watch_view(self, view: DashboardView | None) -> None:
        """Put the cursor on the last event up to the playhead."""
        if view is None:
            return
        place = view.position.event
        self.cursor = place if view.matches is None else bisect_right(view.matches, place) - 1
        self.border_title = _title(view)

    def count(self) -> int:
        """Return how many events the filter lets pass."""
        if self.view is None:
            return 0
        matches = self.view.matches
        return len(self.view.playback.happenings if matches is None else matches)

    def place(self, index: int) -> int:
        """Return the place of a row's event among all."""
        matches = self.view.matches if self.view is not None else None
        return index if matches is None else matches[index]

    def row(self, index: int, columns: int) -> Line:
        """Return an event."""
        view = self.view
        if view is None:
            return BLANK
        place = self.place(index)
        shown = _event(view.playback.happenings[place], view, columns)
        is_past = view.playback.times[place] <= view.at
        return shown if is_past else toned(shown, "faint")


def _title(view: DashboardView) -> str:
    count = len(view.playback.happenings)
    if view.matches is None:
        return f"Events  {count}"
    return f"Events  {len(view.matches)} of {count}"


def _event(one: Happening, view: DashboardView, columns: int) -> Line:
    by = one.evidence.document()
    tone = "struck" if one.removed else ""
    brief = IN_BRIEF.get(by["event_name"])
    name = said(brief or by["event_name"], tone or ("strong" if one.mark else ""))
    who = said(one.service.upper() if brief else person(by), tone or "faint")
    error = said(f"{by['error']}  ", "warn") if by["error"] else None
    is_wide = columns >= WIDE
    when = Piece(view.clock.full(one.at)[:19] if is_wide else view.clock.short(one.at), tone)
    if columns < COLUMNS:
        return line(when, " ", _symbol(one), " ", name, "  ", error, who)
    tracks = (view.playback.by_id.get(track) for track in one.tracks)
    touched = next((said(track.name, tone) for track in tracks if track is not None), Piece(""))
    if is_wide and not brief:
        who = said(people.actor(by), tone)
    moment = 19 if is_wide else 14
    fixed = ((when,), moment), ((_symbol(one),), 1), ((name,), NAME), ((touched,), TOUCHED)
    return cells(*fixed, (line(error, who), columns - moment - 1 - NAME - TOUCHED - 4))


def _symbol(one: Happening) -> Piece:
    """Return what an event did to the worst of what it touched."""
    if one.removed:
        return Piece("╳" if one.removed == "crossed out" else "╎", "act")
    if one.evidence.error is not None:
        return Piece("!", "warn")
    if one.mark is None:
        return Piece(" ")
    if one.mark.after in VERDICTS:
        return verdict_symbol(one.mark.after)
    return Piece("✖" if one.mark.after == "Deleted" else "▲", OF_GRAVITY[one.mark.gravity])
