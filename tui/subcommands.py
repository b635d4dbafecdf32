"""Subcommands: a group of commands, each a module that is imported when it is asked for."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from typing import Any

import click


class Subcommands(click.Group):
    """A group over a shelf of names and modules; a module offers `command`."""

    def __init__(self, *args: Any, shelf: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._shelf = shelf

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names in the shelf's order."""
        del ctx
        return [name for name, _ in self._shelf]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return the subcommand of that name."""
        del ctx
        module = dict(self._shelf).get(cmd_name)
        if module is None:
            return None
        command = import_module(module).command
        return command if isinstance(command, click.Command) else None
