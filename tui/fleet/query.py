"""`keyledger fleet query`: a question of the catalogue, or SQL, asked of all shards."""

from __future__ import annotations

import sys

import click

from tui.asking import View, asked, bounded, parameters, tell
from tui.console import ExitCode
from tui.fleet.opening import ended, opened
from tui.fleet.opening import folder as of_folder
from tui.session import Session, moments, shared_but_ledger_with_parquet


@click.command(
    context_settings={"ignore_unknown_options": True, "allow_extra_args": True},
    epilog="\b\nExamples:\n"
    "  keyledger fleet query fleet databases_at_stake --at 2026-03-04\n"
    "  keyledger fleet query fleet key_users --key alias/payroll --format csv\n"
    '  keyledger fleet query fleet "SELECT account, count(*) FROM events GROUP BY ALL" --limit 9',
)
@of_folder
@click.argument("question", metavar="NAME|SQL|-")
@bounded
@moments
@shared_but_ledger_with_parquet
def command(
    session: Session,
    *,
    folder: str,
    question: str,
    pairs: tuple[str, ...],
    timeout: float,
    limit: int | None,
    at: str,
    known_at: str | None,
    rules: str | None,
) -> ExitCode:
    """Ask the catalogue, or SQL, of all shards.

    The same questions, tables and limits as `keyledger query`; the columnar copy lies in the
    fleet's folder. `entry_index` is shard * 1000000000000 + the entry in its ledger; the table
    `stamp` names the shards.
    """
    typed = parameters(pairs, click.get_current_context().args)
    view = View(at=at, known_at=known_at, rules=rules, seconds=timeout or None)
    with opened(session, folder) as fleet:
        text = sys.stdin.read() if question == "-" else question
        with asked(session, fleet, text, typed, view) as rows:
            tell(session, rows, limit)
        return ended(session, fleet)
