"""The command line: one click group, run in one place that ends in an exit code."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Final, NoReturn

import click
from click.shell_completion import shell_complete

from analyzer.errors import AnalyzerError
from ledger.errors import LedgerError
from tui.commands import COMMANDS
from tui.config import ConfigError
from tui.console import ExitCode, OutputExistsError
from tui.session import World
from tui.streams import ClosedPipeError, fail, flush, forget_stdout, say
from tui.trouble import sentence
from tui.version import print_version

NAME: Final = "keyledger"
COLLECT_AFTER: Final = (100_000, 50)
"""New objects after which Python looks for circles among them, and looks before a wider one."""

COMPLETE: Final = "_KEYLEDGER_COMPLETE"
"""The variable by which a shell's completion script asks."""


class Commands(click.Group):
    """A group that imports a command's module only when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names in the shelf's order."""
        del ctx
        return [name for name, _ in COMMANDS]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return the command of that name."""
        del ctx
        module = dict(COMMANDS).get(cmd_name)
        if module is None:
            return None
        command = import_module(module).command
        return command if isinstance(command, click.Command) else None


@click.group(
    cls=Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="\b\nStart here:\n"
    "  keyledger demo\n"
    "  keyledger ingest ./cloudtrail-logs\n"
    "  keyledger state\n"
    "  keyledger explain DATABASE",
)
@click.option(
    "--version",
    is_flag=True,
    expose_value=False,
    is_eager=True,
    callback=print_version,
    help="Show the version and exit.",
)
def keyledger() -> None:
    """Say since when an encrypted RDS database is unrecoverable, by whose call, and prove it.

    Seals CloudTrail records in a ledger that cannot be changed unnoticed, replays them, and judges
    for every database whether its data can be brought back: since when not, why, by whom, and until
    when it could have been saved.
    """


def main() -> NoReturn:
    """Run the command line of this process and end it."""
    # A replay makes very many small values and no circles of them: to look for circles as often
    # as Python does by itself takes a fifth of its time and finds nothing.
    gc.set_threshold(*COLLECT_AFTER)
    sys.exit(run(sys.argv[1:]))


def run(arguments: Sequence[str], *, world: World | None = None) -> ExitCode:
    """Run one command line.

    Args:
        arguments: without the program's name.
        world: the clock and chance; None for the system's.

    Returns:
        The exit code; everything else has been written.
    """
    try:
        code = _invoke(list(arguments), world)
        flush()
    except (ClosedPipeError, BrokenPipeError):
        forget_stdout()
        return ExitCode.CLOSED_PIPE
    return code


def _invoke(arguments: list[str], world: World | None) -> ExitCode:
    # What click's own `main` does, but for its ends: it turns a closed pipe and Ctrl-C into 1.
    try:
        asked = os.environ.get(COMPLETE)
        if asked:
            return ExitCode(shell_complete(keyledger, {}, NAME, COMPLETE, asked))
        with keyledger.make_context(NAME, arguments, obj=world) as context:
            return ExitCode(keyledger.invoke(context) or 0)
    except click.exceptions.Exit as end:
        return ExitCode(end.exit_code)
    except click.UsageError as error:
        _tell_usage(error)
        return ExitCode.USAGE
    except KeyboardInterrupt:
        fail("interrupted", "what was sealed is whole; the same command again completes it")
        return ExitCode.INTERRUPTED
    except BrokenPipeError:
        raise
    except (LedgerError, AnalyzerError, ConfigError, OutputExistsError, OSError) as error:
        told = sentence(error)
        fail(told.text, *told.ways_out)
        return told.code


def _tell_usage(error: click.UsageError) -> None:
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        for line in error.format_message().splitlines():
            say(line)
        return
    path = error.ctx.command_path if error.ctx is not None else NAME
    fail(error.format_message(), f"see: {path} --help")
