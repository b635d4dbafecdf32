"""`keyledger whatif`: what would be, had events not come, or others beside them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import click

from tui.answer import Answer
from tui.console import ExitCode
from tui.fleet.opening import ask
from tui.session import Session, moments, shared_by_questions

if TYPE_CHECKING:
    from tui.paint import Canvas


@click.command(
    epilog="\b\nExamples:\n"
    "  keyledger whatif --skip ed3fca5b-225d-4a17-869e-471a6b8600cf\n"
    "  keyledger whatif --assume 'DisableKey alias/orders @ 2026-01-08T03:00:00Z'\n"
    "  keyledger whatif --assume 'ScheduleKeyDeletion alias/orders 7d @ now' --at +8d\n"
    "  keyledger whatif --insert rescued.json --format json"
)
@click.option(
    "--skip",
    multiple=True,
    metavar="EVENT_ID",
    help="Cross this event out; '#429' means the event of that entry. May be repeated.",
)
@click.option(
    "--insert",
    multiple=True,
    metavar="FILE",
    help="Put in the records of a file; all forms that ingest takes. May be repeated.",
)
@click.option(
    "--assume",
    multiple=True,
    metavar="CALL",
    help="Put in a call without writing JSON: 'DisableKey KEY @ TIME', also EnableKey, "
    "ScheduleKeyDeletion (30 days, or 'KEY 7d'), CancelKeyDeletion, DeleteKey and "
    "DeleteImportedKeyMaterial. May be repeated.",
)
@moments
@shared_by_questions
def command(
    session: Session,
    *,
    skip: tuple[str, ...],
    insert: tuple[str, ...],
    assume: tuple[str, ...],
    at: str,
    known_at: str | None,
    rules: str | None,
) -> ExitCode:
    """Replay with events crossed out or added; show what changes.

    Nothing is written to the ledger. Records that could only follow from what is crossed out, or
    that what is added rules out, are dropped too, and listed. Rows (csv, jsonl, markdown) begin
    with `row`: skipped, added, dropped, change or note.
    """
    from analyzer.answers.whatif import Changes
    from analyzer.counterfactual.assumption import parse
    from analyzer.ingest.loose import loose_records

    assumptions = tuple(parse(one) for one in assume)
    changes = Changes(skip=skip, insert=loose_records(insert), assume=assumptions)
    now = session.clock()
    asked = ask(session, lambda case: case.whatif(changes, at, known_at, now, rules))
    return asked.answer(_answer(asked.document))


def _answer(document: Mapping[str, Any]) -> Answer:
    def page(canvas: Canvas) -> None:
        from tui.pages import whatif

        whatif.paint(canvas, document)

    return Answer(
        document=document,
        tables={
            "skipped": document["skipped"],
            "added": document["added"],
            "dropped": document["dropped"],
            "change": document["changes"],
            "note": [{"note": note} for note in document["notes"]],
        },
        page=page,
    )
