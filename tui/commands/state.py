"""`keyledger state`: keys and databases at a moment."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tui.answer import Answer
from tui.console import ExitCode
from tui.fleet.opening import ask
from tui.session import Session, moments, shared_by_questions, signing
from tui.version import program
from tui.words import counted

if TYPE_CHECKING:
    from tui.paint import Canvas


@click.command(
    epilog="\b\nExamples:\n"
    "  keyledger state\n"
    "  keyledger state orders --at 2026-01-08T03:00:00Z\n"
    "  keyledger state --at -7d --known-at '#1200' --format csv\n"
    "  keyledger state --seal --at 2026-01-08T03:00:00Z"
)
@click.argument("resource", required=False)
@click.option(
    "--seal",
    is_flag=True,
    help="Seal the digest of all that is shown as an entry, to prove later what was said.",
)
@moments
@signing
@shared_by_questions
def command(
    session: Session,
    *,
    resource: str | None,
    seal: bool,
    at: str,
    known_at: str | None,
    rules: str | None,
    key_file: Path | None,
) -> ExitCode:
    """Show keys and databases at a moment.

    Every database comes with its verdict. RESOURCE is an ARN, a database identifier or resource id,
    a key id or an alias; without it everything is shown. Rows (csv, jsonl, markdown) begin with
    `row`: key or database.

    With --seal, `keyledger prove KEY --state` shows later what this ledger said of one of them, as
    known then.
    """
    if seal and resource is not None:
        raise click.UsageError("--seal seals everything; leave RESOURCE out")
    now = session.clock()
    if not seal:
        asked = ask(session, lambda case: case.state(resource, at, known_at, now, rules))
        return asked.answer(_answer(asked.document))
    with session.open() as case:
        document = case.custody.seal_state(at, known_at, now, rules, program())
        case.custody.checkpoint(key_file, None, now)
    told = document["seal"]
    rows = counted(told["rows"], "row")
    session.console.narrate(f"entry {told['entry']} seals {rows}: sha256 {told['root']}")
    session.console.answer(_answer(document))
    return ExitCode.DONE


def _answer(document: Mapping[str, Any]) -> Answer:
    def page(canvas: Canvas) -> None:
        from tui.pages import state

        state.paint(canvas, document)

    tables = {"key": document["keys"], "database": document["databases"]}
    return Answer(document=document, tables=tables, page=page)
