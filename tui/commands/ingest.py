"""`keyledger ingest`: seal records."""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NoReturn

import click

from tui import digest_keys
from tui.answer import Answer
from tui.console import Console, ExitCode, gravest
from tui.follow import follow
from tui.follow_s3 import follow_s3
from tui.format import Format
from tui.options import services_named
from tui.remote import Asked, asked
from tui.session import Session, shared, signing
from tui.streams import say
from tui.teller import Wanted
from tui.words import counted, objects_seen

if TYPE_CHECKING:
    from analyzer.cloudtrail.services import Services
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
    "  keyledger ingest s3://BUCKET/AWSLogs --account 111122223333 --since -7d\n"
    "  keyledger ingest --follow sqs://QUEUE s3://BUCKET/AWSLogs\n"
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
    "changes as a line of JSON. Ctrl-C ends it. With sqs://QUEUE: what S3's notifications tell of; "
    "with s3:// alone: what is found there every now and then.",
)
@click.option(
    "--poll",
    type=click.FloatRange(min=0.1),
    default=60,
    metavar="SECONDS",
    help="With --follow s3://: the time between two looks. Default: 60.",
)
@click.option(
    "--on-change",
    metavar="COMMAND",
    help="With --follow: run this in a shell for each change, which it reads as JSON on its input.",
)
@click.option("--strict", is_flag=True, help="Exit 5 if a record was rejected.")
@asked
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
    poll: float,
    strict: bool,
    remote: Asked,
) -> ExitCode:
    """Seal the records of files, directories, globs, s3://…, or -.

    What a source is, is told by its content, not by its name: CloudTrail files, plain or
    compressed, EventBridge events, `aws cloudtrail lookup-events`, CloudWatch Logs and more. Doing
    it again adds nothing. By default only what can bear on keys and databases is sealed: kms, rds,
    backup, and the cloudtrail events that stop, start or narrow logging. CloudTrail's digest files
    are sealed and checked; `keyledger gaps` tells what they say.
    """
    if services and all_services:
        raise click.UsageError("--services and --all-services exclude each other")
    if on_change is not None and not is_followed:
        raise click.UsageError("--on-change goes with --follow")
    _require_addresses(sources, remote, is_followed=is_followed)
    how = Manner(
        services=services,
        every_service=all_services,
        max_inflated=max_inflated,
        workers=workers,
        key_file=key_file,
        digest_keys=digest_keys,
        remote=remote,
    )
    if is_followed:
        _follow(session, sources, how, on_change, poll)
    document = ingested(session, sources, how)
    if session.console.answer(answer(document)) is not Format.TABLE:
        narrate(session.console, document)
    return verdict(document, strict=strict)


def _follow(
    session: Session, sources: Sequence[str], how: Manner, on_change: str | None, poll: float
) -> NoReturn:
    _require_followable(session.console, sources)

    def seal(named: Sequence[str], remote: Asked | None = None) -> dict[str, Any]:
        return ingested(session, named, how if remote is None else replace(how, remote=remote))

    wanted = Wanted(folders=sources, on_change=on_change, ingest=seal)
    if _is_in_aws(sources[0]):
        follow_s3(session, wanted, how.remote, pause=poll)
    follow(session, wanted)


def _require_addresses(sources: Sequence[str], remote: Asked, *, is_followed: bool) -> None:
    """Refuse options of S3 that would mean nothing, and a queue that is not followed."""
    if not remote.is_default and not any(map(_is_in_aws, sources)):
        raise click.UsageError("options of S3 and AWS go with s3:// or sqs://")
    if not is_followed and any(source.startswith("sqs://") for source in sources):
        raise click.UsageError("a queue can only be followed: give --follow")


def _require_followable(console: Console, sources: Sequence[str]) -> None:
    """Refuse what cannot be followed, or cannot be told line by line."""
    in_aws = [source for source in sources if _is_in_aws(source)]
    if len(in_aws) not in {0, len(sources)}:
        raise click.UsageError("--follow watches directories, or what lies in AWS, not both")
    if sum(source.startswith("sqs://") for source in sources) > 1:
        raise click.UsageError("--follow takes one queue")
    for source in sources:
        if not in_aws and not Path(source).is_dir():
            raise click.UsageError(f"--follow watches directories; {source} is none")
    if console.wishes.output is not None or console.wishes.format not in {None, Format.JSONL}:
        raise click.UsageError("--follow prints JSON Lines on stdout, nothing else")


def _is_in_aws(source: str) -> bool:
    return source.startswith(("s3://", "sqs://"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Manner:
    """How sources are ingested; what is left out is as the command's help says.

    Attributes:
        services: those whose events are sealed; none for the usual ones.
        every_service: whether all events are sealed.
        max_inflated: bytes to which one compressed source may inflate.
        workers: processes that read; None for as many as pay.
        key_file: holds the key that signs tree heads.
        digest_keys: files with public keys of CloudTrail.
        remote: in whose name, and what of it, is read from AWS.
    """

    services: Sequence[str] = ()
    every_service: bool = False
    max_inflated: int | None = None
    workers: int | None = None
    key_file: Path | None = None
    digest_keys: Sequence[Path] = ()
    remote: Asked = field(default_factory=Asked)

    def sealed(self) -> Services:
        """Return which events are sealed."""
        from analyzer.cloudtrail.services import ALL_SERVICES, DEFAULT_SERVICES, Services

        named = Services.named(*self.services) if self.services else DEFAULT_SERVICES
        return ALL_SERVICES if self.every_service else named


def ingested(session: Session, sources: Sequence[str], how: Manner) -> dict[str, Any]:
    """Ingest sources into the session's ledger, which is created where it is missing.

    Returns:
        The contract's `ingest` document.
    """
    from analyzer.case import Case
    from analyzer.ingest.reading import MAX_INFLATED
    from tui.digest_keys import read

    services, keys = how.sealed(), read(how.digest_keys)
    console = session.console
    session.require_one()
    with (
        Case.open_or_create(session.ledger, session.clock(), session.chance) as case,
        console.meter("ingest", "B") as meter,
    ):
        report = case.ingest(
            sources,
            clock=session.clock,
            stdin=sys.stdin.buffer if sys.stdin is not None else None,
            services=services,
            max_inflated=how.max_inflated or MAX_INFLATED,
            workers=how.workers,
            key_file=how.key_file,
            remote=how.remote.read(session.clock()),
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
    if document["objects"] is not None:
        console.narrate(f"{document['objects']['found']} {objects_seen(document['objects'])}")


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
