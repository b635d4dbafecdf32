"""Asking: a query of the catalogue, or SQL, answered by a cluster."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import ExitStack

from analyzer.spark.engine import Engine
from analyzer.spark.tables import Tables
from analyzer.warehouse.asking import spelled
from analyzer.warehouse.blank import understood
from analyzer.warehouse.engine import Result
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
        QueryFailedError, UntranslatableError: nobody can be asked that, or Spark has no equal.
        ClusterError: Spark refuses it, or gave up.
        ShardError: a shard turned out to be damaged.
    """
    sql, given = spelled(session, text, typed)
    names, types = understood(sql, given)  # whatever DuckDB does not take is refused as there
    tables = Tables(engine, session)
    frame = tables.frame(sql, given)
    found = tables.done((frame if limit is None else frame.limit(limit + 1)).toArrow)
    named = found.rename_columns(names)
    result = Result(types=types, schema=named.schema, batches=iter(named.to_batches()))
    return Rows(ExitStack(), result)
