"""`keyledger fleet tui`: the dashboard, over all shards."""

from __future__ import annotations

from functools import partial

import click

from tui.commands.tui import require_terminal, shown
from tui.console import ExitCode
from tui.fleet.opening import ended, located, opened
from tui.fleet.opening import folder as of_folder
from tui.session import Session, shared_but_ledger


@click.command(
    epilog="\b\nExamples:\n"
    "  keyledger fleet tui fleet\n"
    "  keyledger fleet tui fleet orders --at 2026-03-10T16:02:10Z"
)
@of_folder
@click.argument("resource", required=False)
@click.option("--at", metavar="TIME", help="Where the playhead stands; default: where it matters.")
@click.option("--known-at", metavar="TIME", help="Only what was sealed by then.")
@shared_but_ledger
def command(
    session: Session, *, folder: str, resource: str | None, at: str | None, known_at: str | None
) -> ExitCode:
    """Scrub through the history of a fleet.

    The dashboard of `keyledger tui`, over the records of all shards. Entries are 2#17, entry 17 of
    shard 2; F7 lists the shards.
    """
    require_terminal("keyledger fleet explain answers without")
    from analyzer.fleet.fleet import Fleet

    with opened(session, folder) as fleet:
        code = ended(session, fleet)
    place = located(session, folder)
    left = shown(
        session,
        place.folder,
        partial(Fleet.open, doubts=place.doubts),
        name=folder,
        resource=resource,
        at=at,
        known_at=known_at,
        is_fleet=True,
    )
    return code if left is ExitCode.DONE else left
