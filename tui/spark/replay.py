"""`keyledger spark replay`: what follows from all records of a fleet, as Parquet."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tui.answer import Answer
from tui.console import ExitCode, OutputExistsError
from tui.fleet.opening import ended
from tui.fleet.opening import folder as of_folder
from tui.session import Session, moments, shared_by_fleets
from tui.spark.cluster import cluster, require_shared, started, unread

if TYPE_CHECKING:
    from tui.paint import Canvas


@click.command(
    epilog="\b\nExamples:\n"
    "  keyledger spark replay fleet replayed\n"
    "  keyledger spark replay /mnt/fleet /mnt/replayed --master spark://HOST:7077 --force"
)
@of_folder
@click.argument("out", type=click.Path(file_okay=False))
@moments
@cluster
@shared_by_fleets
def command(
    session: Session,
    *,
    folder: str,
    out: str,
    at: str,
    known_at: str | None,
    rules: str | None,
    master: str,
    settings: tuple[str, ...],
) -> ExitCode:
    """Replay a fleet on a cluster, to Parquet.

    What hangs together, such as a key, the databases under it and their copies, is replayed in one
    task, apart from the rest. OUT gets a folder for each table of those that `keyledger query
    tables` tells of: keys, key_spans, databases, database_spans, copy_spans, aliases, gaps and
    subjects; for verdicts, a row for each database at --at; for usage, by key and day, and for
    usage_by_minute.
    """
    require_shared(out)
    target, now = Path(out), session.clock()
    if target.exists() and any(target.iterdir()) and not session.console.wishes.force:
        raise OutputExistsError(target)
    with unread(session, folder, master) as fleet, started(session, master, settings) as engine:
        from analyzer.spark.replaying import replay  # nothing to replay with before it started

        document = fleet.ask(
            lambda case: replay(
                engine, case.session(at=at, known_at=known_at, rules=rules, now=now), target
            )
        )
        code = ended(session, fleet.lost)
    session.console.answer(_answer(document))
    return code


def _answer(document: Mapping[str, Any]) -> Answer:
    def page(canvas: Canvas) -> None:
        from tui.pages import spark

        spark.paint_replayed(canvas, document)

    return Answer(document=document, tables={"table": document["tables"]}, page=page)
