"""Query: the catalogue of forensic questions, SQL of one's own, and the rows that come back."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar, Final

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.message import Message
from textual.widgets import Input

from analyzer.case import Question
from tui.dashboard.bound import bound
from tui.dashboard.clock import typed
from tui.dashboard.keys import SQL, cap
from tui.dashboard.line import Line, Piece, cells, line, said
from tui.dashboard.lists import Listed, Told
from tui.dashboard.sheet import Sheet
from tui.dashboard.view import DashboardView
from tui.dashboard.workers import Workers
from tui.words import SEVERITIES, counted

TONES: Final = {"critical": "bad", "high": "warn", "medium": "info", "low": "faint"}

WIDEST: Final = 44
"""Columns beyond which a cell of a result is cut; Enter on a row shows its record."""


class Catalogue(Listed[Question]):
    """Every question that ships with keyledger."""

    def __init__(self) -> None:
        """Begin empty."""
        super().__init__("catalogue", "Questions")

    def source(self, view: DashboardView) -> object:
        """Return the catalogue."""
        return view.questions

    def items(self, view: DashboardView) -> Sequence[Question] | None:
        """Return the questions in the order of their names."""
        return view.questions

    def line(self, item: Question, view: DashboardView, columns: int) -> Line:
        """Return severity and title."""
        del view
        word = SEVERITIES.get(item.severity or "")
        symbol = Piece(" ") if word is None else Piece(word.symbol, TONES[item.severity or "low"])
        return cells(((symbol,), 1), ((said(item.title),), columns - 2))


class About(Told):
    """What the question under the cursor asks, or all of the row under it."""

    def told(self, view: DashboardView) -> Iterator[Line]:
        """Yield the question, its parameters, and when a row means nothing bad; or a whole row."""
        item = self.item
        if isinstance(item, Mapping):
            for name, value in item.items():
                yield line(said(name, "accent"), "  ", said(value))
        if not isinstance(item, Question):
            return
        yield line(said(item.name, "strong"))
        yield line(said(item.question))
        given = parameters(item, view)
        for one in item.parameters:
            value = given.get(one.name, one.default)
            told = said(value, "accent") if value is not None else Piece("not given", "warn")
            yield line(Piece(f"{one.name} = "), told, said(f"  {one.about}", "faint"))
        for text in item.false_positives:
            yield line(Piece("· ", "faint"), said(text, "faint"))


class Results(Listed[Mapping[str, Any]]):
    """The rows of the last answer, in columns as wide as they need to be."""

    def __init__(self) -> None:
        """Begin empty."""
        super().__init__("results", "Rows")
        self._widths: dict[str, int] = {}
        self._hint = ""

    def source(self, view: DashboardView) -> object:
        """Return the answer."""
        return view.result

    def items(self, view: DashboardView) -> Sequence[Mapping[str, Any]] | None:
        """Return the rows, and measure the columns."""
        result = view.result
        ask, on = (cap(view.settings.keymap, one) for one in ("drill", "next-pane"))
        self._hint = f"{ask} asks; {on} goes to the line for SQL."
        if result is None:
            return ()
        self._widths = {name: _width(name, result.rows) for name in result.columns}
        more = " and more" if result.is_cut else ""
        self.border_subtitle = f"{counted(len(result.rows), 'row')}{more}   {result.asked[:60]}"
        return result.rows

    def line(self, item: Mapping[str, Any], view: DashboardView, columns: int) -> Line:
        """Return a row."""
        del view, columns
        return cells(*(((said(item.get(name)),), width) for name, width in self._widths.items()))

    def count(self) -> int:
        """Return how many rows there are, with one for the names of the columns."""
        return super().count() + (1 if self._widths else 0)

    def row(self, index: int, columns: int) -> Line:
        """Return the names of the columns, or a row."""
        if not self._widths:
            return line(Piece(self._hint, "faint"))
        if index == 0:
            names = (((said(name, "accent strong"),), width) for name, width in
                     self._widths.items())  # fmt: skip
            return cells(*names)
        return super().row(index - 1, columns)

    @property
    def item(self) -> Mapping[str, Any] | None:
        """The row under the cursor."""
        items = self._items or ()
        return items[self.cursor - 1] if 0 < self.cursor <= len(items) else None


class SqlLine(Input):
    """A line for SQL that remembers what was asked before."""

    BINDINGS: ClassVar[list[BindingType]] = bound(SQL)

    def on_mount(self) -> None:
        """Begin with nothing to remember."""
        self._asked: list[str] = []
        self._place = 0

    def keep(self, text: str) -> None:
        """Remember what was asked."""
        self._asked.append(text)
        self._place = len(self._asked)

    def action_recall(self, by: int) -> None:
        """Put what was asked before, or after, into the line."""
        if self._asked:
            self._place = min(max(self._place + by, 0), len(self._asked) - 1)
            self.value = self._asked[self._place]


class QuerySheet(Sheet):
    """Ask the catalogue, or in SQL, of the moment of the playhead."""

    NAME: ClassVar[str] = "query"

    class Asked(Message):
        """The person asks something."""

        def __init__(self, text: str, parameters: Mapping[str, str]) -> None:
            super().__init__()
            self.text = text
            self.parameters = parameters

    def compose(self) -> ComposeResult:
        """Put the catalogue beside the line for SQL and the rows."""
        with Horizontal():
            with Vertical(id="questions"):
                yield Catalogue().data_bind(view=QuerySheet.view)
                yield About("about").data_bind(view=QuerySheet.view)
            with Vertical(id="answers"):
                yield SqlLine(placeholder="SELECT … FROM events", id="sql")
                yield Results().data_bind(view=QuerySheet.view)

    def on_listed_turned(self, message: Listed.Turned) -> None:
        """Tell of the question or the row under the cursor."""
        if message.item is not None:
            self.query_one(About).item = message.item

    def on_input_submitted(self, message: Input.Submitted) -> None:
        """Ask what was typed."""
        message.stop()
        if message.value.strip():
            self.query_one(SqlLine).keep(message.value)
            self.post_message(self.Asked(message.value, {}))

    def ask(self) -> None:
        """Ask the question under the cursor."""
        item = self.query_one(Catalogue).item
        if item is not None and self.view is not None:
            self.query_one("#sql", Input).value = item.name
            self.post_message(self.Asked(item.name, parameters(item, self.view)))

    def gather(self, workers: Workers, view: DashboardView) -> None:
        """Read the catalogue."""
        if view.questions is None:
            workers.list_questions()

    def command(self, view: DashboardView) -> str:
        """Return `query` with what was asked last, or with the question under the cursor."""
        item = self.query_one(Catalogue).item
        if view.result is not None:
            asked = shlex.quote(view.result.asked)
            given = view.result.parameters
        else:
            asked = "tables" if item is None else item.name
            given = {} if item is None else parameters(item, view)
        options = "".join(f" --{name} {shlex.quote(value)}" for name, value in given.items())
        return f"query {asked}{options} --at {typed(view.at)}"


def parameters(question: Question, view: DashboardView) -> dict[str, str]:
    """Return the parameters of a question that the dashboard knows: what is selected there."""
    track = view.track
    if track is None:
        return {}
    key = track.id if track.is_key else track.key
    known = {"key": key, "database": None if track.is_key else track.id}
    given = ((one.name, known.get(one.kind)) for one in question.parameters)
    return {name: value for name, value in given if value is not None}


def _width(name: str, rows: Sequence[Mapping[str, Any]]) -> int:
    """Return how wide a column has to be for its name and the first rows."""
    widest = max((len(str(row.get(name))) for row in rows[:200]), default=0)
    return min(max(widest, len(name)), WIDEST)
