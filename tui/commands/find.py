"""`keyledger find`: what deserves attention, gravest first."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tui.answer import Answer
from tui.console import ExitCode
from tui.fleet.opening import ask
from tui.session import Session, moments, shared_by_questions
from tui.words import SEVERITIES, counted

if TYPE_CHECKING:
    from tui.paint import Canvas


@click.command(
    epilog="\b\nExamples:\n"
    "  keyledger find\n"
    "  keyledger find --fail-on high --since -24h --suppressions quiet.toml\n"
    "  keyledger find --all --at 2026-01-08 --known-at '#1200' --format json\n"
    "  keyledger find --list"
)
@click.option(
    "--fail-on",
    type=click.Choice(list(SEVERITIES)),
    help="Exit 3 if a finding of this severity or above is open.",
)
@click.option("--since", metavar="TIME", help="Only what began, or ended, from then on.")
@click.option(
    "--all", "is_whole", is_flag=True, help="Also what was withdrawn, ended, or is suppressed."
)
@click.option(
    "--suppressions",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="TOML: [[suppress]] entries with rule, resource, reason and until.",
)
@click.option(
    "--queries",
    "with_queries",
    is_flag=True,
    help="Also ask every query of the catalogue that has a severity.",
)
@click.option("--list", "is_list", is_flag=True, help="List the rules instead of running them.")
@moments
@shared_by_questions
def command(
    session: Session,
    *,
    at: str,
    known_at: str | None,
    rules: str | None,
    fail_on: str | None,
    since: str | None,
    is_whole: bool,
    suppressions: Path | None,
    with_queries: bool,
    is_list: bool,
) -> ExitCode:
    """Find what deserves attention.

    Findings come with a severity and their evidence, grouped by incident. One that was withdrawn,
    such as a deletion that was cancelled, is history and only shown with --all; a suppressed one
    too. With --known-at the answer is what an alert could have said then. --queries adds what the
    questions of `query --list` find, under the names query.NAME. Rows (csv, jsonl, markdown) begin
    with `row`: incident or finding; with --list, rule.
    """
    if is_list:
        return _listed(session)
    quiet = b"" if suppressions is None else suppressions.read_bytes()
    now = session.clock()
    asked = ask(
        session,
        lambda case: case.find(
            at, known_at, now, rules,
            since=since, suppressions=quiet, is_whole=is_whole, with_queries=with_queries,
        ),
    )  # fmt: skip
    reaches = _reaches(asked.document, fail_on)
    code = asked.answer(_answer(asked.document), ExitCode.FINDINGS if reaches else ExitCode.DONE)
    _narrate(session, asked.document, is_whole=is_whole)
    return code


def _answer(document: Mapping[str, Any]) -> Answer:
    def page(canvas: Canvas) -> None:
        from tui.pages import find

        find.paint(canvas, document)

    tables = {"incident": document["incidents"], "finding": document["findings"]}
    return Answer(document=document, tables=tables, page=page)


def _narrate(session: Session, document: Mapping[str, Any], *, is_whole: bool) -> None:
    for one in document["expired"]:
        session.console.warn(
            f"a suppression of {one['rule']} ended on {one['until']} and has no effect any more "
            f"({one['reason']})"
        )
    ended, suppressed = (document["counts"][state] for state in ("ended", "suppressed"))
    if not is_whole and (ended or suppressed):
        session.console.narrate(
            f"not shown: {counted(ended, 'finding')} withdrawn or ended, {suppressed} suppressed; "
            "--all shows them"
        )


def _reaches(document: Mapping[str, Any], threshold: str | None) -> bool:
    """Whether an open finding is as grave as the threshold, or graver."""
    if threshold is None:
        return False
    grave = list(SEVERITIES)[list(SEVERITIES).index(threshold) :]
    return any(row["state"] == "open" and row["severity"] in grave for row in document["findings"])


def _listed(session: Session) -> ExitCode:
    from analyzer.answers.find import catalogue

    document = catalogue()

    def page(canvas: Canvas) -> None:
        from tui.pages import find

        find.paint_rules(canvas, document)

    session.console.answer(Answer(document=document, tables={"rule": document["rules"]}, page=page))
    return ExitCode.DONE
