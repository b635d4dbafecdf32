"""Curves: how each task grows with the size of the trail, as one SVG."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from math import log10
from statistics import median
from typing import Any, Final

_WIDTH: Final = 760
_HEIGHT: Final = 360
_LEFT: Final = 70
_RIGHT: Final = 170
_TOP: Final = 24
_BOTTOM: Final = 44
_LINE: Final = 14
_COLOURS: Final = {
    "ingest": "#2563eb",
    "duckdb-load": "#93c5fd",
    "audit": "#16a34a",
    "sha256": "#86efac",
    "replay": "#dc2626",
    "msgspec": "#fca5a5",
    "warehouse": "#9333ea",
    "export-parquet": "#ea580c",
}
"""Tasks that are drawn: ours in full colour, its peer in a pale one."""


def draw(documents: Sequence[Mapping[str, Any]]) -> str:
    """Return the seconds of each task over the number of records, both axes logarithmic."""
    curves = {
        name: [
            (one["events"], median(run["wall"] for run in one["figures"][name]))
            for one in documents
        ]
        for name in _COLOURS
        if all(name in one["figures"] for one in documents)
    }
    spots = [spot for curve in curves.values() for spot in curve]
    axes = _Axes(
        across=(log10(min(x for x, _ in spots)), log10(max(x for x, _ in spots))),
        up=(log10(min(y for _, y in spots)), log10(max(y for _, y in spots))),
    )
    body = [
        *axes.frame(),
        *(axes.curve(name, spots) for name, spots in curves.items()),
        *axes.names({name: spots[-1] for name, spots in curves.items()}),
    ]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" '
        'font-family="system-ui, sans-serif" font-size="12">\n'
        "<title>Seconds of each task over the number of records</title>\n"
        f'<rect width="{_WIDTH}" height="{_HEIGHT}" fill="#ffffff"/>\n'
        + "\n".join(body)
        + "\n</svg>\n"
    )


class _Axes:
    """Two logarithmic axes."""

    def __init__(self, *, across: tuple[float, float], up: tuple[float, float]) -> None:
        self._across = across
        self._up = (up[0] - 0.1, up[1] + 0.1)

    def frame(self) -> list[str]:
        """Return the lines and labels of whole powers of ten."""
        parts = []
        for power in range(int(self._up[0]) - 1, int(self._up[1]) + 2):
            if self._up[0] <= power <= self._up[1]:
                y = self._y(10.0**power)
                parts.append(
                    f'<path d="M{_LEFT} {y:.1f}H{_WIDTH - _RIGHT}" stroke="#e5e7eb"/>'
                    f'<text x="{_LEFT - 8}" y="{y + 4:.1f}" text-anchor="end" fill="#374151">'
                    f"{10.0**power:g} s</text>"
                )
        for power in range(int(self._across[0]), int(self._across[1]) + 2):
            for step in (1, 2, 5):
                value = step * 10.0**power
                if self._across[0] - 0.01 <= log10(value) <= self._across[1] + 0.01:
                    parts.append(
                        f'<text x="{self._x(value):.1f}" y="{_HEIGHT - _BOTTOM + 20}" '
                        f'text-anchor="middle" fill="#374151">{value:,.0f}</text>'
                    )
        return parts

    def curve(self, name: str, spots: Sequence[tuple[int, float]]) -> str:
        """Return one line."""
        path = "L".join(f"{self._x(x):.1f} {self._y(y):.1f}" for x, y in spots)
        return f'<path d="M{path}" fill="none" stroke="{_COLOURS[name]}" stroke-width="2.5"/>'

    def names(self, ends: Mapping[str, tuple[int, float]]) -> list[str]:
        """Return the name of each line at its end, or below the name above it."""
        parts, free = [], 0.0
        for name, (x, y) in sorted(ends.items(), key=lambda item: -item[1][1]):
            free = max(free, self._y(y) + 4)
            parts.append(
                f'<text x="{self._x(x) + 8:.1f}" y="{free:.1f}" fill="{_COLOURS[name]}">'
                f"{escape(name)}</text>"
            )
            free += _LINE
        return parts

    def _x(self, value: float) -> float:
        low, high = self._across
        return _LEFT + (log10(value) - low) / max(high - low, 1e-9) * (_WIDTH - _LEFT - _RIGHT)

    def _y(self, value: float) -> float:
        low, high = self._up
        return _HEIGHT - _BOTTOM - (log10(value) - low) / (high - low) * (_HEIGHT - _TOP - _BOTTOM)
