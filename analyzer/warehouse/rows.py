"""Rows: what DuckDB answers, as the JSON values that every document is made of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, Protocol, Self

import pyarrow as pa
from pyarrow import MonthDayNano

from analyzer import moment
from analyzer.warehouse.arrow import parquet
from analyzer.warehouse.engine import Result


class Closed(Protocol):
    """What rows come from, and what is closed with them."""

    def close(self) -> None:
        """Let go of it."""


class Rows:
    """The rows of an answer: to be read once, in a `with` or closed by hand.

    Attributes:
        columns: their names; a second one of the same name is `name_2`.
        types: as DuckDB spells them.
    """

    def __init__(self, engine: Closed, result: Result) -> None:
        """Take a connection, which is closed with the rows, and what it answered."""
        self._engine = engine
        self._result = result
        self.columns = _apart(result.schema.names)
        self.types = result.types

    def __iter__(self) -> Iterator[dict[str, Any]]:
        for batch in self._result.batches:
            for row in zip(*(column.to_pylist() for column in batch.columns), strict=True):
                yield {name: plain(value) for name, value in zip(self.columns, row, strict=True)}

    def parquet(self, limit: int | None = None) -> Iterator[bytes]:
        """Yield the rows as a Parquet file instead, at most *limit* of them."""
        schema = self._result.schema
        named = pa.schema([one.with_name(to) for one, to in zip(schema, self.columns, strict=True)])
        return parquet(named, self._result.batches, limit)

    def close(self) -> None:
        """Close the connection."""
        self._engine.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()


def plain(value: Any) -> Any:
    """Return one value as JSON can hold it: times are UTC with `Z`, durations are seconds."""
    match value:
        case None | bool() | int() | float() | str():
            return value
        case datetime():
            aware = value if value.tzinfo is not None else value.replace(tzinfo=UTC)
            return moment.text(moment.of(aware))
        case date() | time():
            return value.isoformat()
        case MonthDayNano():
            return _seconds(value)
        case timedelta():
            return value.total_seconds()
        case Decimal():
            return int(value) if value == value.to_integral_value() else float(value)
        case bytes() | bytearray() | memoryview():
            return bytes(value).hex()
        case Mapping():
            return {str(name): plain(held) for name, held in value.items()}
        case Sequence():
            return [plain(held) for held in value]
        case _:
            return str(value)


def _seconds(interval: Any) -> float | str:
    """Return an interval in seconds; one that has months has no fixed length, and is spelled."""
    if interval.months:
        rest = f"{interval.days} days {interval.nanoseconds / 1e9:g} seconds"
        return f"{interval.months} months {rest}"
    return float(interval.days * 86_400 + interval.nanoseconds / 1e9)


def _apart(columns: Sequence[str]) -> tuple[str, ...]:
    met: dict[str, int] = {}
    names: list[str] = []
    for column in columns:
        met[column] = met.get(column, 0) + 1
        names.append(column if met[column] == 1 else f"{column}_{met[column]}")
    return tuple(names)
