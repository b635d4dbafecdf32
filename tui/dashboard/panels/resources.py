"""Keys and databases in one list whose order never changes: each key above what lies under it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar, Final

from analyzer.case import Document, Playback, Track
from tui.dashboard.clock import moment_of
from tui.dashboard.line import BLANK, Line, Piece, cells, fitted, line, said
from tui.dashboard.line import width as width_of
from tui.dashboard.panel import Panel, Place
from tui.dashboard.tones import OF_VERDICT, key_tone, row_symbol
from tui.dashboard.view import DashboardView
from tui.words import duration

SHORT: Final = 12
"""Characters beyond which a key's id is told by its first eight."""


class Resources(Panel):
    """Every key with the databases under it, and how each is doing at the playhead."""

    TITLE: ClassVar[str] = "Keys and databases"
    KEY: ClassVar[str] = "k"
    PLACE: ClassVar[Place] = Place.LEFT

    def __init__(self) -> None:
        """Begin empty."""
        super().__init__(id="resources")
        self._rows: Sequence[Track | str] = ()
        self._places: Mapping[str, int] = {}
        self._of: tuple[Track, ...] = ()

    def watch_view(self, view: DashboardView | None) -> None:
        """Put the cursor on what is selected."""
        if view is None:
            return
        if self._of is not view.playback.tracks:
            self._of = view.playback.tracks
            self._rows = rows_of(view.playback)
            self._places = {
                row.id: index for index, row in enumerate(self._rows) if isinstance(row, Track)
            }
        self.cursor = self._places.get(view.position.selected or "", -1)

    def count(self) -> int:
        """Return how many rows there are, headings included."""
        return len(self._rows)

    def row(self, index: int, columns: int) -> Line:
        """Return a heading, a key or a database."""
        row = self._rows[index]
        if isinstance(row, str):
            return line(said(row, "faint"))
        return _track(row, self.view, columns) if self.view is not None else BLANK

    def track(self, index: int) -> Track | None:
        """Return the key or database of a row; None for a heading."""
        row = self._rows[index]
        return None if isinstance(row, str) else row

    def _move_to(self, index: int) -> None:
        """Step over headings."""
        way = 1 if index >= self.cursor else -1
        index = min(max(index, 0), self.count() - 1)
        while 0 <= index < self.count() and isinstance(self._rows[index], str):
            index += way
        if 0 <= index < self.count():
            super()._move_to(index)


def rows_of(playback: Playback) -> list[Track | str]:
    """Return the tracks in their order, under headings where there is more than one place."""
    places = list(dict.fromkeys(track.place for track in playback.tracks))
    rows: list[Track | str] = []
    last: tuple[str, str] | None = None
    for track in playback.tracks:
        if len(places) > 1 and track.is_key and track.place != last:
            last = track.place
            rows.append(" ".join(part for part in last if part) or "elsewhere")
        rows.append(track)
    return rows


def _track(track: Track, view: DashboardView, columns: int) -> Line:
    row = track.at(view.at)
    aside = _aside(track, row, view.at)
    indent = "" if track.is_key else "  "
    name = line(Piece(indent), row_symbol(row), " ", *_name(track, row))
    room = columns - width_of((aside,)) - 1
    return cells((fitted(name, room), room), ((aside,), columns - room - 1))


def _name(track: Track, row: Document | None) -> Line:
    if row is None:
        return (said(track.name, "faint"),)
    if not track.is_key:
        return (said(track.name, "strong"),)
    if row["aliases"]:
        return (said(row["aliases"][0]),)
    key_id = row["key_id"]
    short = said(f"{key_id[:8]}…" if len(key_id) > SHORT else key_id)
    was = track.name.removeprefix("alias/")
    return (short, said(f" {was}", "faint")) if was != track.name else (short,)


def _aside(track: Track, row: Document | None, at: int) -> Piece:
    """Return what is most worth knowing of it in a word or two."""
    if row is None:
        return Piece("")
    if track.is_key:
        return Piece("" if row["usable"] else row["state"], key_tone(row))
    if row["doubt"]:
        return Piece("lost?" if row["doubt"]["seen"] == "unrecoverable" else "", "bad")
    until = row["recoverable_until"]
    if row["verdict"] in {"healthy", "unrecoverable"} or until is None:
        return Piece("lost" if row["verdict"] == "unrecoverable" else "", "bad")
    left = moment_of(until) - at
    tone = OF_VERDICT[row["verdict"]]
    return Piece(f"{duration(left / 1e6)} left" if left > 0 else "no time left", tone)
