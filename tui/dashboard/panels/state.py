"""What is known of the selected key or database at the playhead, a member a row."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, ClassVar, Final

from analyzer.case import Document
from tui.dashboard.clock import moment_of
from tui.dashboard.line import Line, Piece, cells, line, said, wrapped
from tui.dashboard.panel import Page
from tui.dashboard.telling import deed
from tui.dashboard.tones import key_symbol, verdict_symbol, verdict_word
from tui.dashboard.view import DashboardView
from tui.words import BASES, duration

LABEL: Final = 13

OF_DATABASE: Final = (
    ("verdict", "verdict"), ("status", "status"), ("since", "since"), ("basis", "known"),
    ("unrecoverable_since", "lost at"), ("recoverable_until", "savable to"), ("cause", "because"),
    ("key", "key"), ("kind", "kind"), ("engine", "engine"), ("resource_id", "resource id"),
    ("arn", "ARN"),
)  # fmt: skip
"""Members of a database's row of `state` and how they are labelled."""

OF_KEY: Final = (
    ("state", "state"), ("usable", "usable"), ("since", "since"), ("basis", "known"),
    ("deletion_date", "deletion due"), ("cause", "because"), ("aliases", "aliases"),
    ("manager", "managed by"), ("origin", "origin"), ("multi_region", "multi-Region"),
    ("key_id", "key id"), ("arn", "ARN"),
)  # fmt: skip
"""The same for a key."""

_TIMES: Final = {"since", "unrecoverable_since", "recoverable_until", "deletion_date"}


class State(Page):
    """All that is known of what is selected; the writer key goes to what last changed a field."""

    TITLE: ClassVar[str] = "State"
    KEY: ClassVar[str] = "i"
    HAS_CURSOR: ClassVar[bool] = True

    def __init__(self) -> None:
        """Begin with the cursor on the first field."""
        super().__init__()
        self.cursor = 0

    def lines(self, view: DashboardView, columns: int) -> Sequence[Line]:
        """Return a line for each member, or more where one does not fit."""
        return [one for _, one in fields(view, columns)]

    def member(self) -> str | None:
        """Return the member of the row that is under the cursor."""
        if self.view is None:
            return None
        members = [member for member, _ in fields(self.view, self.columns)]
        return members[self.cursor] if 0 <= self.cursor < len(members) else None


def fields(view: DashboardView, columns: int) -> Iterator[tuple[str, Line]]:
    """Yield the lines of what is selected, each with the member that it belongs to."""
    track, row = view.track, view.row
    if track is None:
        yield "", line(Piece("Nothing is selected.", "faint"))
        return
    if row is None:
        yield (
            "",
            line(said(track.name, "strong"), Piece(" does not exist at this moment.", "faint")),
        )
        return
    for member, label in OF_KEY if track.is_key else OF_DATABASE:
        value = _value(view, row, member)
        for number, part in enumerate(wrapped(value, columns - LABEL - 1)):
            title = label if number == 0 else ""
            yield member, cells(((Piece(title, "faint"),), LABEL), (part, columns - LABEL - 1))


def _value(view: DashboardView, row: Document, member: str) -> Line:
    held: Any = row[member]
    if member == "verdict":
        return line(verdict_symbol(held), " ", verdict_word(held, strong=True))
    if member == "state":
        return line(key_symbol(row), " ", said(held, "strong"))
    if member == "basis":
        return line(Piece(BASES[held]))
    if member == "cause":
        return deed(held) if held is not None else line(said(None))
    if member in _TIMES and held is not None:
        return line(Piece(view.clock.spelled(held)), Piece(f"  {_distance(view, held)}", "faint"))
    if isinstance(held, bool):
        return line(Piece("yes" if held else "no"))
    if isinstance(held, list):
        return line(said(", ".join(held) if held else None))
    return line(said(held))


def _distance(view: DashboardView, written: str) -> str:
    """Say how far a time is from the playhead."""
    away = moment_of(written) - view.at
    if away == 0:
        return "now"
    spelled = duration(away / 1e6)
    return f"in {spelled}" if away > 0 else f"{spelled} ago"
