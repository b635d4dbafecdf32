"""Asking: a query of the catalogue, or SQL, answered by a cluster."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import ExitStack

from analyzer.spark.engine import Engine
from analyzer.spark.tables import Tables
from analyzer.warehouse.asking import spelled
from analyzer.warehouse.engine import Result, parameters_of
from analyzer.warehouse.rows import Rows
from analyzer.warehouse.session import Session


def ask(
    engine: Engine, session: Session, text: str, typed: Mapping[str, str], limit: int | None = None
) -> Rows:
    """Answer a query; see `analyzer.warehouse.asking.answer`, whose rows it gives.

    Args:
        engine: who works it out; the rows come here.
        session: which ledgers are asked, at which moment.
        text: a name, or one SELECT in DuckDB's SQL.
        typed: parameters, as typed.
        limit: so many rows and one more are enough; None for all.

    Raises:
        UntranslatableError: Spark has no equal of it.
        ClusterError: Spark refuses it, or gave up.
        ShardError: a shard turned out to be damaged.
    """
    sql, given = spelled(session, text, typed)
    parameters_of(sql)  # whatever DuckDB does not take, or is not one query, is refused as there
    tables = Tables(engine, session)
    frame = tables.frame(sql, given)
    found = tables.done((frame if limit is None else frame.limit(limit + 1)).toArrow)
    types = tuple(kind.upper() for _, kind in frame.dtypes)
    result = Result(types=types, schema=found.schema, batches=iter(found.to_batches()))
    return Rows(ExitStack(), result)
