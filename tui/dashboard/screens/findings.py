"""Findings: what deserves attention, the gravest first; what lies behind the playhead is dimmed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import ClassVar, Final

from textual.app import ComposeResult
from textual.containers import Horizontal

from analyzer.case import Document
from tui import people
from tui.dashboard.clock import moment_of, typed
from tui.dashboard.line import BLANK, Line, Piece, cells, line, said, toned
from tui.dashboard.lists import Listed, Told
from tui.dashboard.sheet import Sheet
from tui.dashboard.telling import deed
from tui.dashboard.view import DashboardView
from tui.dashboard.workers import Workers
from tui.words import SEVERITIES, numbered

TONES: Final = {"critical": "bad", "high": "warn", "medium": "info", "low": "faint"}

WIDE: Final = 50
"""Columns from which on the severity's word and the moment are shown."""
NAME: Final = 16
NARROW: Final = 12
"""Columns of the name of what a finding is about, with and without them."""


class Findings(Listed[Document]):
    """Every finding of the whole time; the order does not depend on the moment."""

    def __init__(self) -> None:
        """Begin empty."""
        super().__init__("finding-list", "Findings")

    def source(self, view: DashboardView) -> object:
        """Return the findings as they were found."""
        return view.findings

    def items(self, view: DashboardView) -> Sequence[Document] | None:
        """Return the findings, the gravest first, those that are over last."""
        if view.findings is None:
            return None
        ranks = {severity: rank for rank, severity in enumerate(SEVERITIES)}
        return sorted(
            view.findings["findings"],
            key=lambda one: (one["state"] != "open", -ranks[one["severity"]], one["since"]),
        )

    def line(self, item: Document, view: DashboardView, columns: int) -> Line:
        """Return severity, when, where and what."""
        since = moment_of(item["since"])
        severity, when, title = _severity(item), view.clock.short(since), said(item["title"])
        name = said(_name(item, view), "strong")
        if columns < WIDE:  # the text beside it says the rest
            symbol = Piece(SEVERITIES[item["severity"]].symbol, severity.tone)
            shown = cells(((symbol,), 1), ((name,), NARROW), ((title,), columns - NARROW - 3))
        else:
            shown = cells(
                ((severity,), 10), ((Piece(when, "faint"),), 14), ((name,), NAME),
                ((title,), columns - NAME - 27),
            )  # fmt: skip
        is_so = item["state"] == "open" and since <= view.at
        return shown if is_so else toned(shown, "faint")


class Detail(Told):
    """The finding under the cursor, with its evidence."""

    def told(self, view: DashboardView) -> Iterator[Line]:
        """Yield the sentence, the changes and the evidence."""
        found: Document = self.item
        yield line(_severity(found), Piece("  "), said(found["title"], "strong"))
        yield line(said(found["detail"]))
        yield BLANK
        yield line(Piece("on     ", "faint"), said(found["resource"]))
        yield line(Piece("since  ", "faint"), Piece(view.clock.spelled(found["since"])))
        if found["until"] is not None:
            yield line(Piece("until  ", "faint"), Piece(view.clock.spelled(found["until"])))
        yield line(Piece("rule   ", "faint"), said(found["rule"]))
        if found["changes"]:
            yield BLANK
            yield line(Piece("What was changed", "accent strong"))
            yield from (line(Piece("· ", "faint"), said(change)) for change in found["changes"])
        yield BLANK
        yield line(Piece("Evidence", "accent strong"))
        for one in found["evidence"]:
            yield line(
                Piece("· ", "faint"),
                Piece(view.clock.short(moment_of(one["event_time"])), "faint"), " ",
                *deed(one), said(f" {numbered(one['entry'])}", "faint"),
            )  # fmt: skip


def _severity(found: Document) -> Piece:
    word = found["severity"]
    return Piece(f"{SEVERITIES[word].symbol} {word}", TONES[word])


def _name(found: Document, view: DashboardView) -> str:
    """Return what is known by that address, as the list of keys and databases calls it."""
    resource = found["resource"]
    named = (one.name for one in view.playback.tracks if resource in {one.id, one.address})
    return next(named, people.name(resource)).removeprefix("alias/")


class FindingsSheet(Sheet):
    """What deserves attention; Enter goes to the moment of a finding."""

    NAME: ClassVar[str] = "findings"

    def compose(self) -> ComposeResult:
        """Put the findings beside the one under the cursor."""
        with Horizontal():
            yield Findings().data_bind(view=FindingsSheet.view)
            yield Detail("finding-detail").data_bind(view=FindingsSheet.view)

    def on_listed_turned(self, message: Listed.Turned) -> None:
        """Tell of the finding under the cursor."""
        self.query_one(Detail).item = message.item

    def gather(self, workers: Workers, view: DashboardView) -> None:
        """Have the findings made."""
        if view.findings is None:
            workers.find()

    def command(self, view: DashboardView) -> str:
        """Return `find`."""
        return f"find --at {typed(view.at)}"
