"""`keyledger diff`: what changed between two moments."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from tui.answer import Answer
from tui.console import ExitCode
from tui.fleet.opening import ask
from tui.session import Session, known_at, rules, shared_by_questions

if TYPE_CHECKING:
    from tui.paint import Canvas


@click.command(
    epilog="\b\nExamples:\n"
    "  keyledger diff 2026-01-08 end\n"
    "  keyledger diff 2026-01-01..2026-01-08 --format csv\n"
    "  keyledger diff -- -7d now"
)
@click.argument("moments", nargs=-1, required=True, metavar="A B")
@known_at
@rules
@shared_by_questions
def command(
    session: Session, moments: tuple[str, ...], known_at: str | None, rules: str | None
) -> ExitCode:
    """Show what changed between two moments.

    A and B are times, also as a range A..B, in either order; the forms of --at are taken. Shows
    every key, database and copy that differs, as it was, as it is after, and what did it. Rows
    (csv, jsonl, markdown) begin with `row`: key, database or copy.
    """
    first, second = _two(moments)
    now = session.clock()
    asked = ask(session, lambda case: case.diff(first, second, known_at, now, rules))
    document = asked.document

    def page(canvas: Canvas) -> None:
        from tui.pages import diff

        diff.paint(canvas, document)

    return asked.answer(
        Answer(
            document=document,
            tables={
                "key": document["keys"],
                "database": document["databases"],
                "copy": document["copies"],
            },
            page=page,
        )
    )


def _two(moments: tuple[str, ...]) -> tuple[str, str]:
    """Return the two times of `A B` or `A..B`."""
    match moments:
        case (first, second):
            return first, second
        case (span,) if ".." in span:
            first, _, second = span.partition("..")
            return first, second
        case _:
            raise click.UsageError("give two times, A B or A..B")
