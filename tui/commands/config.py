"""`keyledger config`: where the settings lie, what they are, and whether they mean something."""

from __future__ import annotations

import click

from tui.console import ExitCode
from tui.streams import say, write_out


@click.command(
    epilog="\b\nExamples:\n"
    "  keyledger config path\n"
    '  keyledger config show > "$(keyledger config path)"\n'
    "  keyledger config validate"
)
@click.argument("what", type=click.Choice(["path", "show", "validate"]))
def command(what: str) -> ExitCode:
    """Show or check the settings: theme and keys of the dashboard.

    They lie in a TOML file, of which `path` tells the place. `show` prints the settings in force as
    such a file, every key included; `validate` exits 2 where the file says something that means
    nothing. The variable KEYLEDGER_CONFIG names another file.
    """
    from tui import config

    if what == "path":
        write_out(f"{config.path()}\n")
        return ExitCode.DONE
    settings = config.load()
    if what == "show":
        write_out("".join(f"{line}\n" for line in config.spelled(settings)))
        return ExitCode.DONE
    found = "valid" if config.path().exists() else "not there; the usual settings hold"
    say(f"{config.path()} is {found}")
    return ExitCode.DONE
