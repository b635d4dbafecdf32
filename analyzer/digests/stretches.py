"""Stretches of time: what a set of them covers together."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable

from analyzer.moment import Moment

Stretch = tuple[Moment, Moment]
"""From, and until when, which is not in it."""


class Cover:
    """The time that stretches cover together; where one ends and the next begins is no seam."""

    def __init__(self, stretches: Iterable[Stretch]) -> None:
        self.parts: list[Stretch] = []
        for start, end in sorted(stretches):
            if self.parts and start <= self.parts[-1][1]:
                first, last = self.parts[-1]
                self.parts[-1] = (first, max(last, end))
            else:
                self.parts.append((start, end))
        self._starts = [start for start, _ in self.parts]

    def holds(self, start: Moment, end: Moment) -> bool:
        """Whether all of a stretch is covered."""
        at = bisect_right(self._starts, start) - 1
        return at >= 0 and end <= self.parts[at][1]
