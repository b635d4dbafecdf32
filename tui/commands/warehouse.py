"""`keyledger warehouse`: the file that other tools may open."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from tui.answer import Answer
from tui.console import ExitCode
from tui.fleet.opening import inquiry
from tui.format import Format
from tui.session import Session, shared_by_questions
from tui.streams import write_out

if TYPE_CHECKING:
    from tui.paint import Canvas


@click.command(
    epilog="\b\nExamples:\n"
    "  keyledger warehouse path\n"
    '  duckdb -readonly "$(keyledger warehouse path)"'
)
@click.argument("what", type=click.Choice(["path"]), metavar="path")
@shared_by_questions
def command(session: Session, what: str) -> ExitCode:
    """Print the path of the warehouse, made up to date first.

    It is a DuckDB file beside the ledger: open it with duckdb, harlequin, or a notebook, read-only.
    It holds no evidence and can be thrown away; the next query makes it anew.
    """
    del what  # there is only the one
    with inquiry(session) as case, session.console.meter("warehouse", "entries") as meter:
        path = str(case.warehouse(meter.advance_to))
    if session.console.wishes.format is None and session.console.wishes.output is None:
        write_out(f"{path}\n")
        return ExitCode.DONE

    def page(canvas: Canvas) -> None:
        canvas.verbatim([path], indent=0, style="")

    session.console.answer(
        Answer(
            document={"path": path}, tables={"path": [{"path": path}]}, page=page,
            default=Format.JSON,
        )
    )  # fmt: skip
    return ExitCode.DONE
