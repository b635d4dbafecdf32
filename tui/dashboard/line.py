"""Lines: what panels show, as pieces of text with a tone each; pure, so that they can be compared.

Whatever stems from a log goes through `said`, which spells every control character as an escape.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from rich.cells import cell_len, set_cell_size

from tui.harmless import harmless


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text in one tone; `tones.py` lists the tones."""

    text: str
    tone: str = ""


Line = tuple[Piece, ...]

BLANK: Final[Line] = ()


def said(value: Any, tone: str = "") -> Piece:
    """Return any value as literal, harmless text; None is a dash."""
    return Piece("—", "faint") if value is None else Piece(harmless(str(value)), tone)


def line(*parts: Piece | str | None) -> Line:
    """Return the parts as one line; plain strings are ours, None is left out."""
    return tuple(
        Piece(part) if isinstance(part, str) else part for part in parts if part is not None
    )


def text(shown: Line) -> str:
    """Return a line without its tones."""
    return "".join(piece.text for piece in shown)


def width(shown: Line) -> int:
    """Return how many columns a line takes."""
    return sum(cell_len(piece.text) for piece in shown)


def fitted(shown: Line, columns: int) -> Line:
    """Return a line exactly so wide: cut with an ellipsis, or filled up with blanks."""
    wide = width(shown)
    if wide <= columns:
        return (*shown, Piece(" " * (columns - wide))) if wide < columns else shown
    kept: list[Piece] = []
    left = columns - 1
    for piece in shown:
        size = cell_len(piece.text)
        if size > left:
            kept.append(Piece(set_cell_size(piece.text, left) + "…", piece.tone))
            break
        kept.append(piece)
        left -= size
    return tuple(kept)


def toned(shown: Line, tone: str) -> Line:
    """Return a line all in one tone."""
    return tuple(Piece(piece.text, tone) for piece in shown)


def cells(*columns: tuple[Line, int]) -> Line:
    """Return lines side by side, each as wide as is said, one blank between them."""
    joined: list[Piece] = []
    for number, (shown, wide) in enumerate(columns):
        if wide <= 0:
            continue
        joined += [*([Piece(" ")] if number else []), *fitted(shown, wide)]
    return tuple(joined)


def wrapped(shown: Line, columns: int, indent: int = 0) -> list[Line]:
    """Break a line at blanks so that each part fits; what follows the first is indented."""
    if width(shown) <= columns:
        return [shown] if shown else []
    lead = len(text(shown)) - len(text(shown).lstrip(" "))
    lead = lead if lead < columns else 0
    lines: list[list[Piece]] = [[Piece(" " * lead)] if lead else []]
    room = columns - lead
    is_fresh = True
    for word in _words(shown):
        size = width(word)
        blank, is_fresh = not is_fresh, False
        if blank and size + 1 > room:
            lines.append([Piece(" " * indent)] if indent else [])
            room, blank = columns - indent, False
        if blank:
            lines[-1].append(Piece(" ", word[0].tone if len(word) == 1 else ""))
            room -= 1
        for piece in word:
            for part in _broken(piece, room, columns - indent):
                if part is None:
                    lines.append([Piece(" " * indent)] if indent else [])
                    room = columns - indent
                else:
                    lines[-1].append(part)
                    room -= cell_len(part.text)
    return [tuple(one) for one in lines]


def _broken(piece: Piece, room: int, columns: int) -> Iterable[Piece | None]:
    """Yield a piece of a word, broken wherever a line is full; None begins another line."""
    rest, columns = piece.text, max(columns, 1)
    while cell_len(rest) > room:
        if room > 0:
            cut = min(room, len(rest))
            while cut > 1 and cell_len(rest[:cut]) > room:  # some take two columns
                cut -= 1
            yield Piece(rest[:cut], piece.tone)
            rest = rest[cut:]
        yield None
        room = columns
    if rest:
        yield Piece(rest, piece.tone)


def _words(shown: Line) -> list[Line]:
    """Split a line at blanks; a word may have pieces of several tones."""
    words: list[list[Piece]] = []
    is_open = False
    for piece in shown:
        for number, part in enumerate(piece.text.split(" ")):
            if number:
                is_open = False
            if part:
                if is_open:
                    words[-1].append(Piece(part, piece.tone))
                else:
                    words.append([Piece(part, piece.tone)])
                is_open = True
    return [tuple(word) for word in words]


def all_wrapped(lines: Iterable[Line], columns: int, indent: int = 0) -> list[Line]:
    """Break every line so that it fits; empty lines stay."""
    return [part for one in lines for part in (wrapped(one, columns, indent) if one else [BLANK])]
