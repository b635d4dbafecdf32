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
        named = None if one["resource"] == about else faint(_named(one["resource"], forecast))
        basis = faint(BASES[one["basis"]]) if one["basis"] != "observed" else None
        rows.append([canvas.when(one["at"]), stacked(one["what"].replace("-", " "), named, basis)])
    canvas.rows(rendered(rows, grid(column(), column(fold=True))), 2)


def _named(resource: str, forecast: Sequence[Json]) -> str:
    """Name a thing, with its Region where another one has the same name: keys of a family do."""
    name = people.name(resource)
    others = {one["resource"] for one in forecast if people.name(one["resource"]) == name}
    return f"{name} in {people.place(resource)[1]}" if len(others) > 1 else name
