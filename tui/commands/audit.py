"""`keyledger audit`: recompute every hash."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tui.answer import Answer
from tui.console import ExitCode
from tui.session import Session, shared, with_key
from tui.version import strangers

if TYPE_CHECKING:
    from tui.paint import Canvas

OUTCOME_CODES = {
    "intact": ExitCode.DONE,
    "broken": ExitCode.BROKEN,
    "incomplete": ExitCode.INCOMPLETE,
}


@click.command(
    epilog="\b\nExamples:\n"
    "  keyledger audit\n"
    "  keyledger audit --ledger case.db --format json\n"
    "  keyledger audit --against kept-in-march.txt --key ledger.pub"
)
@click.option(
    "--against",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    metavar="FILE",
    help="A checkpoint that was kept elsewhere: shows whether the ledger was cut or rewritten "
    "since, however well it fits together.",
)
@with_key
@shared
def command(session: Session, against: Path | None, key: str | None) -> ExitCode:
    """Recompute every hash and name the first break.

    The signatures of checkpoints are checked with the keys that are sealed; --key is one that you
    have from elsewhere. Exits 0 when everything was checked and holds (intact), 4 when something
    contradicts (broken), 5 when something could not be checked (incomplete).
    """
    document = audited(session, against, key)
    session.console.answer(answer(document))
    return OUTCOME_CODES[document["outcome"]]


def audited(
    session: Session, against: Path | None = None, key: str | None = None
) -> dict[str, Any]:
    """Audit the session's ledger; returns the contract's `audit` document.

    Foreign packages in our rooms make an intact ledger `incomplete`: who knows which code checked.
    """
    with session.open() as case, session.console.meter("audit", "entries") as meter:
        document = case.custody.audit(meter.advance_to, against=against, key=key).document()
    return doubted(session, document)


def doubted(session: Session, document: Mapping[str, Any]) -> dict[str, Any]:
    """Return an audit as far as this program can vouch for it."""
    doubts = strangers()
    for doubt in doubts:
        session.console.warn(doubt)
    if doubts and document["outcome"] == "intact":
        return {**document, "outcome": "incomplete"}
    return dict(document)


def answer(document: Mapping[str, Any]) -> Answer:
    """Return the audit as an answer."""

    def page(canvas: Canvas) -> None:
        from tui.pages import audit

        audit.paint(canvas, document)

    return Answer(document=document, tables={"audit": [document]}, page=page)
