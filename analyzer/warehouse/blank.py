"""Blank: a warehouse without a row, by which a query is understood before others work it out."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from analyzer.warehouse.engine import Engine
from analyzer.warehouse.schema import create


def understood(sql: str, given: Mapping[str, Any]) -> tuple[list[str], tuple[str, ...]]:
    """Ask a warehouse in which nothing is; what comes out is the shape of any answer.

    Args:
        sql: one query.
        given: its parameters.

    Returns:
        Names and types of its columns, as DuckDB has them.

    Raises:
        QueryFailedError: it cannot be asked, in the words in which any warehouse says so.
    """
    with TemporaryDirectory() as folder:
        path = Path(folder) / "blank.duckdb"
        with Engine.writing(path) as engine:
            create(engine)
        with Engine.reading(path) as engine:
            engine.lock()
            found = engine.ask(sql, given, None)
            return found.schema.names, found.types
