"""Help: every key with what it does, made from the bindings themselves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen

from tui.dashboard.bound import bound
from tui.dashboard.keymap import bindings
from tui.dashboard.keys import HELP, cap, shown
from tui.dashboard.line import BLANK, Line, Piece, cells, line, wrapped
from tui.dashboard.row_list import RowList
from tui.dashboard.tones import OF_VERDICT
from tui.words import MEANINGS, VERDICTS

CAPS = 12
VERDICT = 26
"""Columns that keys take, and verdicts."""


class Sheet(RowList):
    """The help's lines, broken for the width that there is."""

    HAS_CURSOR: ClassVar[bool] = False

    _made: tuple[int, list[Line]] = (-1, [])

    def __init__(self, keymap: Mapping[str, str]) -> None:
        """Take which keys are not the usual ones."""
        super().__init__()
        self._keymap = keymap

    @property
    def text(self) -> list[Line]:
        """The lines."""
        if self._made[0] != self.columns:
            self._made = (self.columns, list(lines(self._keymap, self.columns)))
        return self._made[1]

    def count(self) -> int:
        """Return how many lines there are."""
        return len(self.text)

    def row(self, index: int, columns: int) -> Line:
        """Return a line."""
        del columns
        return self.text[index]


class Help(ModalScreen[None]):
    """Every key; any of the usual ways out leaves."""

    BINDINGS: ClassVar[list[BindingType]] = bound(HELP)

    def __init__(self, keymap: Mapping[str, str]) -> None:
        """Take which keys are not the usual ones."""
        super().__init__()
        self._keymap = keymap

    def compose(self) -> ComposeResult:
        """Put the lines into a box."""
        with Vertical(classes="modal tall") as box:
            box.border_title = "Every key"
            box.border_subtitle = f"{cap(self._keymap, 'help-leave')} leaves"
            yield Sheet(self._keymap)


def lines(keymap: Mapping[str, str], columns: int) -> Iterator[Line]:
    """Yield the help: the symbols, then every key by section, as the keymap has them."""
    yield line(Piece("Verdicts", "accent strong"))
    for verdict, word in VERDICTS.items():
        head = Piece(f"{word.symbol} {word.text}", OF_VERDICT[verdict])
        yield from _beside(head, VERDICT, Piece(MEANINGS[verdict], "faint"), columns)
    for section, keys in bindings().items():
        yield BLANK
        yield line(Piece(section, "accent strong"))
        for key in keys:
            pressed = Piece(shown(keymap.get(key.id, key.keys)), "strong")
            yield from _beside(pressed, CAPS, Piece(key.tooltip), columns)


def _beside(head: Piece, taken: int, told: Piece, columns: int) -> Iterator[Line]:
    """Yield what is told beside its head, in as many lines as it needs."""
    for number, part in enumerate(wrapped((told,), max(columns - taken - 1, 1))):
        first = head if number == 0 else Piece("")
        yield (*cells(((first,), taken)), Piece(" "), *part)
