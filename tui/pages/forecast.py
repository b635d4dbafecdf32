"""What comes if nobody acts: the part that `state`, `explain` and `timeline` share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tui import people
from tui.paint import Canvas, column, faint, grid, rendered, stacked
from tui.words import BASES

Json = Mapping[str, Any]


def paint(canvas: Canvas, forecast: Sequence[Json], about: str | None = None) -> None:
    """Paint what awaits, if anything does; what befalls *about* (an ARN) itself is not named."""
    if not forecast:
        return
    canvas.title("What comes if nobody acts")
    rows = []
    for one in forecast:
        named = None if one["resource"] == about else faint(people.name(one["resource"]))
        basis = faint(BASES[one["basis"]]) if one["basis"] != "observed" else None
        rows.append([canvas.when(one["at"]), stacked(one["what"].replace("-", " "), named, basis)])
    canvas.rows(rendered(rows, grid(column(), column(fold=True))), 2)
