"""`keyledger ingest`: seal records."""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from tui import digest_keys
from tui.answer import Answer
from tui.console import Console, ExitCode, gravest
from tui.follow import Wanted, follow
from tui.format import Format
from tui.options import services_named
from tui.session import Session, shared, signing
from tui.streams import say
from tui.words import counted

if TYPE_CHECKING:
    from tui.paint import Canvas


COUNTS: Final = ("appended", "duplicates", "conflicts", "skipped", "rejected")

_SIZE: Final = re.compile(r"(\d{1,15})([KMGT]?)(?:i?B)?\Z", re.ASCII | re.IGNORECASE)


def _bytes(ctx: click.Context, param: click.Parameter, value: str | None) -> int | None:
    """Read a number of bytes: `1000000`, `512M`, `8GiB`; units are powers of 1024."""
    if value is None:
        return None
    match = _SIZE.match(value.strip())
    if match is None or int(match[1]) == 0:
        message = f"{value!r} is no number of bytes; try 8G"
        raise click.BadParameter(message, ctx=ctx, param=param)
    return int(match[1]) << 10 * " KMGT".index(match[2].upper() or " ")


@click.command(
    epilog="\b\nExamples:\n"
    "  keyledger ingest ./AWSLogs\n"
    "  keyledger ingest 'logs/*.json.gz' events.jsonl --ledger case.db\n"
    "  aws cloudtrail lookup-events | keyledger ingest -\n"
    "  keyledger ingest --follow ./AWSLogs --on-change 'mail -s keyledger oncall@example.com'"
)
@click.argument("sources", nargs=-1, required=True, metavar="SOURCE...")
@click.option(
    "--services",
    callback=services_named,
    metavar="NAMES",
    help="Seal records of these services only: kms,rds,...",
)
@click.option("--all-services", is_flag=True, help="Seal records of every service.")
@click.option(
    "--max-inflated",
    callback=_bytes,
    metavar="BYTES",
    help="Give up on a source that inflates to more; 8G is 8 GiB. Default: 4G.",
)
@click.option(
    "--workers",
    type=click.IntRange(0, 64),
    metavar="N",
    help="Processes that read sources while this one seals; 0 for none. Default: as many as pay.",
)
@signing
@digest_keys.digest_keys
@click.option(
    "--follow",
    "is_followed",
    is_flag=True,
    help="Go on watching the directories: seal files once they are whole, print each verdict that "
    "changes as a line of JSON. Ctrl-C ends it.",
)
@click.option(
    "--on-change",
    metavar="COMMAND",
    help="With --follow: run this in a shell for each change, which it reads as JSON on its input.",
)
@click.option("--strict", is_flag=True, help="Exit 5 if a record was rejected.")
@shared
def command(
    session: Session,
    *,
    sources: tuple[str, ...],
    services: tuple[str, ...],
    all_services: bool,
    max_inflated: int | None,
    workers: int | None,
    key_file: Path | None,
    digest_keys: tuple[Path, ...],
    is_followed: bool,
    on_change: str | None,
    strict: bool,
) -> ExitCode:
    """Seal the records of files, directories, globs, or - (stdin).

    What a source is, is told by its content, not by its name: CloudTrail files, plain or
    compressed, EventBridge events, `aws cloudtrail lookup-events`, CloudWatch Logs and more. Doing
    it again adds nothing. By default only what can bear on keys and databases is sealed: kms, rds,
    backup, and the cloudtrail events that stop, start or narrow logging. CloudTrail's digest files
    are sealed and checked; `keyledger gaps` tells what they say.
    """
    if services and all_services:
        raise click.UsageError("--services and --all-services exclude each other")
    seal = partial(
        ingested,
        session,
        services=services,
        every_service=all_services,
        max_inflated=max_inflated,
        workers=workers,
        key_file=key_file,
        digest_keys=digest_keys,
    )
    if is_followed:
        _require_followable(session.console, sources)
        follow(session, Wanted(folders=sources, on_change=on_change, ingest=seal))
    if on_change is not None:
        raise click.UsageError("--on-change goes with --follow")
    document = seal(sources)
    if session.console.answer(answer(document)) is not Format.TABLE:
        narrate(session.console, document)
    return verdict(document, strict=strict)


