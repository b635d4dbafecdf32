"""`keyledger fleet`: a folder of ledgers, asked and proved as one."""

from __future__ import annotations

from importlib import import_module

import click

from tui.fleet import SUBCOMMANDS


class _Subcommands(click.Group):
    """Imports the module of a subcommand only when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names in the shelf's order."""
        del ctx
        return [name for name, _ in SUBCOMMANDS]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return the subcommand of that name."""
        del ctx
        module = dict(SUBCOMMANDS).get(cmd_name)
        if module is None:
            return None
        command = import_module(module).command
        return command if isinstance(command, click.Command) else None


@click.group(
    cls=_Subcommands,
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
