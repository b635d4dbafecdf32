"""`keyledger report`: one database's case as one page for the incident's file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tui import digest_keys, formats
from tui.commands.audit import OUTCOME_CODES
from tui.console import Console, ExitCode, gravest
from tui.fleet.opening import ended, inquiry
from tui.session import Session, moments, shared_by_writers
from tui.version import version

if TYPE_CHECKING:
    from analyzer.inquiry import Inquiry


@click.command(
    epilog="\b\nExamples:\n"
    "  keyledger report payroll -o case.html\n"
    "  keyledger report payroll --at 2026-03-04T12:00:00Z -o that-morning.html\n"
    "  keyledger report payroll --format markdown -o ticket.md"
)
@click.argument("database")
@click.option(
    "-o",
    "--output",
    "output_path",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="The file to write. Default: stdout.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["html", "markdown", "json"]),
    default="html",
    help="html is one page that loads nothing (default), markdown is for tickets.",
)
@digest_keys.digest_keys
@moments
@shared_by_writers
def command(
    session: Session,
    database: str,
    *,
    output_path: Path | None,
    form: str,
    digest_keys: tuple[Path, ...],
    at: str,
    known_at: str | None,
    rules: str | None,
) -> ExitCode:
    """Write the case of one database as one page.

    The verdict first, then what happened, drawn; the calls and who made them, what would save it or
    would have saved it, every copy and its key, findings, where the evidence has holes, how far the
    verdict reaches, the sealed evidence, a checkpoint, and how to verify it all. The ledger is
    audited for it; the exit code is the audit's.
    """
    from tui.digest_keys import read

    target = None if output_path == Path("-") else output_path
    console = Console(replace(session.console.wishes, output=target))
    keys = read(digest_keys)
    now = session.clock()
    with inquiry(session) as case:
        told = case.ask(lambda one: one.dossier(database, at, known_at, now, rules, keys=keys))
        document = case.told(told)
        ledger = _audited(case, session)
        lost = ended(session, case.archive.lost)
    ledger["known_at"] = known_at or _known(session, document["explain"], now)
    made = f"Made with keyledger {version()} from what its ledger holds."
    console.pour(_pieces(form, document, ledger, made))
    if ledger["outcome"] != "intact":
        what = "ledger" if session.fleet is None else "fleet"
        console.warn(f"the {what} is {ledger['outcome']}: see its audit")
    return gravest(OUTCOME_CODES[ledger["outcome"]], lost)


def _audited(case: Inquiry, session: Session) -> dict[str, Any]:
    """Audit the ledger, and say what a reader needs to find it again."""
    with session.console.meter("audit", "entries") as meter:
        found = case.custody.audit(meter.advance_to).document()
    own = found if session.fleet is None else found["fleet"] or {"root": None, "link": None}
    return {
        "path": session.fleet or str(session.ledger),
        "is_fleet": session.fleet is not None,
        "size": found["size"],
        "root": own["root"],
        "link": own["link"],
        "outcome": found["outcome"],
        "checkpoint": case.custody.newest_checkpoint(),
    }


def _known(session: Session, verdict: dict[str, Any], now: int) -> str:
    """Return what to type to know no more than the report does; a fleet counts no entries."""
    if session.fleet is None:
        return f"#{verdict['known_at']}"
    return datetime.fromtimestamp(now / 1_000_000, UTC).isoformat().replace("+00:00", "Z")


def _pieces(
    form: str, document: dict[str, Any], ledger: dict[str, Any], made: str
) -> Iterator[bytes]:
    if form == "json":
        whole = {**document, "ledger": ledger}
        yield from (piece.encode() for piece in formats.json_document(whole))
        return
    from tui.report.context import page_of

    page = page_of(document, ledger, made)
    if form == "markdown":
        from tui.report.ticket import markdown

        yield markdown(page).encode()
        return
    from tui.report.page import html

    yield html(page).encode()
