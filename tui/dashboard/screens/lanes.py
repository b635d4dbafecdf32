"""Lanes: the verdict on every database through time, its key's state under it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar, Final

from textual import events
from textual.app import ComposeResult
from textual.message import Message
from textual.reactive import reactive

from analyzer.case import Document, Playback, Track
from tui.dashboard.clock import typed
from tui.dashboard.line import BLANK, Line, Piece, cells, fitted, line, said
from tui.dashboard.line import width as width_of
from tui.dashboard.row_list import RowList
from tui.dashboard.scale import Scale
from tui.dashboard.sheet import Sheet
from tui.dashboard.strip import scale_of
from tui.dashboard.tones import OF_VERDICT, key_tone, verdict_symbol, verdict_word
from tui.dashboard.view import DashboardView
from tui.words import VERDICTS, duration

LINES: Final = 4
"""Lines that a database takes: its name, its verdict, its key, and room."""

TEXTURES: Final = {
    "healthy": "━", "at-risk": "▒", "recoverable": "▒", "recoverable-with-action": "▓",
    "unrecoverable": "█", "unknown": "·",
}  # fmt: skip
"""What a verdict's stretch is drawn with, behind its symbol."""


class Lanes(RowList):
    """Three lines for each database, in the order of the list of keys and databases."""

    HAS_EDGES: ClassVar[bool] = False  # each lane lies under the strip, which is as wide

    view: reactive[DashboardView | None] = reactive(None)

    class Sought(Message):
        """A moment of a lane was clicked."""

        def __init__(self, track: str, at: int) -> None:
            super().__init__()
            self.track = track
            self.at = at

    def __init__(self) -> None:
        """Begin empty."""
        super().__init__(id="lane-list")
        self._of: Playback | None = None
        self.tracks: Sequence[Track] = ()
        self._places: Mapping[str, int] = {}

    def watch_view(self, view: DashboardView | None) -> None:
        """Put the cursor on the selected database."""
        if view is None:
            return
        if self._of is not view.playback:
            self._of = view.playback
            self.tracks = [track for track in view.playback.tracks if not track.is_key]
            self._places = {track.id: index for index, track in enumerate(self.tracks)}
        self.cursor = self._places.get(view.position.selected or "", 0) * LINES

    def count(self) -> int:
        """Return how many lines there are."""
        return len(self.tracks) * LINES

    def row(self, index: int, columns: int) -> Line:
        """Return a line of a lane."""
        view = self.view
        if view is None:
            return BLANK
        track, part = self.tracks[index // LINES], index % LINES
        scale = self._scale(view)
        if part == 0:
            return _named(track, view, columns)
        if part == 1:
            return _with_head(_verdicts(track, scale), scale.column(view.at))
        if part == 2:  # noqa: PLR2004 - the third line
            key = view.playback.by_id.get(track.key or "")
            return BLANK if key is None else _with_head(_key(key, scale), scale.column(view.at))
        return BLANK

    def _scale(self, view: DashboardView) -> Scale:
        """Return the scale of the strip above, so that each lane lies under it."""
        return scale_of(view, self.size.width)

    def action_move(self, by: int) -> None:
        """Go by databases."""
        self._move_to((self.cursor // LINES + by) * LINES)

    def track(self, index: int) -> Track | None:
        """Return the database of a line."""
        return self.tracks[index // LINES] if 0 <= index < self.count() else None

    def on_click(self, event: events.Click) -> None:
        """Select the database; on its lane go to the moment that was clicked."""
        index = self.row_at(event)
        track = None if index is None else self.track(index)
        if index is None or track is None or self.view is None:
            return
        if index % LINES in {1, 2}:
            at = self._scale(self.view).moment(event.x - self.gutter.left)
            self.post_message(self.Sought(track.id, at))
        else:
            self._move_to(index // LINES * LINES)
        if event.chain > 1:
            self.choose()


class LanesSheet(Sheet):
    """A Gantt of recoverability under the strip."""

    NAME: ClassVar[str] = "lanes"

    def compose(self) -> ComposeResult:
        """Fill the room with the lanes."""
        yield Lanes().data_bind(view=LanesSheet.view)

    def command(self, view: DashboardView) -> str:
        """Return the timeline of what is selected, else the state of everything."""
        if view.track is None:
            return f"state --at {typed(view.at)}"
        return f"timeline {view.track.name} --at {typed(view.at)}"


def _named(track: Track, view: DashboardView, columns: int) -> Line:
    row = track.at(view.at)
    verdict = None if row is None else row["verdict"]
    mark = Piece("› ", "accent strong") if track is view.track else None
    left = line(mark, verdict_symbol(verdict), " ", said(track.name, "strong"), "  ")
    place = " ".join(part for part in track.place if part)
    left = (*left, said(place, "faint"))
    right = line(verdict_word(verdict), *_since(track, view))
    room = columns - width_of(right) - 1
    return cells((fitted(left, room), room), (right, width_of(right)))


def _since(track: Track, view: DashboardView) -> Line:
    written = track.written("verdict", view.at)
    if written is None or written < view.playback.start:
        return ()
    return (Piece(f" for {duration((view.at - written) / 1e6)}", "faint"),)


def _stretches(track: Track, scale: Scale) -> list[tuple[int, int, Document | None]]:
    """Return from which to which column which row holds; none where less than a column is left."""
    found: list[tuple[int, int, Document | None]] = []
    right = max(scale.end, scale.horizon)
    for span in track.rows.spans(right):
        if span.end is not None and span.end <= scale.start:
            continue
        begin = scale.column(max(span.start, scale.start))
        end = scale.columns if span.end is None or span.end > right else scale.column(span.end)
        found.append((begin, end, span.value))
    return found


def _verdicts(track: Track, scale: Scale) -> list[Piece]:
    """Draw the verdicts; a stretch shorter than a column still shows its symbol."""
    canvas = [Piece(" ")] * scale.columns
    last: str | None = None
    for begin, end, row in _stretches(track, scale):
        verdict = None if row is None else row["verdict"]
        if verdict is not None:
            tone = OF_VERDICT[verdict]
            for column in range(begin, max(end, begin + 1)):
                canvas[column] = Piece(TEXTURES[verdict], tone)
            if verdict != last:
                canvas[begin] = Piece(VERDICTS[verdict].symbol, tone)
        last = verdict
    return _dimmed(canvas, scale)


def _key(track: Track, scale: Scale) -> list[Piece]:
    """Draw when a key could be used, when not, and since when it is gone."""
    canvas = [Piece(" ")] * scale.columns
    for begin, end, row in _stretches(track, scale):
        if row is not None:
            usable = row["usable"]
            texture = "─" if usable else "·" if usable is None else "╌"
            texture = " " if row["state"] == "Deleted" else texture
            for column in range(begin, max(end, begin + 1)):
                canvas[column] = Piece(texture, "faint" if usable else key_tone(row))
            if row["state"] == "Deleted":
                canvas[begin] = Piece("✖", "bad")
    return _dimmed(canvas, scale)


def _dimmed(canvas: list[Piece], scale: Scale) -> list[Piece]:
    """Set the forecast apart from what happened."""
    if scale.past < scale.columns:
        canvas[scale.past] = Piece("┊", "faint")
    return canvas


def _with_head(canvas: list[Piece], head: int) -> Line:
    shown = list(canvas)
    shown[head] = Piece("┃", "accent strong")
    return tuple(shown)
