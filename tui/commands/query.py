"""`keyledger query`: a question of the catalogue, or SQL."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

import click

from tui.answer import Answer, Row
from tui.console import ExitCode
from tui.format import Format
from tui.session import Session, moments, shared_with_parquet

if TYPE_CHECKING:
    from analyzer.case import Case
    from analyzer.warehouse.rows import Rows
    from tui.paint import Canvas

TIMEOUT: Final = 60.0
"""Seconds that a query is given unless somebody says otherwise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """How a ledger is looked at by queries.

    Attributes:
        at: valid time, as typed.
        known_at: transaction time, as typed; None for the whole ledger.
        rules: the era by whose rules every loss is judged; None for those in force then.
        seconds: how long a query may take; None for ever.
    """

    at: str
    known_at: str | None
    rules: str | None
    seconds: float | None


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
@click.option(
    "--param",
    "pairs",
    multiple=True,
    metavar="NAME=VALUE",
    help="A parameter; the same as --NAME VALUE. SQL reads it as $NAME.",
)
@click.option(
    "--timeout",
    type=click.FloatRange(min=0),
    default=TIMEOUT,
    metavar="SECONDS",
    help="Stop a query after so long; 0 for never. Default: 60.",
)
@click.option(
    "--limit",
    type=click.IntRange(min=1),
    metavar="N",
    help="At most so many rows; the cut is told.",
)
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
    with session.open() as case:
        if is_shell:
            from tui.shell import Shell

            Shell(session, case, view).run()
        else:
            text = sys.stdin.read() if question == "-" else str(question)
            with asked(session, case, text, typed, view) as rows:
                tell(session, rows, limit)
    return ExitCode.DONE


def asked(session: Session, case: Case, text: str, typed: Mapping[str, str], view: View) -> Rows:
    """Ask one question, while a bar shows how far the warehouse is."""
    with session.console.meter("query", "entries") as meter:
        return case.query(
            text,
            typed,
            at=view.at,
            known_at=view.known_at,
            rules=view.rules,
            now=session.clock(),
            seconds=view.seconds,
            on_progress=meter.advance_to,
        )


def tell(session: Session, rows: Rows, limit: int | None) -> None:
    """Write the rows of an answer as they were wished for."""
    console = session.console
    if console.wishes.format is Format.PARQUET and console.is_on_terminal:
        raise click.UsageError("parquet is for files: give one with -o FILE")
    shown = _limited(session, iter(rows), limit)

    def page(canvas: Canvas) -> None:
        from tui.pages import query

        query.paint(canvas, dict(zip(rows.columns, rows.types, strict=True)), shown)

    console.answer(
        Answer(
            document=None,
            tables={"rows": shown},
            columns=rows.columns,
            page=page,
            parquet=lambda: rows.parquet(limit),
        )
    )


def _limited(session: Session, rows: Iterator[Row], limit: int | None) -> Iterator[Row]:
    yield from islice(rows, limit)
    if limit is not None and next(rows, None) is not None:
        session.console.narrate(f"only the first {limit} rows are shown; there are more")


def parameters(pairs: tuple[str, ...], rest: list[str]) -> dict[str, str]:
    """Read `--param name=value`, and the options that are no options of the command's own."""
    typed: dict[str, str] = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals or not name:
            raise click.UsageError(f"--param wants NAME=VALUE, not {pair!r}")
        typed[name] = value
    words = iter(rest)
    for word in words:
        name, equals, value = word.removeprefix("--").partition("=")
        if not word.startswith("--") or not name:
            raise click.UsageError(f"{word!r} is too much: SQL is one argument, in quotes")
        found = value if equals else next(words, None)
        if found is None:
            raise click.UsageError(f"--{name} wants a value")
        typed[name.replace("-", "_")] = found
    return typed


def listed(session: Session) -> None:
    """Write the catalogue."""
    from analyzer.catalogue import queries

    rows = [_described(query) for query in queries()]

    def page(canvas: Canvas) -> None:
        from tui.pages import query

        query.paint_list(canvas, rows)

    session.console.answer(Answer(document=None, tables={"queries": rows}, page=page))


def _described(query: Any) -> dict[str, Any]:
    return {
        "name": query.name,
        "title": query.title,
        "question": query.question,
        "severity": query.severity,
        "parameters": [
            {
                "name": one.name,
                "type": one.kind,
                "about": one.about,
                "default": one.default,
                "needed": not one.is_optional,
            }
            for one in query.parameters
        ],
        "false_positives": list(query.false_positives),
        "references": list(query.references),
        "attack": list(query.attack),
    }
