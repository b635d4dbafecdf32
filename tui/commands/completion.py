"""`keyledger completion`: let a shell complete commands and options."""

from __future__ import annotations

import click

from tui.console import ExitCode
from tui.streams import write_out


@click.command(
    epilog="\b\nExamples:\n"
    '  eval "$(keyledger completion bash)"\n'
    '  eval "$(keyledger completion zsh)"\n'
    "  keyledger completion fish > ~/.config/fish/completions/keyledger.fish"
)
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def command(shell: str) -> ExitCode:
    """Print a script that completes commands in a shell."""
    from click.shell_completion import get_completion_class

    from tui.cli import COMPLETE, NAME, keyledger

    completer = get_completion_class(shell)
    assert completer is not None, shell  # noqa: S101 - the choice above names only click's own
    script = completer(keyledger, {}, NAME, COMPLETE).source()
    write_out(script + "\n")
    return ExitCode.DONE
