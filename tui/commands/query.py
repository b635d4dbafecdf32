"""`keyledger query`: a question of the catalogue, or SQL."""

from __future__ import annotations

import sys

import click

from tui.asking import View, asked, bounded, listed, parameters, tell
from tui.console import ExitCode
from tui.fleet.opening import ended, inquiry
from tui.session import Session, moments, shared_with_parquet


@click.command(
    context_settings={"ignore_unknown_options": True, "allow_extra_args": True},
    epilog="\b\nExamples:\n"
    "  keyledger query --list\n"
    "  keyledger query databases_at_stake --at 2026-03-04\n"
    "  keyledger query key_users --key alias/payroll --format csv\n"
    '  keyledger query "SELECT event_name, count(*) FROM events GROUP BY ALL" --format csv\n'
    "  echo 'FROM key_state_at(now())' | keyledger query -\n"
    "  keyledger query --shell",
)
@click.argument("question", required=False, metavar="[NAME|SQL|-]")
@click.option("--list", "is_list", is_flag=True, help="List the catalogue of questions.")
@click.option("--shell", "is_shell", is_flag=True, help="A prompt with history and completion.")
@bounded
@moments
@shared_with_parquet
def command(
    session: Session,
    *,
    question: str | None,
    is_list: bool,
    is_shell: bool,
    pairs: tuple[str, ...],
    timeout: float,
    limit: int | None,
    at: str,
    known_at: str | None,
    rules: str | None,
) -> ExitCode:
    """Ask the catalogue, or ask in SQL.

    NAME is a question of the catalogue, SQL is one SELECT over the tables that `query tables` tells
    of, - reads it from stdin. Queries run on a columnar copy of what the ledger says, which is made
    beside it and can be thrown away; they reach no file, no network, and change nothing. Every row
    that stems from a record names its entry. Parameters of a question are given as options of their
    name, behind it.
    """
    if is_list:
        listed(session)
        return ExitCode.DONE
    typed = parameters(pairs, click.get_current_context().args)
    if question is None and not is_shell:
        raise click.UsageError("name a question, write SQL, or give --list or --shell")
    view = View(at=at, known_at=known_at, rules=rules, seconds=timeout or None)
    with inquiry(session) as case:
        if is_shell:
            from tui.shell import Shell

            Shell(session, case, view).run()
        else:
            text = sys.stdin.read() if question == "-" else str(question)
            with asked(session, case, text, typed, view) as rows:
                tell(session, rows, limit)
        return ended(session, case.archive.lost)
