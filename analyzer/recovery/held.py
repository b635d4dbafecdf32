"""Held: what there is of a database's data at a moment, as the moment moves on.

A database has a copy for each night of its life, and most of them stay as they are when one is made
or deleted. So they are not all looked at again each time; only what changes is.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import repeat
from typing import Final

from analyzer.moment import Moment
from analyzer.recovery.copies import LOST, Condition, Copy, CopyState, Kind

_NONE: Final = dict.fromkeys(Condition, 0)


class Held:
    """The copies of a database at one moment. Exports do not count: nothing is restored from one.

    Attributes:
        volume: the live storage; None before it is.
    """

    __slots__ = ("_ahead", "_counts", "_endless", "_living", "_now", "volume")

    def __init__(self, copies: Sequence[Copy]) -> None:
        """Take every copy that ever existed; nothing is there yet."""
        self.volume: CopyState | None = None
        self._ahead: list[tuple[Moment, int, CopyState]] = []
        for number, copy in enumerate(copies):
            if copy.values[0].kind is not Kind.EXPORT:
                self._ahead += zip(copy.starts, repeat(number), copy.values)
        # One copy has one state at a moment, so that states are never compared.
        self._ahead.sort(reverse=True)
        self._now: dict[int, CopyState] = {}
        self._living: dict[int, CopyState] = {}
        self._counts = _NONE.copy()
        self._endless = 0

    def move_to(self, at: Moment) -> None:
        """Go on to a later moment, what happens at it included."""
        while self._ahead and self._ahead[-1][0] <= at:
            _, number, state = self._ahead.pop()
            self._put(number, state)

    @property
    def conditions(self) -> Collection[Condition]:
        """The conditions that copies are in."""
        return {one for one, count in self._counts.items() if count}

    @property
    def living(self) -> Collection[CopyState]:
        """The copies that are not lost, in the order of all copies."""
        return [self._living[number] for number in sorted(self._living)]

    @property
    def is_endless(self) -> bool:
        """Whether one of these has no limit."""
        return self._endless > 0

    def _put(self, number: int, state: CopyState) -> None:
        last = self._now.get(number)
        if last is not None:
            self._counts[last.condition] -= 1
            if number in self._living:
                self._endless -= last.limit is None
                del self._living[number]
        self._now[number] = state
        self._counts[state.condition] += 1
        if state.kind is Kind.VOLUME:
            self.volume = state
        if state.condition not in LOST:
            self._living[number] = state
            self._endless += state.limit is None
