"""Painted: lines in the colours of the theme that is set."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import groupby
from typing import Any, Protocol, cast

from rich.segment import Segment
from rich.style import Style
from rich.text import Text

from tui.dashboard.line import Line


class Painter(Protocol):
    """An app that knows what its tones look like."""

    tones: Mapping[str, Style]


def painted(app: Any, shown: Line, base: Style) -> list[Segment]:
    """Return a line as segments on a base style."""
    tones = cast("Painter", app).tones
    runs = groupby(shown, key=lambda piece: piece.tone)
    return [Segment("".join(piece.text for piece in run), base + tones[tone]) for tone, run in runs]


def as_text(app: Any, shown: Line) -> Text:
    """Return a line as rich's text, for widgets that take that; nothing in it is markup."""
    tones = cast("Painter", app).tones
    return Text.assemble(*((piece.text, tones[piece.tone]) for piece in shown), no_wrap=True)
