"""Asking: a query as it is typed, on the command line or at the prompt, and its answer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

import click

from tui.answer import Answer, Row
from tui.format import Format
from tui.session import Command, Session

if TYPE_CHECKING:
    from analyzer.inquiry import Inquiry
    from analyzer.warehouse.rows import Rows
    from tui.paint import Canvas


TIMEOUT: Final = 60.0
"""Seconds that a query is given unless somebody says otherwise."""

named = click.option(
    "--param",
    "pairs",
    multiple=True,
    metavar="NAME=VALUE",
    help="A parameter; the same as --NAME VALUE. SQL reads it as $NAME.",
)
"""Gives a command the parameters of a question."""

_timed = click.option(
    "--timeout",
    type=click.FloatRange(min=0),
    default=TIMEOUT,
    metavar="SECONDS",
    help="Stop a query after so long; 0 for never. Default: 60.",
)

limited = click.option(
    "--limit",
    type=click.IntRange(min=1),
    metavar="N",
    help="At most so many rows; the cut is told.",
)
"""Gives a command a limit of its rows."""


def bounded(command: Command) -> Command:
    """Give a command the parameters of a question, and its limits."""
    for option in (limited, _timed, named):
        command = option(command)
    return command


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


def asked(session: Session, case: Inquiry, text: str, typed: Mapping[str, str], view: View) -> Rows:
    """Ask one question, while a bar shows how far the warehouse is."""
    with session.console.meter("query", "entries") as meter:
        return case.ask(
            lambda inquiry: inquiry.query(
                text,
                typed,
                at=view.at,
                known_at=view.known_at,
                rules=view.rules,
                now=session.clock(),
                seconds=view.seconds,
                on_progress=meter.advance_to,
            )
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
