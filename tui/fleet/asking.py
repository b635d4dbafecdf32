"""Asking: the commands that answer for a fleet as for a ledger, under `keyledger fleet`.

Only the spelling is another: FOLDER takes the place of `--ledger`, and one function does the work.
"""

from __future__ import annotations

import re
from functools import partial
from importlib import import_module
from inspect import cleandoc
from typing import Any, Final

import click

from tui.access import shown

_NEEDS_ONE_LEDGER: Final[dict[str, dict[str, Any]]] = {"state": {"seal": False, "key_file": None}}
"""Options that a fleet has not, and what they are then."""

_EXAMPLE: Final = re.compile(r"keyledger (?P<name>[a-z]+)")
_COUNT: Final = "'#1200'"
"""A number of entries, which have no order in a fleet."""

_ABOUT: Final = (
    "\n\nFOLDER is the folder of a fleet, here or s3://…: the records of all its shards are taken "
    "together. Entries are cited as 2#17, entry 17 of shard 2; in JSON `shard` and `shard_entry` "
    "stand beside `entry`. The same as `keyledger {name} --ledger FOLDER`."
)


def of_fleet(name: str) -> click.Command:
    """Return a command of `tui.commands` that takes the folder of a fleet first."""
    command = import_module(f"tui.commands.{name}").command
    left_out = _NEEDS_ONE_LEDGER.get(name, {})
    kept = [one for one in command.params if one.name not in {"ledger", *left_out}]
    return click.Command(
        name,
        callback=partial(command.callback, **left_out),
        params=[click.Argument(["fleet"], metavar="FOLDER"), *shown(kept)],
        help=_told(cleandoc(str(command.help)), left_out) + _ABOUT.format(name=name),
        epilog=_respelled(str(command.epilog), left_out),
        context_settings=command.context_settings,
    )


def _told(text: str, left_out: dict[str, Any]) -> str:
    """Return the help of a command without the paragraphs on what a fleet has not."""
    paragraphs = text.split("\n\n")
    return "\n\n".join(
        one for one in paragraphs if not any(f"--{option}" in one for option in left_out)
    )


def _respelled(examples: str, left_out: dict[str, Any]) -> str:
    """Return examples of a command as those of the same one for a fleet."""
    lines = (
        line for line in examples.splitlines() if not any(f"--{one}" in line for one in left_out)
    )
    told = (line.replace(" --ledger case.db", "").replace(_COUNT, "-1d") for line in lines)
    return "\n".join(_EXAMPLE.sub(r"keyledger fleet \g<name> fleet", line) for line in told)
