"""Schema: the empty tables of a file, its views and macros, and the comments that explain them."""

from __future__ import annotations

from typing import Final

from analyzer.warehouse import stamp
from analyzer.warehouse.engine import Engine
from analyzer.warehouse.table import Table
from analyzer.warehouse.tables import COPY_SPANS, RECORDS, TABLES
from analyzer.warehouse.views import READINGS, USAGE_SUMS, Macro, View


def create(engine: Engine) -> None:
    """Make empty tables, views, macros, and their comments."""
    for table in TABLES:
        engine.execute(declaration(table))
    engine.execute(f"CREATE TABLE stamp ({stamp.COLUMNS})")
    engine.execute(f"CREATE TABLE usage_parts AS {sums('true')}")
    for reading in READINGS:
        engine.execute(_spelled(reading))
    for table in TABLES:
        _comment(engine, "TABLE", table.name, table.about)
        for column in table.columns:
            _comment(engine, "COLUMN", f"{table.name}.{column.name}", column.about)
    for reading in READINGS:
        if isinstance(reading, View):
            _comment_view(engine, reading)
        else:
            kind = "MACRO TABLE" if reading.is_table else "MACRO"
            _comment(engine, kind, reading.name, f"{reading.signature}: {reading.about}")
    for name, about in _OTHERS.items():
        _comment(engine, "TABLE", name, about)


_OTHERS: Final = {
    "stamp": "One row a ledger: which one, up to which entry, this file was made from; in a fleet "
    "the entries of a shard have numbers from shard * 1000000000000 on.",
    "usage_parts": "Sums of which the view usage is made.",
}


def declaration(table: Table, kind: str = "") -> str:
    """Spell CREATE TABLE."""
    columns = ", ".join(f"{column.name} {column.type.value}" for column in table.columns)
    return f"CREATE {kind} TABLE {table.name} ({columns})"


def sums(within: str) -> str:
    """Spell how uses are counted among the records that a condition holds for."""
    return USAGE_SUMS.format(within=within)


def _spelled(reading: View | Macro) -> str:
    if isinstance(reading, View):
        return f"CREATE VIEW {reading.name} AS {reading.sql}"
    kind = "TABLE " if reading.is_table else ""
    return f"CREATE MACRO {reading.signature} AS {kind}{reading.sql}"


def _comment(engine: Engine, kind: str, name: str, text: str) -> None:
    quoted = text.replace("'", "''")
    engine.execute(f"COMMENT ON {kind} {name} IS '{quoted}'")


def _comment_view(engine: Engine, view: View) -> None:
    _comment(engine, "VIEW", view.name, view.about)
    described = {column.name: column.about for column in (*RECORDS.columns, *COPY_SPANS.columns)}
    described |= dict(view.columns)
    present = engine.rows(
        f"SELECT column_name FROM duckdb_columns() WHERE table_name = '{view.name}'"
    )
    for (name,) in present:
        if name in described:
            _comment(engine, "COLUMN", f"{view.name}.{name}", described[name])
