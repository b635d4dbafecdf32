"""`keyledger ingest`: seal records."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import click

from tui.answer import Answer
from tui.console import ExitCode, gravest
from tui.session import Session, shared

if TYPE_CHECKING:
    from tui.paint import Canvas


@click.command(
    epilog="\b\nExamples:\n"
    "  keyledger ingest ./AWSLogs\n"
    "  keyledger ingest 'logs/*.json.gz' events.jsonl --ledger case.db\n"
    "  aws cloudtrail lookup-events | keyledger ingest -"
)
@click.argument("sources", nargs=-1, required=True, metavar="SOURCE...")
@click.option("--services", metavar="NAMES", help="Seal records of these services: kms,rds,...")
@click.option("--all-services", is_flag=True, help="Seal records of every service.")
@click.option(
    "--max-inflated",
    type=click.IntRange(min=1),
    metavar="BYTES",
    help="Give up on a source that inflates to more than this. Default: 4 GiB.",
)
@click.option("--strict", is_flag=True, help="Exit 5 if a record was rejected.")
@shared
def command(
    session: Session,
    *,
    sources: tuple[str, ...],
    services: str | None,
    all_services: bool,
    max_inflated: int | None,
    strict: bool,
) -> ExitCode:
    """Seal the records of files, directories, globs, or - (stdin).

    What a source is, is told by its content, not by its name: CloudTrail files, plain or
    compressed, EventBridge events, `aws cloudtrail lookup-events`, CloudWatch Logs and more. Doing
    it again adds nothing. By default only what can bear on keys and databases is sealed: kms, rds,
    backup, and the cloudtrail events that stop, start or narrow logging.
    """
    if services is not None and all_services:
        raise click.UsageError("--services and --all-services exclude each other")
    document = ingested(session, sources, _wanted(services, every=all_services), max_inflated)
    session.console.answer(answer(document))
    return verdict(document, strict=strict)


def ingested(
    session: Session,
    sources: Sequence[str],
    services: frozenset[str] | None,
    max_inflated: int | None,
) -> dict[str, Any]:
    """Ingest sources into the session's ledger, which is created where it is missing.

    Returns:
        The contract's `ingest` document.
    """
    from analyzer.case import Case

    console = session.console
    with (
        Case.open_or_create(session.ledger, session.clock()) as case,
        console.meter("ingest", "B") as meter,
    ):
        report = case.ingest(
            sources,
            clock=session.clock,
            stdin=sys.stdin.buffer,
            services=services,
            max_inflated=max_inflated,
            on_progress=meter.advance_to,
        )
    for warning in report.warnings:
        console.warn(warning)
    return dict(report.document())


def answer(document: Mapping[str, Any]) -> Answer:
    """Return the report as an answer; its rows are the sources."""

    def page(canvas: Canvas) -> None:
        from tui.pages import ingest

        ingest.paint(canvas, document)

    return Answer(document=document, rows=document["sources"], page=page)


def verdict(document: Mapping[str, Any], *, strict: bool) -> ExitCode:
    """Return how an ingest ends: 1 if a source failed, 5 if *strict* and a record was rejected."""
    has_failed = any(source["error"] is not None for source in document["sources"])
    has_rejects = strict and document["totals"]["rejected"] > 0
    return gravest(
        ExitCode.FAILED if has_failed else ExitCode.DONE,
        ExitCode.INCOMPLETE if has_rejects else ExitCode.DONE,
    )
