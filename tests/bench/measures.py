"""Measures: what is to be beaten, each as one number with its goal."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Final

from tests.bench.exports import FORMS
from tests.bench.room import Room
from tests.bench.rounds import Figure, ratio

Figures = Mapping[str, Sequence[Figure]]

_MEGABYTE: Final = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """One row of the table.

    Attributes:
        title: what is measured.
        ours: the task of keyledger.
        peer: the task beside it; None where there is nothing to compare with.
        against: the peer in words.
        value: the number that counts, from the figures of both.
        unit: of that number.
        goal: the number to reach.
        is_floor: whether the number has to reach the goal from above; else it stays below it.
    """

    title: str
    ours: str
    peer: str | None = None
    against: str = "–"
    value: Callable[[Room, Figures], float]
    unit: str = "×"
    goal: float
    is_floor: bool = False

    @property
    def tasks(self) -> tuple[str, ...]:
        """The tasks that have to be run for it."""
        return (self.ours,) if self.peer is None else (self.ours, self.peer)

    def is_met(self, value: float) -> bool:
        """Whether a number reaches the goal."""
        return value >= self.goal if self.is_floor else value <= self.goal


def _rates(ours: str, peer: str) -> Callable[[Room, Figures], float]:
    return lambda _room, figures: ratio(figures[ours], figures[peer])


def _milliseconds(task: str) -> Callable[[Room, Figures], float]:
    return lambda _room, figures: median(one.wall / one.count * 1000 for one in figures[task])


def _peak(task: str) -> Callable[[Room, Figures], float]:
    return lambda _room, figures: max(one.peak for one in figures[task]) / _MEGABYTE


def _size(room: Room, _figures: Figures) -> float:
    return room.ledger.stat().st_size / room.compressed


def _share(room: Room, figures: Figures) -> float:
    del room
    pairs = zip(figures["incremental"], figures["cold"], strict=True)
    return 100 * median(one.wall / other.wall for one, other in pairs)


def _above(room: Room, figures: Figures) -> float:
    del room
    pairs = zip(figures["help"], figures["python-pass"], strict=True)
    return median(one.cpu - other.cpu for one, other in pairs)


MEASURES: Final = (
    Measure(
        title="ingest: files on disk to sealed and committed",
        ours="ingest",
        peer="duckdb-load",
        against="DuckDB `read_json` of the same files into a table",
        value=_rates("ingest", "duckdb-load"),
        goal=1.0,
        is_floor=True,
    ),
    Measure(
        title="ingest beside a row an event",
        ours="ingest",
        peer="sqlite-rows",
        against="Python's `sqlite3`, a row an event, no hashes",
        value=_rates("ingest", "sqlite-rows"),
        goal=1.0,
        is_floor=True,
    ),
    Measure(
        title="ingest beside an event store",
        ours="ingest",
        peer="eventsourcing",
        against="the `eventsourcing` package's SQLite recorder",
        value=_rates("ingest", "eventsourcing"),
        goal=1.0,
        is_floor=True,
    ),
    Measure(
        title="size of the ledger",
        ours="ingest",
        against="the gzip files",
        value=_size,
        goal=1.2,
    ),
    Measure(
        title="audit, every byte",
        ours="audit",
        peer="sha256",
        against="one SHA-256 over each inflated record, one core",
        value=_rates("audit", "sha256"),
        goal=0.5,
        is_floor=True,
    ),
    Measure(
        title="replay to verdicts, cold",
        ours="replay",
        peer="msgspec",
        against="msgspec decode of every record",
        value=_rates("replay", "msgspec"),
        goal=5.0,
        is_floor=True,
    ),
    Measure(
        title="a verdict, warm",
        ours="warm",
        value=_milliseconds("warm"),
        unit="ms",
        goal=20,
    ),
    Measure(
        title="the state of everything at any moment, warm",
        ours="state",
        value=_milliseconds("state"),
        unit="ms",
        goal=20,
    ),
    Measure(
        title="a thousand records more, ingested, and a verdict",
        ours="incremental",
        peer="cold",
        against="the cold run",
        value=_share,
        unit="%",
        goal=1.0,
    ),
    Measure(
        title="peak memory of ingest",
        ours="ingest",
        value=_peak("ingest"),
        unit="MB",
        goal=300,
    ),
    Measure(
        title="peak memory of audit",
        ours="audit",
        value=_peak("audit"),
        unit="MB",
        goal=300,
    ),
    Measure(
        title="warehouse: a ledger to a file that can be asked",
        ours="warehouse",
        peer="duckdb-load",
        against="DuckDB `read_json` of the same files into a table",
        value=_rates("warehouse", "duckdb-load"),
        goal=0.5,
        is_floor=True,
    ),
    Measure(
        title="peak memory of the warehouse",
        ours="warehouse",
        value=_peak("warehouse"),
        unit="MB",
        goal=500,
    ),
    Measure(
        title="the warehouse, after a thousand records more",
        ours="catch-up",
        value=_milliseconds("catch-up"),
        unit="ms",
        goal=20_000,
    ),
    Measure(
        title="a question of the catalogue, in the mean",
        ours="catalogue",
        value=_milliseconds("catalogue"),
        unit="ms",
        goal=2000,
    ),
    Measure(
        title="what deserves attention, the first time",
        ours="find",
        value=_milliseconds("find"),
        unit="ms",
        goal=2000,
    ),
    Measure(
        title="what deserves attention, once more",
        ours="find-again",
        value=_milliseconds("find-again"),
        unit="ms",
        goal=2000,
    ),
    Measure(
        title="what hangs on a key",
        ours="blast",
        value=_milliseconds("blast"),
        unit="ms",
        goal=2000,
    ),
    *(
        Measure(
            title=f"peak memory of an export, {form}",
            ours=f"export-{form}",
            value=_peak(f"export-{form}"),
            unit="MB",
            goal=500,
        )
        for form in FORMS
    ),
    Measure(
        title="the dashboard's first paint: which ledger, how large, of which time",
        ours="first-paint",
        value=_milliseconds("first-paint"),
        unit="ms",
        goal=1000,
    ),
    Measure(
        title="the dashboard at the decisive moment, from nothing",
        ours="opening",
        peer="replay",
        against="a cold `state` of the same ledger",
        value=_rates("opening", "replay"),
        goal=0.5,
        is_floor=True,
    ),
    Measure(
        title="a seek in the dashboard, drawn",
        ours="seek",
        value=_milliseconds("seek"),
        unit="ms",
        goal=100,
    ),
    Measure(
        title="a step in the dashboard, drawn",
        ours="step",
        value=_milliseconds("step"),
        unit="ms",
        goal=100,
    ),
    Measure(
        title="`keyledger --help`",
        ours="help",
        peer="python-pass",
        against="`python -c pass`, processor time above it",
        value=_above,
        unit="s",
        goal=0.2,
    ),
)
"""What to beat."""
