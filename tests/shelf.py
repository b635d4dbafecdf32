"""Shelf: every command that can be typed, those within a group by both words."""

from __future__ import annotations

from collections.abc import Iterator

import click

from tui.cli import keyledger as group
from tui.commands import COMMANDS


def names() -> list[str]:
    """Return them in the order of the shelf: `audit`, `fleet audit`."""
    return [name for first, _ in COMMANDS for name in _names(first)]


def command(name: str) -> click.Command:
    """Return a command by its words."""
    found: click.Command = group
    for word in name.split():
        assert isinstance(found, click.Group)
        below = found.get_command(click.Context(found), word)
        assert below is not None
        found = below
    return found


def _names(name: str) -> Iterator[str]:
    found = command(name)
    if isinstance(found, click.Group):
        for below in found.list_commands(click.Context(found)):
            yield from _names(f"{name} {below}")
    else:
        yield name
