"""Clock: what a task took, wall and processor, its child processes included."""

from __future__ import annotations

import os
import time
from types import TracebackType
from typing import Self


class Stopwatch:
    """Runs while it is entered; stays at what it showed last.

    Attributes:
        wall: seconds on the wall.
        cpu: seconds of processor, those of finished children included.
    """

    def __init__(self) -> None:
        self.wall = 0.0
        self.cpu = 0.0
        self._began = (0.0, 0.0)

    def __enter__(self) -> Self:
        self._began = (time.perf_counter(), _processor())
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.wall += time.perf_counter() - self._began[0]
        self.cpu += _processor() - self._began[1]


def now() -> int:
    """Return the present in microseconds since the epoch."""
    return time.time_ns() // 1000


def _processor() -> float:
    spent = os.times()
    return spent.user + spent.system + spent.children_user + spent.children_system
