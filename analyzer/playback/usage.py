"""Usage: how often keys were used through time, counted by the minute; the records stay unread."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

from analyzer.moment import MINUTE, Moment


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Usage:
    """How many records of the usage lane there are of which minute.

    Attributes:
        size: entries of the ledger that were counted.
        minutes: beginnings of the minutes with any use, in order.
        sums: for each how many there were by its end.
    """

    size: int
    minutes: Sequence[Moment]
    sums: Sequence[int]

    def density(self, edges: Sequence[Moment]) -> tuple[int, ...]:
        """Return how many lie between each two neighbours of *edges*, the right one out.

        A minute that an edge cuts counts on both sides in the proportion in which it is cut; of all
        edges together nothing is lost.
        """
        before = [self._before(edge) for edge in edges]
        return tuple(right - left for left, right in pairwise(before))

    def _before(self, moment: Moment) -> int:
        """Return how many lie before a moment."""
        place = bisect_right(self.minutes, moment) - 1
        if place < 0:
            return 0
        by_then = self.sums[place - 1] if place else 0
        within = self.sums[place] - by_then
        return by_then + within * min(moment - self.minutes[place], MINUTE) // MINUTE


def usage_of(counts: Iterable[tuple[Moment, int]], size: int) -> Usage:
    """Return usage by the minute.

    Args:
        counts: beginnings of minutes in order, each with how many records there are of it.
        size: entries of the ledger that were counted.
    """
    listed = list(counts)
    return Usage(
        size=size,
        minutes=tuple(minute for minute, _ in listed),
        sums=tuple(accumulate(count for _, count in listed)),
    )
