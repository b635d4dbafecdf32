"""`keyledger explain`: the verdict on one database."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tui import digest_keys
from tui.answer import Answer, Row
from tui.console import ExitCode
from tui.fleet.opening import ask
from tui.session import Session, moments, shared_by_questions

if TYPE_CHECKING:
    from tui.paint import Canvas


@click.command(
    epilog="\b\nExamples:\n"
    "  keyledger explain orders\n"
    "  keyledger explain orders --at 2026-01-08T03:00:00Z\n"
    "  keyledger explain db-ABCDEFGHIJKLMNOPQRSTUVWXYZ --format json\n"
    "  keyledger explain orders -v --digest-keys public-keys-us-east-1.json"
)
@click.argument("database")
@digest_keys.digest_keys
@moments
@shared_by_questions
def command(
    session: Session,
    database: str,
    *,
    digest_keys: tuple[Path, ...],
    at: str,
    known_at: str | None,
    rules: str | None,
) -> ExitCode:
    """Judge one database: since when lost, why, by whom.

    Says until when it can or could be saved. Shows the chain of calls that led there, the calls
    without which nothing would have been lost, every copy of the data and its condition, and what
    to do as commands ready to be copied. With -v also where each record comes from: AWS's
    signature, digest file, log file, entry, checkpoint. Rows (csv, jsonl, markdown) begin with
    `row`: verdict, chain, decisive, copy, action, forecast, note or provenance.
    """
    from tui.digest_keys import read

    keys, now = read(digest_keys), session.clock()
    asked = ask(session, lambda case: case.explain(database, at, known_at, now, rules, keys=keys))
    return asked.answer(answer(session, asked.document))


def answer(session: Session, document: Mapping[str, Any]) -> Answer:
    """Return the verdict as an answer."""

    def page(canvas: Canvas) -> None:
        from tui.pages import explain, provenance

        explain.paint(canvas, document)
        if session.console.wishes.verbose:
            provenance.paint(canvas, document["provenance"])

    return Answer(document=document, tables=tables(document), page=page)


def tables(document: Mapping[str, Any]) -> dict[str, Iterable[Row]]:
    """Return the document's lists as tables, and what is no list as a row of its own."""
    return {
        "verdict": [{name: held for name, held in document.items() if not isinstance(held, list)}],
        "chain": document["chain"],
        "decisive": document["decisive"],
        "copy": document["copies"],
        "action": document["actions"],
        "forecast": document["forecast"],
        "note": [{"note": note} for note in document["notes"]],
        "provenance": document["provenance"],
    }
