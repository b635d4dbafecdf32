"""`keyledger spark query`: a question of the catalogue, or SQL, answered by a cluster."""

from __future__ import annotations

import sys

import click

from tui.asking import limited, named, parameters, tell
from tui.console import ExitCode
from tui.fleet.opening import ended
from tui.fleet.opening import folder as of_folder
from tui.session import Session, moments, shared_by_fleets_with_parquet
from tui.spark.cluster import cluster, started, unread


@click.command(
    context_settings={"ignore_unknown_options": True, "allow_extra_args": True},
    epilog="\b\nExamples:\n"
    "  keyledger spark query fleet databases_at_stake\n"
    "  keyledger spark query fleet busiest_principals --master spark://HOST:7077 --limit 20\n"
    '  keyledger spark query fleet "SELECT account, count(*) FROM events GROUP BY ALL" --limit 9',
)
@of_folder
@click.argument("question", metavar="NAME|SQL|-")
@named
@limited
@moments
@cluster
@shared_by_fleets_with_parquet
def command(
    session: Session,
    *,
    folder: str,
    question: str,
    pairs: tuple[str, ...],
    limit: int | None,
    at: str,
    known_at: str | None,
    rules: str | None,
    master: str,
    settings: tuple[str, ...],
) -> ExitCode:
    """Ask the catalogue, or SQL, of a fleet on a cluster.

    The same questions, tables and rows as `keyledger fleet query`, whose SQL is put into Spark's: a
    question of which Spark has no equal is refused, and why is said. What a shard says is read from
    its ledger each time, a task for each stretch of it.
    """
    typed = parameters(pairs, click.get_current_context().args)
    text = sys.stdin.read() if question == "-" else question
    now = session.clock()
    with unread(session, folder, master) as fleet, started(session, master, settings) as engine:
        from analyzer.spark.asking import ask  # there is nothing to ask with before it started

        rows = fleet.ask(
            lambda case: ask(
                engine, case.session(at=at, known_at=known_at, rules=rules, now=now), text, typed,
                limit,
            )
        )  # fmt: skip
        tell(session, rows, limit)
        return ended(session, fleet.lost)
