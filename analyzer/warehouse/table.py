"""The contract of a table of the warehouse; the shelf is `warehouse/tables.py`."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Type(StrEnum):
    """The types of columns, as DuckDB spells them."""

    NUMBER = "BIGINT"
    NUMBERS = "BIGINT[]"
    TEXT = "VARCHAR"
    TEXTS = "VARCHAR[]"
    TIME = "TIMESTAMP"
    DAY = "DATE"
    FLAG = "BOOLEAN"


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name, its type, and what it means."""

    name: str
    type: Type
    about: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """One table: its name, what a row is, and its columns."""

    name: str
    about: str
    columns: tuple[Column, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the columns, in order."""
        return tuple(column.name for column in self.columns)
