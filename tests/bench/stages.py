"""Stages: what each stage took at each place, and what follows: rates, scaling, overhead, skew."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

MILLION: Final = 1_000_000
STAGES: Final = ("seal", "replay", "query")


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a stage runs.

    Attributes:
        trail: which trail.
        workers: of a cluster, of a core each; 0 for this machine alone.
    """

    trail: str
    workers: int = 0

    def __str__(self) -> str:
        cluster = f"{self.workers} worker{'' if self.workers == 1 else 's'}"
        return f"{self.trail}, {cluster if self.workers else 'alone'}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What a stage took, in seconds.

    Attributes:
        wall: from its beginning to its end.
        work: of processor, by those who do the work: workers, or this process where it is alone.
        driver: of processor, by this process and its JVM where a cluster does the work.
    """

    wall: float
    work: float
    driver: float = 0.0

    @property
    def cpu(self) -> float:
        return self.work + self.driver


class Stages:
    """All that was measured of trails of one size; rows are printed as they come."""

    def __init__(self, events: int) -> None:
        self._events = events
        self._taken: dict[tuple[str, Place], Taken] = {}
        self._bytes: dict[tuple[str, Place], int] = {}
        _say(
            "stage", "where", "wall s", "records/s", "work cpu s", "driver cpu s", "cpu s a million"
        )
        _say(*["---"] * 7)

    @contextmanager
    def measured(
        self, stage: str, place: Place, spent: Callable[[], float] | None = None
    ) -> Iterator[None]:
        """Measure a stage.

        Args:
            stage: its name.
            place: where it runs.
            spent: tells the processor seconds of workers so far; None where there are none.
        """
        wall, own, work = time.perf_counter(), _own(), 0.0 if spent is None else spent()
        yield
        wall, own = time.perf_counter() - wall, _own() - own
        took = (
            Taken(wall=wall, work=own)
            if spent is None
            else Taken(wall=wall, work=spent() - work, driver=own)
        )
        self._taken[stage, place] = took
        _say(
            stage, str(place), f"{wall:.1f}", f"{self._events / wall:,.0f}", f"{took.work:.1f}",
            f"{took.driver:.1f}", f"{took.cpu / self._events * MILLION:.1f}",
        )  # fmt: skip

    def weighed(self, what: str, place: Place, files: Iterable[Path]) -> None:
        """Keep how many bytes something has."""
        self._bytes[what, place] = sum(path.stat().st_size for path in files)

    def conclude(self, even: str, skewed: str) -> None:
        """Print what follows, stage by stage; of processor where others may disturb the clock."""
        alone, one, two = (Place(trail=even, workers=count) for count in (0, 1, 2))
        sys.stdout.write("\n")
        _say(
            "stage", "1 worker, records/s", "2 workers, records/s", "2 workers over 1",
            "1 worker's cpu over alone", "2 workers' cpu over alone", "skewed over even, 2 workers",
            "the same by cpu", "skewed over even, alone, by cpu",
        )  # fmt: skip
        _say(*["---"] * 9)
        far, near = Place(trail=skewed, workers=2), Place(trail=skewed)
        for stage in STAGES:
            took = {place: self._taken[stage, place] for place in (alone, one, two, far, near)}
            _say(
                stage,
                f"{self._events / took[one].wall:,.0f}",
                f"{self._events / took[two].wall:,.0f}",
                _ratio(took[one].wall, took[two].wall),
                _ratio(took[one].cpu, took[alone].cpu),
                _ratio(took[two].cpu, took[alone].cpu),
                _ratio(took[far].wall, took[two].wall),
                _ratio(took[far].cpu, took[two].cpu),
                _ratio(took[near].cpu, took[alone].cpu),
            )
        sys.stdout.write("\n")
        _say("bytes", "where", "MB", "MB a million")
        _say(*["---"] * 4)
        for (what, place), size in self._bytes.items():
            each = size / self._events * MILLION
            _say(what, str(place), f"{size / MILLION:.1f}", f"{each / MILLION:.1f}")


def _own() -> float:
    """Return the processor seconds of this process, and of those that it started: Spark's JVM."""
    ticks = 0
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            name, parts = path.parent.name, path.read_text().rpartition(")")[2].split()
            is_worker = parts[3] == name  # a group of its own: not of this process
            if int(name) == os.getpid() or (int(parts[1]) == os.getpid() and not is_worker):
                ticks += sum(map(int, parts[11:13]))
    return ticks / os.sysconf("SC_CLK_TCK")


def _ratio(one: float, other: float) -> str:
    return f"{one / other:.2f} ×" if other else "–"


def _say(*cells: str) -> None:
    sys.stdout.write(f"| {' | '.join(cells)} |\n")
    sys.stdout.flush()
