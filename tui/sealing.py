"""Sealing: an ingest as commands do it, and what they say of it."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from tui.answer import Answer
from tui.console import Console, ExitCode, gravest
from tui.options import Chosen
from tui.remote import Asked
from tui.session import Session
from tui.streams import say
from tui.words import counted, objects_seen

if TYPE_CHECKING:
    from tui.paint import Canvas

COUNTS: Final = ("appended", "duplicates", "conflicts", "skipped", "rejected")
"""What can become of a record, by the names of the contract's members."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Manner:
    """How sources are ingested; what is left out is as the command's help says.

    Attributes:
        chosen: which events are sealed.
        max_inflated: bytes to which one compressed source may inflate.
        workers: processes that read; None for as many as pay.
        key_file: holds the key that signs tree heads.
        digest_keys: files with public keys of CloudTrail.
        remote: in whose name, and what of it, is read from AWS.
    """

    chosen: Chosen = field(default_factory=Chosen)
    max_inflated: int | None = None
    workers: int | None = None
    key_file: Path | None = None
    digest_keys: Sequence[Path] = ()
    remote: Asked = field(default_factory=Asked)


def ingested(session: Session, sources: Sequence[str], how: Manner) -> dict[str, Any]:
    """Ingest sources into the session's ledger, which is created where it is missing.

    Returns:
        The contract's `ingest` document.
    """
    from analyzer.case import Case
    from analyzer.ingest.opening import MAX_INFLATED
    from tui.digest_keys import read

    services, keys = how.chosen.sealed(), read(how.digest_keys)
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
        document = {**report.in_rows(), "digests": case.custody.vouching(keys)}
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
