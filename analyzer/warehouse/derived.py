"""Derived: the rows of every table that follows from a history, whoever fills the table."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from analyzer.history.history import History
from analyzer.warehouse import spans, subjects
from analyzer.warehouse.table import Table
from analyzer.warehouse.tables import SPANS

_ROWS: Final = {
    "subjects": subjects.subjects,
    "keys": spans.keys,
    "key_spans": spans.key_spans,
    "databases": spans.databases,
    "database_spans": spans.database_spans,
    "copy_spans": spans.copy_spans,
    "aliases": subjects.aliases,
    "gaps": subjects.gaps,
}


def derived(table: Table, history: History) -> Iterator[tuple[Any, ...]]:
    """Yield the rows of a table other than `findings`, which speak of one moment."""
    rows = _ROWS[table.name](history)
    return spans.joined(table, rows) if table in SPANS else rows
