"""`keyledger rejects`: what could not be admitted."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from tui.answer import Answer
from tui.console import ExitCode
from tui.fleet.opening import ended, inquiry, placed_columns
from tui.session import Session, shared_by_questions

if TYPE_CHECKING:
    from tui.paint import Canvas

COLUMNS = ("source", "position", "reason", "entry", "payload_base64", "offset")


@click.command(
    epilog="\b\nExamples:\n  keyledger rejects\n  keyledger rejects --format jsonl -o rejects.jsonl"
)
@shared_by_questions
def command(session: Session) -> ExitCode:
    """List the records that could not be admitted.

    They are kept verbatim, with source, position and reason. A record is rejected when it is not a
    JSON object with eventTime, eventSource and eventName, or when the file is damaged where it
    stands.
    """
    with inquiry(session) as case:
        rows = map(case.placed, case.custody.rejects())

        def page(canvas: Canvas) -> None:
            from tui.pages import rejects

            rejects.paint(canvas, rows)

        session.console.answer(
            Answer(
                document=None,
                tables={"rejects": rows},
                columns=placed_columns(session, COLUMNS),
                page=page,
            )
        )
        return ended(session, case.archive.lost)
