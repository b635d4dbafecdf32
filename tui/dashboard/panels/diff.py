"""What differs between a marked moment and the playhead, or what the event under the cursor did."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, ClassVar, Final

from analyzer.case import Document, Track
from tui.dashboard.line import BLANK, Line, Piece, all_wrapped, line, said
from tui.dashboard.panel import Page
from tui.dashboard.tones import row_symbol, verdict_symbol, verdict_word
from tui.dashboard.view import DashboardView

MEMBERS: Final = {
    "verdict": "verdict", "status": "status", "state": "state", "usable": "usable",
    "deletion_date": "deletion due", "aliases": "aliases", "key": "key",
    "unrecoverable_since": "lost at", "recoverable_until": "savable to",
}  # fmt: skip
"""What is compared, and how it is labelled."""

_TIMES: Final = {"deletion_date", "unrecoverable_since", "recoverable_until"}

MOST: Final = 200
"""Resources beyond which a difference is only counted."""


class Diff(Page):
    """What changed since the marked moment; without a mark, what the event changed."""

    TITLE: ClassVar[str] = "Diff"
    KEY: ClassVar[str] = "h"

    def lines(self, view: DashboardView, columns: int) -> Sequence[Line]:
        """Return the differences, of each resource the members that differ."""
        return all_wrapped(_told(view), columns, 4)


def _told(view: DashboardView) -> Iterator[Line]:
    if view.playback.baseline is not None:
        yield from _what_if(view)
    start = view.position.mark
    if start is None:
        event = view.event
        if event is None:
            yield line(Piece("Nothing has happened yet.", "faint"))
            return
        start, end = event.at - 1, event.at
        yield line(Piece("What changed at "), Piece(view.clock.full(end), "strong"))
    else:
        start, end = sorted((start, view.at))
        yield line(Piece("From "), Piece(view.clock.full(start), "strong"))
        yield line(Piece("to   "), Piece(view.clock.full(end), "strong"))
    yield BLANK
    count = 0
    for track, before, after in view.playback.differences(start, end):
        changes = list(_changes(view, before, after))
        if changes or not before or not after:
            count += 1
            if count <= MOST:
                yield line(
                    row_symbol(after or None), " ", said(track.name, "strong"), *_born(before)
                )
                yield from changes if before and after else ()
    if count == 0:
        yield line(Piece("No key or database is different.", "faint"))
    elif count > MOST:
        yield line(Piece(f"and {count - MOST} more", "faint"))


def _born(before: Document) -> Line:
    return () if before else (Piece("  comes to be", "faint"),)


def _what_if(view: DashboardView) -> Iterator[Line]:
    for title, at in (("now", view.at), ("at the end", view.playback.end)):
        yield line(Piece(f"What would be otherwise {title}", "act strong"))
        changed = tuple(view.playback.changed_verdicts(at))
        for track, really, instead in changed:
            yield _verdicts(track, really, instead)
        if not changed:
            yield line(Piece("No verdict would change.", "faint"))
        yield BLANK


def _verdicts(track: Track, really: str | None, instead: str | None) -> Line:
    return line(
        said(track.name, "strong"), "  ", verdict_symbol(really), " ", verdict_word(really), " → ",
        verdict_symbol(instead), " ", verdict_word(instead, strong=True),
    )  # fmt: skip


def _changes(view: DashboardView, before: Document, after: Document) -> Iterator[Line]:
    for member, label in MEMBERS.items():
        was, now = before.get(member), after.get(member)
        if was != now:
            yield line(
                Piece(f"  {label}  ", "faint"), said(_spelled(view, member, was), "faint"),
                Piece(" → ", "faint"), said(_spelled(view, member, now)),
            )  # fmt: skip


def _spelled(view: DashboardView, member: str, value: Any) -> str | None:
    if value is None or value == []:
        return "none"
    if member in _TIMES:
        return view.clock.spelled(value)
    if isinstance(value, list):
        return ", ".join(str(one) for one in value)
    return str(value)
