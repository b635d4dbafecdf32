"""`keyledger spark seal`: the shards of a fleet, sealed in parallel."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from tui.answer import Answer
from tui.console import ExitCode
from tui.format import Format
from tui.options import Chosen, choosing, workers
from tui.remote import Asked, asked
from tui.session import IN_S3, Session, shared_but_ledger
from tui.spark.cluster import cluster, require_shared, started
from tui.streams import say
from tui.words import counted

if TYPE_CHECKING:
    from tui.paint import Canvas

_CHANCE: Final = 16
"""Random bytes from which the names of new ledgers are made."""


@click.command(
    epilog="\b\nExamples:\n"
    "  keyledger spark seal ./AWSLogs fleet\n"
    "  keyledger spark seal s3://BUCKET/AWSLogs /mnt/fleet --master spark://HOST:7077 --since -2d"
)
@click.argument("source", metavar="INPUT")
@click.argument("folder", metavar="FLEET", type=click.Path(file_okay=False))
@choosing
@workers(
    "Processes that read within each task, for a shard that outgrows a core. Default: 0.", default=0
)
@asked
@cluster
@shared_but_ledger
def command(
    session: Session,
    *,
    source: str,
    folder: str,
    chosen: Chosen,
    workers: int,
    remote: Asked,
    master: str,
    settings: tuple[str, ...],
) -> ExitCode:
    """Seal a folder of logs in the shards of a fleet.

    INPUT is a folder, or s3://…, in CloudTrail's layout, FLEET the folder of the shards, a ledger
    for each account and Region. A shard is a task; a task that is done again seals the same, and
    the same command again adds what is new. Of files whose place does not tell account and Region,
    each record goes where it belongs; what names neither goes to unplaced.db. Afterwards it is a
    fleet like any other: `keyledger fleet audit FLEET`.
    """
    from analyzer.fleet.filling import Filling
    from analyzer.spark.sealing import seal

    require_shared(folder)
    _require_logs(source, remote)
    now = session.clock()
    how = Filling(
        fleet=Path(folder).absolute(),
        now=now,
        chance=session.chance(_CHANCE),
        services=chosen.sealed(),
        remote=remote.read(now),
        workers=workers,
    )
    with started(session, master, settings) as engine:
        document = {**seal(engine, source, how), "fleet": folder}
    for warning in document["warnings"]:
        session.console.warn(warning)
    if session.console.answer(_answer(document)) is not Format.TABLE:
        _narrate(session, document)
    return ExitCode.FAILED if _has_failed(document) else ExitCode.DONE


def _require_logs(source: str, remote: Asked) -> None:
    """Refuse at once what no cluster can read: raises AddressError, a usage error."""
    if source.startswith(IN_S3):
        from analyzer.s3.address import parse_bucket

        parse_bucket(source)
    elif not remote.is_default:
        raise click.UsageError("options of S3 and AWS go with s3://")
    elif not Path(source).exists():
        raise click.UsageError(f"there is nothing at {source}: INPUT is a folder, or s3://…")


def _answer(document: Mapping[str, Any]) -> Answer:
    def page(canvas: Canvas) -> None:
        from tui.pages import spark

        spark.paint_sealed(canvas, document)

    return Answer(document=document, tables={"shard": document["shards"]}, page=page)


def _narrate(session: Session, document: Mapping[str, Any]) -> None:
    for shard in document["shards"]:
        for warning in shard["warnings"]:
            session.console.warn(warning)
        for one in shard["failed"]:
            say(f"{one['source']}: {one['error']}", label="error", colour="red")
        if shard["error"] is not None:
            say(f"shard {shard['shard']}: {shard['error']}", label="error", colour="red")
    totals, shards = document["totals"], counted(len(document["shards"]), "shard")
    session.console.narrate(f"{counted(totals['appended'], 'record')} sealed in {shards}")


def _has_failed(document: Mapping[str, Any]) -> bool:
    return any(one["error"] is not None or one["failed"] for one in document["shards"])