def _require_followable(console: Console, sources: Sequence[str]) -> None:
    """Refuse what cannot be followed, or cannot be told line by line."""
    for source in sources:
        if not Path(source).is_dir():
            raise click.UsageError(f"--follow watches directories; {source} is none")
    if console.wishes.output is not None or console.wishes.format not in {None, Format.JSONL}:
        raise click.UsageError("--follow prints JSON Lines on stdout, nothing else")


def ingested(
    session: Session,
    sources: Sequence[str],
    services: Sequence[str] = (),
    *,
    every_service: bool = False,
    max_inflated: int | None = None,
    workers: int | None = None,
    key_file: Path | None = None,
    digest_keys: Sequence[Path] = (),
) -> dict[str, Any]:
    """Ingest sources into the session's ledger, which is created where it is missing.

    Returns:
        The contract's `ingest` document.
    """
    from analyzer.case import Case
    from analyzer.cloudtrail.services import ALL_SERVICES, DEFAULT_SERVICES, Services
    from analyzer.ingest.reading import MAX_INFLATED
    from tui.digest_keys import read

    named = Services.named(*services) if services else DEFAULT_SERVICES
    keys = read(digest_keys)
    console = session.console
    with (
        Case.open_or_create(session.ledger, session.clock(), session.chance) as case,
        console.meter("ingest", "B") as meter,
    ):
        report = case.ingest(
            sources,
            clock=session.clock,
            stdin=sys.stdin.buffer if sys.stdin is not None else None,
            services=ALL_SERVICES if every_service else named,
            max_inflated=max_inflated or MAX_INFLATED,
            workers=workers,
            key_file=key_file,
            on_progress=lambda now: meter.advance_to(now.read, now.total or None, now.source),
        )
        document = {**report.document(), "digests": case.custody.vouching(keys)}
    for warning in report.warnings:
        console.warn(warning)
    for source in document["sources"]:
        console.detail(f"{source['source']}: {_counts(source)}")
    return document


def answer(document: Mapping[str, Any]) -> Answer:
    """Return the report as an answer; its rows are the sources."""

    def page(canvas: Canvas) -> None:
        from tui.pages import ingest

        ingest.paint(canvas, document)

    return Answer(document=document, tables={"source": document["sources"]}, page=page)


def narrate(console: Console, document: Mapping[str, Any]) -> None:
    """Say on stderr what a reader of data would miss: the counts, and what could not be read."""
    for source in document["sources"]:
        if source["error"] is not None:
            say(f"{source['source']}: {source['error']}", label="error", colour="red")
    totals = document["totals"]
    for one in (document.get("digests") or {}).get("contradictions", ()):
        say(f"{one['name']}: {one['detail']}", label="error", colour="red")
    read = f"{counted(totals['records'], 'record')} in {counted(totals['sources'], 'source')}"
    console.narrate(f"{read}: {_counts(totals)}")


def _counts(counts: Mapping[str, Any]) -> str:
    return ", ".join(f"{counts[name]} {name}" for name in COUNTS if counts[name]) or "nothing"


def verdict(document: Mapping[str, Any], *, strict: bool) -> ExitCode:
    """Return how an ingest ends.

    Args:
        document: the report.
        strict: whether a rejected record counts.

    Returns:
        4 if something contradicts a digest file, 1 if a source failed, 5 if *strict* and a record
        was rejected, else 0.
    """
    is_contradicted = bool((document.get("digests") or {}).get("contradictions"))
    has_failed = any(source["error"] is not None for source in document["sources"])
    has_rejects = strict and document["totals"]["rejected"] > 0
    return gravest(
        ExitCode.BROKEN if is_contradicted else ExitCode.DONE,
        ExitCode.FAILED if has_failed else ExitCode.DONE,
        ExitCode.INCOMPLETE if has_rejects else ExitCode.DONE,
    )
