"""Timelines: values that hold from one moment to the next, gapless and without overlap."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from enum import StrEnum
from typing import Final, Generic, NamedTuple, TypeVar

from analyzer.frozen import Frozen
from analyzer.grounds import Ground
from analyzer.moment import Moment

V = TypeVar("V")

DAWN: Final[Moment] = -(1 << 62)
"""Start of what was so before the ledger begins; printed as null."""


class Basis(StrEnum):
    """How a printed state is known (contract, section 1)."""

    OBSERVED = "observed"
    DERIVED = "derived"
    BOUNDED = "bounded"
    INFERRED = "inferred"


class Known(Frozen, frozen=True, kw_only=True):
    """A moment together with how well it is known.

    Attributes:
        at: the single moment to use.
        basis: how it is known.
        earliest: lower bound; None where there is none.
        latest: upper bound; None where there is none.
        ground: the rule by which it was concluded; None where a record states it.
    """

    at: Moment
    basis: Basis
    earliest: Moment | None
    latest: Moment | None
    ground: Ground | None = None

    @classmethod
    def exactly(
        cls, at: Moment, basis: Basis = Basis.OBSERVED, ground: Ground | None = None
    ) -> Known:
        """Return a moment that is known exactly."""
        return cls(at=at, basis=basis, earliest=at, latest=at, ground=ground)

    @classmethod
    def not_before(
        cls, at: Moment, basis: Basis, ground: Ground, *, latest: Moment | None = None
    ) -> Known:
        """Return a moment of which the earliest possible value is used."""
        return cls(at=at, basis=basis, earliest=at, latest=latest, ground=ground)


class Span(NamedTuple, Generic[V]):
    """A value and the half-open stretch [start, end) in which it holds; end None is open."""

    start: Moment
    end: Moment | None
    value: V


class Timeline(Generic[V]):
    """An immutable sequence of values through time."""

    __slots__ = ("_starts", "_values")

    def __init__(self, changes: Iterable[tuple[Moment, V]]) -> None:
        """Build from (moment, value) pairs in time order; of one moment the last value counts."""
        starts: list[Moment] = []
        values: list[V] = []
        for start, value in changes:
            if starts and starts[-1] == start:
                values[-1] = value
            else:
                starts.append(start)
                values.append(value)
        self._starts = tuple(starts)
        self._values = tuple(values)

    def at(self, moment: Moment) -> V | None:
        """Return the value at *moment*, or None before the first."""
        index = bisect_right(self._starts, moment) - 1
        return self._values[index] if index >= 0 else None

    def before(self, moment: Moment) -> V | None:
        """Return the value that held just before *moment*."""
        return self.at(moment - 1)

    @property
    def starts(self) -> tuple[Moment, ...]:
        """The moments at which a value begins."""
        return self._starts

    @property
    def values(self) -> tuple[V, ...]:
        """Every value, in time order."""
        return self._values

    @property
    def last(self) -> V | None:
        """The value that holds for ever after the last change."""
        return self._values[-1] if self._values else None

    def spans(self, until: Moment | None = None) -> Iterator[Span[V]]:
        """Yield the spans that begin at or before *until*; the last one is open."""
        count = len(self._starts) if until is None else bisect_right(self._starts, until)
        for index in range(count):
            end = self._starts[index + 1] if index + 1 < count else None
            yield Span(self._starts[index], end, self._values[index])

    def __len__(self) -> int:
        return len(self._starts)

    def __bool__(self) -> bool:
        return bool(self._starts)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Timeline):
            return NotImplemented
        return self._starts == other._starts and self._values == other._values

    def __hash__(self) -> int:
        return hash((self._starts, self._values))

    def __repr__(self) -> str:
        return f"Timeline({list(zip(self._starts, self._values, strict=True))!r})"


def stretches(timeline: Timeline[V], holds: Callable[[V], bool]) -> Iterator[Span[V]]:
    """Yield each longest stretch in which every value satisfies *holds*, with its first value."""
    starts, values = timeline.starts, timeline.values
    first: int | None = None
    held = [*map(holds, values)]
    if True not in held:  # so it is with most timelines, most rules, most of the time
        return
    for index, is_so in enumerate(held):
        if is_so:
            first = index if first is None else first
        elif first is not None:
            yield Span(starts[first], starts[index], values[first])
            first = None
    if first is not None:
        yield Span(starts[first], None, values[first])


def breakpoints(timelines: Iterable[Timeline[V]]) -> list[Moment]:
    """Return every moment at which one of *timelines* changes, in order, each once."""
    return sorted({start for timeline in timelines for start in timeline.starts})
