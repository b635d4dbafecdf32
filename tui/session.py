"""Session: what every command is given: which ledger, how to answer, and what time it is."""

from __future__ import annotations

import functools
import os
import shlex
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import tzinfo
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from tui.access import access, taken
from tui.console import Console, Wishes
from tui.format import Format

if TYPE_CHECKING:
    from analyzer.case import Case
    from analyzer.s3.access import Access

DEFAULT_LEDGER: Final = "keyledger.db"
IN_S3: Final = "s3://"
OF_A_FLEET: Final = frozenset({"audit", "checkpoint", "prove"})
"""Commands about one ledger of which a fleet has another by the same name."""


def system_clock() -> int:
    """Return the present moment in microseconds since the epoch; the only look at the clock."""
    return time.time_ns() // 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """What a command line takes from outside, beside files.

    Attributes:
        clock: tells the present moment in microseconds since the epoch.
        chance: gives so many random bytes.
    """

    clock: Callable[[], int] = system_clock
    chance: Callable[[int], bytes] = os.urandom


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """One run of one command.

    Attributes:
        ledger: path of the ledger.
        fleet: the folder of a fleet, here or in S3, as typed, where one was named in its place.
        access: in whose name S3 is asked; None for whatever the environment says.
        console: where answers and narration go.
        clock: tells the present moment in microseconds since the epoch.
        chance: gives so many random bytes.
    """

    ledger: Path
    console: Console
    clock: Callable[[], int]
    chance: Callable[[int], bytes] = os.urandom
    fleet: str | None = None
    access: Access | None = None

    def open(self) -> Case:
        """Open the ledger for reading; raises the ledger's errors, UsageError for a fleet."""
        from analyzer.case import Case

        if self.fleet is not None:
            raise click.UsageError(
                f"{self.fleet} is a folder of ledgers, and this is about one: {self._instead()}"
            )

        case = Case.open(self.ledger)
        self.console.detail(f"{self.ledger} holds {case.ledger.size} entries")
        return case

    def require_one(self) -> None:
        """Raise a usage error, with what to type, where a fleet was named."""
        if self.fleet is not None:
            raise click.UsageError(
                f"{self.fleet} is a folder of ledgers, and this is about one: {self._instead()}"
            )

    def _instead(self) -> str:
        """Return what to type where a fleet was named and one ledger is needed."""
        name = click.get_current_context().info_name
        if name in OF_A_FLEET:
            return f"keyledger fleet {name} {shlex.quote(str(self.fleet))} asks all of them"
        return "name a file in it with --ledger"


Command = Callable[..., Any]
"""A function that becomes a click command."""


def _zone(ctx: click.Context, param: click.Parameter, value: str | None) -> tzinfo | None:
    """Return the zone of that name in the IANA database; None for UTC."""
    if value is None or value.upper() == "UTC":
        return None
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    try:
        return ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        message = f"{value!r} is no time zone here; try Europe/Berlin or UTC"
        raise click.BadParameter(message, ctx=ctx, param=param) from error


_LEDGER: Final = click.option(
    "--ledger",
    type=click.Path(),
    envvar="KEYLEDGER_LEDGER",
    default=DEFAULT_LEDGER,
    help="The ledger's file, or the folder of a fleet. Default: $KEYLEDGER_LEDGER, or "
    "./keyledger.db.",
)

_ACCESS: Final = functools.partial(access, is_hidden=True)
"""For a fleet in S3; `keyledger fleet COMMAND --help` tells of these options."""

_FORCE: Final = click.option("--force", is_flag=True, help="Overwrite the file of --output.")

_NARRATION: Final = (
    click.option("-q", "--quiet", is_flag=True, help="No narration on stderr but errors."),
    click.option("-v", "--verbose", is_flag=True, help="More narration on stderr."),
    click.option("--no-progress", is_flag=True, help="No progress bar."),
)


def _format(*formats: Format) -> Callable[[Command], Command]:
    return click.option(
        "--format",
        "format_",
        type=click.Choice([one.value for one in formats]),
        help="Default: table on a terminal; piped, json for documents and jsonl for rows.",
    )


_TEXTS: Final = tuple(one for one in Format if one is not Format.PARQUET)

_WISHES: Final = (
    click.option(
        "-o",
        "--output",
        type=click.Path(path_type=Path, dir_okay=False),
        metavar="FILE",
        help="Write the answer to this file.",
    ),
    _FORCE,
    click.option(
        "--tz",
        metavar="ZONE",
        callback=_zone,
        help="Time zone of tables, never of data. Default: UTC.",
    ),
    *_NARRATION,
)


