"""Opening: the fleet that a command is about, what is lost of it, and how the command ends."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from analyzer.errors import UnknownResourceError
from tui.console import ExitCode
from tui.session import Session
from tui.streams import fail
from tui.words import counted

if TYPE_CHECKING:
    from analyzer.fleet.fleet import Fleet
    from analyzer.fleet.mirror import Mirror

IN_S3: Final = "s3://"

folder = click.argument("folder", metavar="FOLDER")
"""Gives a command the folder of a fleet, here or in S3."""


def located(session: Session, given: str) -> Mirror:
    """Return where a fleet lies; one in S3 is copied first, as far as it is new.

    Raises:
        AnalyzerError: it cannot be had from S3.
    """
    from analyzer.fleet.mirror import Mirror, mirrored

    if not given.startswith(IN_S3):
        return Mirror(folder=Path(given), doubts={})
    found = mirrored(given)
    session.console.detail(f"{given} is read through the copy in {found.folder}")
    return found


@contextmanager
def opened(session: Session, given: str) -> Iterator[Fleet]:
    """Open the fleet in a folder for reading; raises NoFleetError and the ledger's errors."""
    from analyzer.fleet.fleet import Fleet

    place = located(session, given)
    with Fleet.open(place.folder, place.doubts) as fleet:
        shards, entries = len(fleet.shards), counted(fleet.size, "entry", "entries")
        session.console.detail(f"{given} has {counted(shards, 'shard')} with {entries}")
        try:
            yield fleet
        except UnknownResourceError as error:
            names = "SELECT name, arn FROM databases ORDER BY ALL"
            nearest = (f"did you mean: {', '.join(error.nearest)}",) if error.nearest else ()
            listed = (
                f"list what is known with: keyledger fleet query {shlex.quote(given)} '{names}'"
            )
            fail(f"no key or database is named {error.name!r} there", *(nearest or (listed,)))
            is_broken = ended(session, fleet) is ExitCode.BROKEN
            raise click.exceptions.Exit(
                ExitCode.BROKEN if is_broken else ExitCode.FAILED
            ) from error


def ended(session: Session, fleet: Fleet) -> ExitCode:
    """Say which shards an answer does without; returns the exit code that follows."""
    for one in fleet.lost:
        session.console.warn(
            f"shard {one.name} is {one.trouble.value}: {one.detail}; this is without it"
        )
    if any(one.trouble.contradicts for one in fleet.lost):
        return ExitCode.BROKEN
    return ExitCode.INCOMPLETE if fleet.lost else ExitCode.DONE
