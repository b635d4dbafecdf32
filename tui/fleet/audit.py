"""`keyledger fleet audit`: recompute every hash of every shard."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from tui.answer import Answer
from tui.commands.audit import OUTCOME_CODES, doubted
from tui.console import ExitCode
from tui.fleet.opening import folder as of_folder
from tui.fleet.opening import opened
from tui.session import Session, shared_by_fleets, with_key

if TYPE_CHECKING:
    from tui.paint import Canvas


@click.command(
    epilog="\b\nExamples:\n"
    "  keyledger fleet audit fleet\n"
    "  keyledger fleet audit fleet --against kept-in-march.checkpoint --key fleet.db.key.pub"
)
@of_folder
@click.option(
    "--against",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    metavar="FILE",
    help="A checkpoint of the fleet that was kept elsewhere.",
)
@with_key
@shared_by_fleets
def command(session: Session, *, folder: str, against: Path | None, key: str | None) -> ExitCode:
    """Recompute every hash of every shard.

    Each shard also has to extend every checkpoint of it that the fleet sealed, and the fleet's own
    ledger the one that was kept. Exits 0 when everything was checked and holds, 4 when something
    contradicts, 5 when something could not be checked, such as a shard that is missing.
    """
    with opened(session, folder) as fleet, session.console.meter("audit", "entries") as meter:
        report = fleet.custody.audit(meter.advance_to, against=against, key=key)
    document = doubted(session, report.document())

    def page(canvas: Canvas) -> None:
        from tui.pages import fleet

        fleet.paint_audit(canvas, document)

    session.console.answer(
        Answer(document=document, tables={"shard": document["shards"]}, page=page)
    )
    return OUTCOME_CODES[document["outcome"]]
