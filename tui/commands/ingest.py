"""`keyledger ingest`: seal records."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final, NoReturn

import click

from tui import digest_keys
from tui.console import Console, ExitCode
from tui.follow import follow
from tui.follow_s3 import follow_s3
from tui.format import Format
from tui.options import Chosen, choosing, workers
from tui.remote import Asked, asked
from tui.sealing import Manner, answer, ingested, narrate, verdict
from tui.session import Session, shared, signing
from tui.teller import Wanted

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
@choosing
@click.option(
    "--max-inflated",
    callback=_bytes,
    metavar="BYTES",
    help="Give up on a source that inflates to more; 8G is 8 GiB. Default: 4G.",
)
@workers("Processes that read sources while this one seals; 0 for none. Default: as many as pay.")
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
    chosen: Chosen,
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
    if on_change is not None and not is_followed:
        raise click.UsageError("--on-change goes with --follow")
    _require_addresses(sources, remote, is_followed=is_followed)
    how = Manner(
        chosen=chosen,
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