def shared(command: Command) -> Command:
    """Give a command the shared options; it is called with a `Session` first."""
    return _with_options(command, (_LEDGER, _format(*_TEXTS), *_WISHES))


def shared_by_questions(command: Command) -> Command:
    """Give the shared options to a command that a fleet answers too."""
    return _with_options(command, (_LEDGER, _ACCESS, _format(*_TEXTS), *_WISHES))


def shared_with_parquet(command: Command) -> Command:
    """Give the shared options to a question whose rows can also be written as Parquet."""
    return _with_options(command, (_LEDGER, _ACCESS, _format(*Format), *_WISHES))


def shared_by_writers(command: Command) -> Command:
    """Give the shared options to a question that writes forms of its own to its --output."""
    return _with_options(command, (_LEDGER, _ACCESS, _FORCE, *_NARRATION))


def shared_but_ledger(command: Command) -> Command:
    """Give the shared options to a command that works on a ledger of its own."""
    return _with_options(command, (_format(*_TEXTS), *_WISHES))


def shared_by_fleets(command: Command) -> Command:
    """Give the shared options to a command that takes the folder of a fleet."""
    return _with_options(command, (access, _format(*_TEXTS), *_WISHES))


def shared_by_fleets_with_parquet(command: Command) -> Command:
    """Give the shared options to a command about a fleet whose rows can be written as Parquet."""
    return _with_options(command, (access, _format(*Format), *_WISHES))


def _with_options(command: Command, options: Sequence[Callable[[Command], Command]]) -> Command:
    @functools.wraps(command)
    def run(**given: Any) -> Any:
        world = click.get_current_context().obj or World()
        ledger, reach = given.pop("ledger", DEFAULT_LEDGER), taken(given)
        fleet = given.pop("fleet", None) or (ledger if _is_fleet(ledger) else None)
        if reach is not None and not (given.get("folder") or fleet or ledger).startswith(IN_S3):
            raise click.UsageError("options of AWS go with a fleet in s3://")
        session = Session(
            ledger=Path(ledger),
            fleet=fleet,
            access=reach,
            console=Console(_wishes(given)),
            clock=world.clock,
            chance=world.chance,
        )
        return command(session, **given)

    made: Command = run
    for option in reversed(options):
        made = option(made)
    return made


def _is_fleet(named: str) -> bool:
    """Whether a folder was named, or a place in S3, where only fleets are read."""
    return named.startswith(IN_S3) or Path(named).is_dir()


def _wishes(given: dict[str, Any]) -> Wishes:
    """Take the wishes out of a command's arguments."""
    format_, output = given.pop("format_", None), given.pop("output", None)
    return Wishes(
        format=None if format_ is None else Format(format_),
        output=None if output == Path("-") else output,
        force=given.pop("force"),
        quiet=given.pop("quiet"),
        verbose=given.pop("verbose"),
        progress=not given.pop("no_progress"),
        zone=given.pop("tz", None),
    )


at = click.option(
    "--at",
    default="end",
    metavar="TIME",
    help="The moment asked about: 2026-01-08T03:00:00Z, 2026-01-08, now, -7d, -36h, or end, "
    "the newest event (default).",
)
"""Gives a command valid time, as typed."""

known_at = click.option(
    "--known-at",
    metavar="TIME",
    help="Only what was sealed by then; #N takes the first N entries. Default: everything.",
)
"""Gives a command transaction time, as typed."""

rules = click.option(
    "--rules",
    metavar="NAME",
    help="Judge every loss by the rules of one era of AWS's documents: terminal-at-once, "
    "seven-days or two-hours. Default: those that were in force at its time.",
)
"""Gives a command the era by whose rules it judges."""

signing = click.option(
    "--key-file",
    type=click.Path(path_type=Path, dir_okay=False),
    envvar="KEYLEDGER_KEY_FILE",
    metavar="FILE",
    help="The key that signs tree heads. Default: $KEYLEDGER_KEY_FILE, or LEDGER.key beside it.",
)
"""Gives a command that makes checkpoints the place of the key; None for beside the ledger."""

with_key = click.option(
    "--key",
    metavar="VKEY",
    help="The ledger's public key (name+id+base64), or a file that holds it; not from the hands "
    "that hold what is checked.",
)
"""Gives a command that checks signatures the public key, as typed."""


def moments(command: Command) -> Command:
    """Give a command what a question about a moment takes: the two times and the rules."""
    return at(known_at(rules(command)))
