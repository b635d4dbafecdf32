"""`keyledger blast`: what hangs on a key."""

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
    "  keyledger blast alias/orders\n"
    "  keyledger blast 1234abcd-12ab-34cd-56ef-1234567890ab --at 2026-01-08 --format json"
)
@click.argument("key")
@moments
@shared_by_questions
def command(
    session: Session, key: str, at: str, known_at: str | None, rules: str | None
) -> ExitCode:
    """Show what hangs on a key, and what losing it would do.

    For every database whose storage or copies lie under the key: its verdict, and the verdict, the
    copies that survive and the data that is lost if the key were deleted at that moment. KEY is an
    ARN, a key id or an alias. Rows (csv, jsonl, markdown) begin with `row`: database, snapshot or
    last_used.
    """
    now = session.clock()
    asked = ask(session, lambda case: case.blast(key, at, known_at, now, rules))
    document = asked.document

    def page(canvas: Canvas) -> None:
        from tui.pages import blast

        blast.paint(canvas, document)

    used = document["last_used"]
    return asked.answer(
        Answer(
            document=document,
            tables={
                "database": document["databases"],
                "snapshot": document["snapshots"],
                "last_used": [used] if used is not None else [],
            },
            page=page,
        )
    )
