"""`keyledger spark`: fleets that are sealed and asked on a cluster."""

from __future__ import annotations

import click

from tui.spark import SUBCOMMANDS
from tui.subcommands import Subcommands


@click.group(
    cls=Subcommands,
    shelf=SUBCOMMANDS,
    epilog="\b\nExamples:\n"
    "  keyledger spark seal ./AWSLogs fleet\n"
    "  keyledger spark seal s3://BUCKET/AWSLogs fleet --master spark://HOST:7077\n"
    "  keyledger spark replay fleet replayed\n"
    "  keyledger spark query fleet databases_at_stake",
)
def command() -> None:
    """Seal and ask a fleet on a cluster of Spark.

    Where one machine is not enough, the tasks of an engine that you operate already do the same
    work: the same functions, the same ledgers, the same answers (`keyledger fleet`). It needs
    `pip install 'keyledger[spark]'` and Java 17, keyledger on every worker, and a FLEET folder that
    the driver and all workers see under one path.
    """
