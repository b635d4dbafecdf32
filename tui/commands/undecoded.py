"""`keyledger undecoded`: what is sealed, and nobody knows the meaning of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import click

from tui.answer import Answer
from tui.console import ExitCode
from tui.fleet.opening import ended, inquiry, placed_columns
from tui.session import Session, known_at, shared_by_questions

if TYPE_CHECKING:
    from tui.paint import Canvas

COLUMNS: Final = (
    "service", "entry", "event_id", "event_name", "event_time", "actor", "session", "source_ip",
    "region", "account", "error", "twins",
)  # fmt: skip


@click.command(
    epilog="\b\nExamples:\n  keyledger undecoded\n  keyledger undecoded --format csv -o unread.csv"
)
@known_at
@shared_by_questions
def command(session: Session, known_at: str | None) -> ExitCode:
    """List sealed records that no verdict takes into account.

    Their names are not known here, or what they say cannot be read, so they might have moved a key
    or a database. `state` counts them. The table has a line for each event name,
    with its first entry; the other formats have a row for each record.
    """
    with inquiry(session) as case:
        rows = map(case.placed, case.custody.undecoded(known_at, session.clock()))

        def page(canvas: Canvas) -> None:
            from tui.pages import undecoded

            undecoded.paint(canvas, rows)

        session.console.answer(
            Answer(
                document=None,
                tables={"undecoded": rows},
                columns=placed_columns(session, COLUMNS),
                page=page,
            )
        )
        return ended(session, case.archive.lost)
