"""Replaying: what follows from all records of a fleet, as Parquet, worked out by a cluster."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Final

from analyzer.answers.shape import Document
from analyzer.moment import text
from analyzer.spark.engine import Engine
from analyzer.spark.tables import Tables
from analyzer.warehouse.pieces import FROM_FACTS
from analyzer.warehouse.session import Session
from analyzer.warehouse.views import USAGE_BY_MINUTE

WRITTEN: Final = {
    **{table.name: f"SELECT * FROM {table.name}" for table in FROM_FACTS},  # noqa: S608 - our names
    "verdicts": "SELECT * FROM database_state_at(asked_at())",
    "usage": "SELECT * FROM usage",
    "usage_by_minute": USAGE_BY_MINUTE,
}
"""What is written, each as a folder of Parquet files."""


def replay(engine: Engine, session: Session, target: Path) -> Document:
    """Replay a fleet and write what follows.

    Args:
        engine: whose workers see the fleet, and may write the target.
        session: which ledgers are replayed, judged at which moment.
        target: a folder; what it holds of the same names is replaced.

    Raises:
        ClusterError: the cluster gave up.
        ShardError: a shard turned out to be damaged; what was written is to be replaced.
    """
    tables = Tables(engine, session)
    rows = {}
    for name, sql in WRITTEN.items():
        path = str(target.absolute() / name)
        tables.done(partial(tables.frame(sql).write.mode("overwrite").parquet, path))
        rows[name] = tables.done(engine.session.read.parquet(path).count)
    return {
        "out": str(target),
        "at": text(session.asked_at),
        "known_at": sum(session.cut),
        "tables": [{"table": name, "rows": count} for name, count in rows.items()],
    }
