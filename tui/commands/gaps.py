"""`keyledger gaps`: where the evidence has holes."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tui import digest_keys
from tui.answer import Answer
from tui.console import ExitCode, gravest
from tui.fleet.opening import ask
from tui.session import Session, moments, shared_by_questions

if TYPE_CHECKING:
    from tui.paint import Canvas


@click.command(
    epilog="\b\nExamples:\n"
    "  keyledger gaps\n"
    "  keyledger gaps --digest-keys public-keys-us-east-1.json\n"
    "  keyledger gaps --digest-keys us.json --digest-keys eu.json --strict --format csv"
)
@digest_keys.digest_keys
@click.option("--strict", is_flag=True, help="Exit 5 if there are gaps.")
@moments
@shared_by_questions
def command(
    session: Session,
    *,
    digest_keys: tuple[Path, ...],
    strict: bool,
    at: str,
    known_at: str | None,
    rules: str | None,
) -> ExitCode:
    """Show where the evidence has holes, and what that touches.

    Logging that was stopped, KMS events that were excluded; and where CloudTrail's digest files
    were ingested too: what they prove of every log file, offline. Missing and replaced digest
    files, log files that are named and not here, or here and not named, or altered. Exit code 4
    where something contradicts a digest file. Rows (csv, jsonl, markdown) begin with `row`: gap,
    contradiction, chain, silence, remark or note.
    """
    from tui.digest_keys import read

    keys, now = read(digest_keys), session.clock()
    asked = ask(session, lambda case: case.gaps(at, known_at, now, rules, keys=keys))
    return asked.answer(_answer(asked.document), verdict(asked.document, strict=strict))


def _answer(document: Mapping[str, Any]) -> Answer:
    def page(canvas: Canvas) -> None:
        from tui.pages import gaps

        gaps.paint(canvas, document)

    return Answer(
        document=document,
        tables={
            "gap": document["gaps"],
            "contradiction": document["contradictions"],
            "chain": document["chains"],
            "silence": document["silences"],
            "remark": document["remarks"],
            "note": [{"note": note} for note in document["notes"]],
        },
        page=page,
    )


def verdict(document: Mapping[str, Any], *, strict: bool) -> ExitCode:
    """Return how it ends: 4 if something contradicts a digest file, 5 if *strict* and with gaps."""
    return gravest(
        ExitCode.BROKEN if document["contradictions"] else ExitCode.DONE,
        ExitCode.INCOMPLETE if strict and document["gaps"] else ExitCode.DONE,
    )
