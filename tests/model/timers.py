"""Timers: what AWS does by itself when its time has come."""

from __future__ import annotations

import heapq
from collections.abc import Callable
from typing import Any


class Timers:
    """Functions to call at minutes to come, in order of time and then of setting."""

    def __init__(self) -> None:
        self._heap: list[tuple[int, int, Callable[..., None], tuple[Any, ...]]] = []
        self._count = 0

    def add(self, at: int, happen: Callable[..., None], *what: Any) -> None:
        self._count += 1
        heapq.heappush(self._heap, (at, self._count, happen, what))

    def run(self, until: int) -> None:
        """Let everything happen that is due before *until*; what happens may set more timers."""
        while self._heap and self._heap[0][0] < until:
            at, _, happen, what = heapq.heappop(self._heap)
            happen(at, *what)
