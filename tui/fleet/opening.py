"""Opening: the ledger or fleet that a command asks, what is lost of it, and how it ends."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from analyzer.errors import UnknownResourceError
from tui.answer import Answer
from tui.console import ExitCode, gravest
from tui.session import IN_S3, Session
from tui.streams import fail
from tui.words import counted

if TYPE_CHECKING:
    from analyzer.fleet.fleet import Fleet
    from analyzer.fleet.mirror import Mirror
    from analyzer.inquiry import Inquiry
    from analyzer.lost import Lost
    from tui.paint import Canvas

folder = click.argument("folder", metavar="FOLDER")
"""Gives a command the folder of a fleet, here or in S3."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a question came to.

    Attributes:
        session: in which it was asked.
        document: the answer; a fleet's names the shard of each entry, and what is lost.
        lost: the shards without which it was answered.
    """

    session: Session
    document: dict[str, Any]
    lost: Sequence[Lost]

    def answer(self, given: Answer, code: ExitCode = ExitCode.DONE) -> ExitCode:
        """Write the answer, say what it does without, and return how the command ends.

        Args:
            given: the answer; the page of a fleet's gets its shards.
            code: how it ends if no shard is lost.
        """

        def page(canvas: Canvas) -> None:
            from tui.pages import fleet

            given.page(canvas)
            if self.session.fleet is not None:
                fleet.paint_shards(canvas, self.document)

        self.session.console.answer(replace(given, page=page))
        return gravest(code, ended(self.session, self.lost))


def ask(session: Session, question: Callable[[Inquiry], dict[str, Any]]) -> Asked:
    """Ask the ledger of a session, or the fleet; raises the errors of either."""
    with inquiry(session) as case:
        told = case.told(case.ask(question))
        return Asked(session=session, document=told, lost=case.archive.lost)


@contextmanager
def inquiry(session: Session) -> Iterator[Inquiry]:
    """Open the ledger of a session, or the fleet, for reading; raises the errors of either."""
    if session.fleet is not None:
        with opened(session, session.fleet) as fleet:
            yield fleet
        return
    with session.open() as case:
        yield case


def placed_columns(session: Session, columns: tuple[str, ...]) -> tuple[str, ...]:
    """Return the columns of rows that cite entries; a fleet's have two more."""
    return columns if session.fleet is None else (*columns, "shard", "shard_entry")


def located(session: Session, given: str) -> Mirror:
    """Return where a fleet lies; one in S3 is copied first, as far as it is new.

    Raises:
        AnalyzerError: it cannot be had from S3.
    """
    from analyzer.fleet.mirror import Mirror, mirrored
    from analyzer.s3.access import DEFAULT_ACCESS

    if not given.startswith(IN_S3):
        return Mirror(folder=Path(given), doubts={})
    found = mirrored(given, session.access or DEFAULT_ACCESS)
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
            nearest = (f"did you mean: {', '.join(error.nearest)}",) if error.nearest else ()
            listed = f"list what is known with: keyledger fleet state {shlex.quote(given)}"
            fail(f"no key or database is named {error.name!r} there", *(nearest or (listed,)))
            is_broken = ended(session, fleet.lost) is ExitCode.BROKEN
            raise click.exceptions.Exit(
                ExitCode.BROKEN if is_broken else ExitCode.FAILED
            ) from error


def ended(session: Session, lost: Sequence[Lost]) -> ExitCode:
    """Say which shards an answer does without; returns the exit code that follows."""
    for one in lost:
        session.console.warn(
            f"shard {one.name} is {one.trouble.value}: {one.detail}; this is without it"
        )
    if any(one.trouble.contradicts for one in lost):
        return ExitCode.BROKEN
    return ExitCode.INCOMPLETE if lost else ExitCode.DONE
