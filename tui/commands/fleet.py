"""`keyledger fleet`: a folder of ledgers, asked and proved as one."""

from __future__ import annotations

import click

from tui.fleet import ASKED, SUBCOMMANDS
from tui.fleet.asking import of_fleet
from tui.subcommands import Subcommands


class _OfFleet(Subcommands):
    """What only a fleet has, and what a ledger has too."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names, the shelf's first."""
        return [*super().list_commands(ctx), *ASKED]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return the subcommand of that name."""
        return of_fleet(cmd_name) if cmd_name in ASKED else super().get_command(ctx, cmd_name)


@click.group(
    cls=_OfFleet,
    shelf=SUBCOMMANDS,
    epilog="\b\nExamples:\n"
    "  keyledger fleet checkpoint fleet --init-key -o fleet.checkpoint\n"
    "  keyledger fleet audit fleet --against fleet.checkpoint\n"
    "  keyledger fleet explain fleet orders\n"
    "  keyledger fleet explain s3://BUCKET/fleet orders --profile audit\n"
    "  keyledger fleet find fleet --fail-on high\n"
    "  keyledger fleet query fleet databases_at_stake\n"
    "  keyledger fleet prove fleet '2#17' -o entry.tlog-proof",
)
def command() -> None:
    """Ask a folder of ledgers as one.

    Where one ledger is not enough there is one for each account and Region: a fleet is the folder
    in which these shards lie, as ACCOUNT/REGION.db. The facts of all shards make one history, so
    that keys of other accounts and copies in other Regions are found. `fleet checkpoint` seals the
    heads of all shards in fleet.db, the fleet's own ledger, whose checkpoint speaks for all of
    them. `keyledger COMMAND --ledger FOLDER` asks the same as `keyledger fleet COMMAND FOLDER`. A
    shard that is missing or damaged is left out, which every answer says: the exit code is then 4
    where something contradicts, else 5.
    """
