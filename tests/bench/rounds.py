"""Rounds: tasks in turn, each in a fresh process, so that a drift of the machine hits all alike."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median

from tests.bench.room import Room
from tests.golden import ROOT


class TaskError(Exception):
    """A task failed; its own words stand on stderr."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """What one run of one task took.

    Attributes:
        count: things handled.
        wall: seconds on the wall, of the work alone.
        cpu: seconds of processor, of the work alone.
        peak: bytes of memory that the process that did the work held at once.
    """

    count: int
    wall: float
    cpu: float
    peak: int

    @property
    def rate(self) -> float:
        """Things a second."""
        return self.count / self.wall


def run_rounds(
    room: Room, names: Sequence[str], rounds: int, tell: Callable[[str], None]
) -> dict[str, list[Figure]]:
    """Run every task once a round, in the given order; return the figures by task."""
    figures: dict[str, list[Figure]] = defaultdict(list)
    for number in range(rounds):
        for name in names:
            tell(f"round {number + 1} of {rounds}: {name}")
            figures[name].append(_run(room, name))
    return figures


def ratio(figures: Sequence[Figure], others: Sequence[Figure]) -> float:
    """Return how many times as fast the first are as the others: the median over rounds."""
    return median(one.rate / other.rate for one, other in zip(figures, others, strict=True))


def _run(room: Room, name: str) -> Figure:
    command = [sys.executable, "-m", "tests.bench.task", name, str(room.folder)]
    done = subprocess.run(command, stdout=subprocess.PIPE, cwd=ROOT, check=False)
    if done.returncode:
        raise TaskError(name)
    return Figure(**json.loads(done.stdout))
