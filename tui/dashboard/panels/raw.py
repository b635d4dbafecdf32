"""The entry under the cursor as it is sealed: its header, and its bytes laid out to be read."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import ClassVar, Final

from analyzer.case import Document
from tui.dashboard.line import BLANK, Line, Piece, all_wrapped, line, said
from tui.dashboard.panel import Page
from tui.dashboard.view import DashboardView
from tui.words import numbered

MOST: Final = 200_000
"""Characters of an entry that are shown; the ledger keeps them all."""


class Raw(Page):
    """The sealed record itself, laid out; `keyledger` changes no byte of it."""

    TITLE: ClassVar[str] = "Raw"
    KEY: ClassVar[str] = "r"

    def lines(self, view: DashboardView, columns: int) -> Sequence[Line]:
        """Return the entry's header and its text."""
        if view.event is None:
            return [line(Piece("No event has happened yet.", "faint"))]
        sealed = view.sealed
        if sealed is None or not view.is_sealed_read:
            return [line(Piece(f"Entry {view.event.evidence.entry} is being read …", "faint"))]
        return all_wrapped(_told(view, sealed), columns, 2)

    def subject(self, view: DashboardView) -> object:
        """Return the event under the cursor."""
        return view.position.event


def _told(view: DashboardView, sealed: Document) -> Iterator[Line]:
    yield line(
        Piece(numbered(sealed["entry"]), "strong"),
        Piece(f"  {sealed['kind']}, sealed {view.clock.spelled(sealed['sealed_at'])}"),
    )
    yield line(Piece("from  ", "faint"), said(sealed["source"], "faint"))
    yield line(
        Piece(f"      record {sealed['position']} at byte {sealed['offset']}", "faint"),
        Piece(f", {sealed['length']} bytes", "faint"),
    )
    yield line(Piece("leaf  ", "faint"), Piece(sealed["leaf"], "faint"))
    yield BLANK
    if sealed["text"] is None:
        yield line(Piece("Its payload was erased; header and hashes remain.", "warn"))
        return
    for one in _laid_out(sealed["text"][:MOST]):
        yield _coloured(one)


def _laid_out(text: str) -> list[str]:
    try:
        return json.dumps(json.loads(text), indent=1, ensure_ascii=False).splitlines()
    except ValueError:
        return text.splitlines()
    except RecursionError:
        return [text]


def _coloured(row: str) -> Line:
    """Set off the name of a member; blanks at the front stay, and a long value may wrap."""
    inner = row.lstrip(" ")
    indent = "\u00a0" * (len(row) - len(inner))
    head, colon, rest = inner.partition('": ')
    if inner.startswith('"') and colon:
        return line(Piece(indent), said(f'{head}":', "accent"), Piece(" "), said(rest))
    return line(Piece(indent), said(inner))
