"""`keyledger state`: keys and databases at a moment."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from tui.answer import Answer
from tui.console import ExitCode
from tui.session import Session, moments, shared

if TYPE_CHECKING:
    from tui.paint import Canvas


@click.command(
    epilog="\b\nExamples:\n"
    "  keyledger state\n"
    "  keyledger state orders --at 2026-01-08T03:00:00Z\n"
    "  keyledger state --at -7d --known-at '#1200' --format csv"
)
@click.argument("resource", required=False)
@moments
@shared
def command(
    session: Session, resource: str | None, at: str, known_at: str | None, rules: str | None
) -> ExitCode:
    """Show keys and databases at a moment.

    Every database comes with its verdict. RESOURCE is an ARN, a database identifier or resource id,
    a key id or an alias; without it everything is shown. Rows (csv, jsonl, markdown) begin with
    `row`: key or database.
    """
    with session.open() as case:
        document = case.state(resource, at, known_at, session.clock(), rules)

    def page(canvas: Canvas) -> None:
        from tui.pages import state

        state.paint(canvas, document)

    session.console.answer(
        Answer(
            document=document,
            tables={"key": document["keys"], "database": document["databases"]},
            page=page,
        )
    )
    return ExitCode.DONE
