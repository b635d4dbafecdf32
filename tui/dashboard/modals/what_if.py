"""What if: what is crossed out, what follows from it, and which verdicts would be otherwise."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen

from tui.dashboard.bound import bound
from tui.dashboard.keys import WHAT_IF, cap
from tui.dashboard.line import BLANK, Line, Piece, line, said
from tui.dashboard.row_list import RowList
from tui.dashboard.telling import deed
from tui.dashboard.tones import verdict_symbol, verdict_word
from tui.dashboard.view import DashboardView
from tui.words import numbered


class Story(RowList):
    """The lines, each with the entry that it is about."""

    def __init__(self, rows: list[tuple[int | None, Line]]) -> None:
        """Take the lines."""
        super().__init__()
        self.rows = rows
        self.cursor = 0

    def count(self) -> int:
        """Return how many lines there are."""
        return len(self.rows)

    def row(self, index: int, columns: int) -> Line:
        """Return a line."""
        del columns
        return self.rows[index][1]


class WhatIf(ModalScreen[int | None]):
    """Tells what is supposed; Enter on a crossed out event lets it count again."""

    BINDINGS: ClassVar[list[BindingType]] = bound(WHAT_IF)

    def __init__(self, view: DashboardView) -> None:
        """Take the view of which it tells."""
        super().__init__()
        self._rows = rows_of(view)
        self._keymap = view.settings.keymap

    def compose(self) -> ComposeResult:
        """Put the lines into a box."""
        with Vertical(classes="modal") as box:
            box.border_title = "What if"
            count, leave = (cap(self._keymap, f"what-if-{one}") for one in ("count", "leave"))
            box.border_subtitle = f"{count} lets an event count again   {leave} leaves"
            made = Story(self._rows)
            made.styles.height = min(len(self._rows), 18)
            yield made

    def action_let_count(self) -> None:
        """Answer with the event under the cursor, if it is crossed out."""
        entry = self._rows[self.query_one(Story).cursor][0]
        if entry is not None:
            self.dismiss(entry)


def rows_of(view: DashboardView) -> list[tuple[int | None, Line]]:
    """Return the lines, those of crossed out events with their entry."""
    removed = [one for one in view.playback.happenings if one.removed]
    if not removed:
        key = cap(view.settings.keymap, "cross-out")
        return [
            (None, line(Piece(f"Nothing is crossed out. {key} crosses an event out.", "faint")))
        ]
    rows: list[tuple[int | None, Line]] = [(None, line(Piece("Crossed out", "accent strong")))]
    for one in removed:
        if one.removed == "crossed out":
            told = line(
                Piece("╳ ", "act"), Piece(view.clock.short(one.at), "faint"), " ",
                *deed(one.evidence.document()), said(f" {numbered(one.evidence.entry)}", "faint"),
            )  # fmt: skip
            rows.append((one.evidence.entry, told))
    for one in removed:
        if one.removed == "follows":
            told = line(
                Piece("╎ ", "act"), Piece(view.clock.short(one.at), "faint"), " ",
                said(one.evidence.event_name), Piece(" could only follow from it", "faint"),
            )  # fmt: skip
            rows.append((None, told))
    rows += [
        (None, BLANK),
        (None, line(Piece("What would be otherwise at the end", "accent strong"))),
    ]
    changes = list(view.playback.changed_verdicts(view.playback.end))
    for track, really, instead in changes:
        told = line(
            said(track.name, "strong"), "  ", verdict_symbol(really), " ", verdict_word(really),
            " → ", verdict_symbol(instead), " ", verdict_word(instead, strong=True),
        )  # fmt: skip
        rows.append((None, told))
    if not changes:
        rows.append((None, line(Piece("No verdict would change.", "faint"))))
    return rows
