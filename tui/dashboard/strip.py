"""The strip: all of the time in a few lines; past, playhead, and what is to come."""

from __future__ import annotations

import math
from collections.abc import Sequence
from operator import add
from typing import Final

from textual import events
from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip
from textual.widget import Widget

from analyzer.case import Mark, Playback, Usage
from tui.dashboard.line import Line, Piece
from tui.dashboard.painted import painted
from tui.dashboard.scale import Scale
from tui.dashboard.tones import OF_GRAVITY, verdict_symbol
from tui.dashboard.view import DashboardView
from tui.words import VERDICTS, duration

BARS: Final = " ▁▂▃▄▅▆▇█"
LINES: Final = 3


def scale_of(view: DashboardView, columns: int) -> Scale:
    """Return the scale of the strip: everything, or the window that it is narrowed to."""
    playback, window = view.playback, view.position.window
    if window is None:
        horizon = max(playback.horizon, view.at)
        return Scale(start=playback.start, end=playback.end, horizon=horizon, columns=columns)
    start, end = window
    return Scale(start=start, end=end, horizon=end, columns=columns)


class TimeStrip(Widget):
    """How much happened when, marks, gaps, the playhead, the forecast; a click goes there."""

    view: reactive[DashboardView | None] = reactive(None)

    class Sought(Message):
        """A moment was clicked."""

        def __init__(self, at: int) -> None:
            super().__init__()
            self.at = at

    def __init__(self) -> None:
        """Begin empty."""
        super().__init__(id="strip")
        self._drawn: tuple[Playback, Usage | None, Scale] | None = None
        self._marks: list[Piece] = []
        self._bars: list[Piece] = []

    def render_line(self, y: int) -> Strip:
        """Return the line of marks, of density, or of dates."""
        columns = self.size.width
        if self.view is None or columns <= 0:
            return Strip.blank(columns, self.rich_style)
        scale = scale_of(self.view, columns)
        self._prepare(self.view, scale)
        head = scale.column(self.view.at)
        shown = (
            (lambda: _marked(self.view, self._marks, scale)),
            (lambda: _played(self._bars, head, scale)),
            (lambda: _dates(self.view, scale, head)),
        )[min(y, LINES - 1)]()
        return Strip(painted(self.app, shown, self.rich_style), columns)

    def _prepare(self, view: DashboardView, scale: Scale) -> None:
        """Draw what does not move with the playhead, once."""
        if self._drawn == (view.playback, view.usage, scale):
            return
        self._drawn = (view.playback, view.usage, scale)
        self._marks = marks(view.playback, scale)
        self._bars = bars(view.playback, view.usage, scale)

    def on_click(self, event: events.Click) -> None:
        """Go where it was clicked."""
        self._seek(event.x)

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Scrub while the button is held."""
        if event.button:
            self._seek(event.x)

    def _seek(self, column: int) -> None:
        if self.view is not None and self.size.width > 0:
            scale = scale_of(self.view, self.size.width)
            self.post_message(self.Sought(scale.moment(min(max(column, 0), scale.columns - 1))))


def marks(playback: Playback, scale: Scale) -> list[Piece]:
    """Return for each column the gravest mark in it."""
    gravest: dict[int, Mark] = {}
    for mark in playback.marks_between(scale.start, max(scale.end, scale.horizon)):
        column = scale.column(mark.at)
        held = gravest.get(column)
        if held is None or mark.gravity > held.gravity:
            gravest[column] = mark
    return [_symbol(gravest[column]) if column in gravest else Piece(" ") for column in
            range(scale.columns)]  # fmt: skip


def _symbol(mark: Mark) -> Piece:
    if mark.after in VERDICTS:
        return verdict_symbol(mark.after)
    return Piece("▲" if mark.gravity > 1 else "·", OF_GRAVITY[mark.gravity])


def bars(playback: Playback, usage: Usage | None, scale: Scale) -> list[Piece]:
    """Return for each column how much happened, usage included; gaps in the evidence are shaded."""
    counts = playback.density(scale.edges)
    if usage is not None:
        counts = tuple(map(add, counts, usage.density(scale.edges)))
    top = max(counts, default=0) or 1
    silent = _silent(playback, scale)
    made = [
        Piece("░", "warn")
        if column in silent and count == 0
        else Piece(BARS[0] if count == 0 else BARS[max(1, round(8 * math.sqrt(count / top)))])
        for column, count in enumerate(counts)
    ]
    ahead = scale.columns - len(made)
    return [*made, *([Piece("┊", "faint")] if ahead else []), *[Piece("·", "faint")] * (ahead - 1)]


def _silent(playback: Playback, scale: Scale) -> set[int]:
    """Return the columns that lie in a gap."""
    found: set[int] = set()
    for gap in playback.gaps:
        end = scale.end if gap.end is None else gap.end
        if gap.start <= scale.end and end >= scale.start:
            found |= set(range(scale.column(gap.start), scale.column(end) + 1))
    return found


def _marked(view: DashboardView | None, drawn: Sequence[Piece], scale: Scale) -> Line:
    """Add what the person put there: the mark, and the bookmarks."""
    if view is None:
        return ()
    shown = list(drawn)
    for moment in view.bookmarks:
        if scale.shows(moment):
            shown[scale.column(moment)] = Piece("*", "accent strong")
    if view.position.mark is not None and scale.shows(view.position.mark):
        shown[scale.column(view.position.mark)] = Piece("=", "info strong")
    return tuple(shown)


def _played(drawn: Sequence[Piece], head: int, scale: Scale) -> Line:
    """Dim what lies behind the playhead, and draw it."""
    shown = []
    for column, piece in enumerate(drawn):
        if column == head:
            shown.append(Piece("┃", "accent strong"))
        elif column < head and piece.tone == "":
            shown.append(Piece(piece.text, "accent"))
        elif column > head and column < scale.past and piece.tone == "":
            shown.append(Piece(piece.text, "faint"))
        else:
            shown.append(piece)
    return tuple(shown)


def _dates(view: DashboardView | None, scale: Scale, head: int) -> Line:
    """Return where the strip begins and ends, and the playhead's moment under the playhead."""
    if view is None:
        return ()
    canvas: list[Piece] = [Piece(" ")] * scale.columns
    is_narrow = scale.end - scale.start < 86_400_000_000 * 3
    spell = view.clock.minute if is_narrow else view.clock.day
    first, last = spell(scale.start), spell(scale.end)
    _put(canvas, 0, first, "faint")
    _put(canvas, scale.past - len(last), last, "faint")
    ahead = f"+{duration((scale.horizon - scale.end) / 1e6)}"
    if scale.past < scale.columns and scale.past + 1 + len(ahead) <= scale.columns:
        _put(canvas, scale.columns - len(ahead), ahead, "faint")
    now = view.clock.short(view.at)
    is_left = head + 2 + len(now) > scale.columns
    start = head - len(now) - 1 if is_left else head
    _clear(canvas, max(start - 1, 0), start + len(now) + 3)
    _put(canvas, start if is_left else head + 2, now, "strong")
    _put(canvas, head, "▲", "accent strong")
    return tuple(canvas)


def _put(canvas: list[Piece], column: int, text: str, tone: str) -> None:
    for number, character in enumerate(text):
        if 0 <= column + number < len(canvas):
            canvas[column + number] = Piece(character, tone)


def _clear(canvas: list[Piece], start: int, end: int) -> None:
    """Make room; a date that would be cut in the middle goes whole."""
    low, high = start, min(end, len(canvas))
    while low > 0 and canvas[low - 1].text != " ":
        low -= 1
    while high < len(canvas) and canvas[high].text != " ":
        high += 1
    canvas[low:high] = [Piece(" ")] * (high - low)
