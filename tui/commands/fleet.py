"""`keyledger fleet`: a folder of ledgers, asked and proved as one."""

from __future__ import annotations

import click

from tui.fleet import SUBCOMMANDS
from tui.subcommands import Subcommands


@click.group(
    cls=Subcommands,
    shelf=SUBCOMMANDS,
    epilog="\b\nExamples:\n"
    "  keyledger fleet checkpoint fleet --init-key -o fleet.checkpoint\n"
    "  keyledger fleet audit fleet --against fleet.checkpoint\n"
    "  keyledger fleet explain fleet orders\n"
    "  keyledger fleet query fleet databases_at_stake\n"
    "  keyledger fleet prove fleet '2#17' -o entry.tlog-proof",
)
def command() -> None:
    """Ask a folder of ledgers as one.

    Where one ledger is not enough there is one for each account and Region: a fleet is the folder
    in which these shards lie, as ACCOUNT/REGION.db. The facts of all shards make one history, so
    that keys of other accounts and copies in other Regions are found. `fleet checkpoint` seals the
    heads of all shards in fleet.db, the fleet's own ledger, whose checkpoint speaks for all of
    them. A shard that is missing or damaged is left out, which every answer says: the exit code is
    then 4 where something contradicts, else 5.
    """
