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
from tui.dashboard.line import BLANK, Line, Piece, cells, line
from tui.dashboard.row_list import RowList
from tui.dashboard.tones import OF_VERDICT
from tui.words import MEANINGS, VERDICTS

CAPS = 12
"""Columns that the keys take."""


class Sheet(RowList):
    """The help's lines."""

    HAS_CURSOR: ClassVar[bool] = False

    def __init__(self, lines: list[Line]) -> None:
        """Take the lines."""
        super().__init__()
        self.lines = lines

    def count(self) -> int:
        """Return how many lines there are."""
        return len(self.lines)

    def row(self, index: int, columns: int) -> Line:
        """Return a line."""
        del columns
        return self.lines[index]


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
            yield Sheet(list(lines(self._keymap)))


def lines(keymap: Mapping[str, str]) -> Iterator[Line]:
    """Yield the help: the symbols, then every key by section, as the keymap has them."""
    yield line(Piece("Verdicts", "accent strong"))
    for verdict, word in VERDICTS.items():
        tone = OF_VERDICT[verdict]
        meaning = Piece(MEANINGS[verdict], "faint")
        yield cells(((Piece(f"{word.symbol} {word.text}", tone),), 26), ((meaning,), 60))
    for section, keys in bindings().items():
        yield BLANK
        yield line(Piece(section, "accent strong"))
        for key in keys:
            yield _key(keymap.get(key.id, key.keys), key.tooltip)


def _key(keys: str, tooltip: str) -> Line:
    return cells(((Piece(shown(keys), "strong"),), CAPS), ((Piece(tooltip),), 90))
