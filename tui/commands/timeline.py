"""`keyledger timeline`: every change of one key or database."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from tui.answer import Answer
from tui.console import ExitCode
from tui.fleet.opening import ask
from tui.session import Session, moments, shared_by_questions

if TYPE_CHECKING:
    from tui.paint import Canvas


@click.command(
    epilog="\b\nExamples:\n"
    "  keyledger timeline orders\n"
    "  keyledger timeline alias/orders --at 2026-01-08 --format jsonl"
)
@click.argument("resource")
@moments
@shared_by_questions
def command(
    session: Session, resource: str, at: str, known_at: str | None, rules: str | None
) -> ExitCode:
    """Show every change of one key or database.

    RESOURCE is an ARN, a database identifier or resource id, a key id or an alias. Failed attempts
    are listed with their error; they change nothing. Rows (csv, jsonl, markdown) begin with `row`:
    span or event.
    """
    now = session.clock()
    asked = ask(session, lambda case: case.timeline(resource, at, known_at, now, rules))
    document = asked.document

    def page(canvas: Canvas) -> None:
        from tui.pages import timeline

        timeline.paint(canvas, document)

    return asked.answer(
        Answer(
            document=document,
            tables={"span": document["spans"], "event": document["events"]},
            page=page,
        )
    )
