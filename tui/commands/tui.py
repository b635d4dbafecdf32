"""`keyledger tui`: the dashboard."""

from __future__ import annotations

import click

from tui.console import ExitCode, is_terminal
from tui.session import DEFAULT_LEDGER, Session, shared


@click.command(
    epilog="\b\nExamples:\n"
    "  keyledger tui\n"
    "  keyledger tui payroll --ledger case.db\n"
    "  keyledger tui --at 2026-03-10T16:02:10Z"
)
@click.argument("resource", required=False)
@click.option("--at", metavar="TIME", help="Where the playhead stands; default: where it matters.")
@click.option("--known-at", metavar="TIME", help="Only what was sealed by then; #N: N entries.")
@shared
def command(
    session: Session, resource: str | None, at: str | None, known_at: str | None
) -> ExitCode:
    """Scrub through the history on a terminal.

    Opens at the moment at which a database was lost, or with RESOURCE (a key or database) at the
    moment at which it became what it is. `?` shows every key.
    """
    if not is_terminal():
        raise click.UsageError("the dashboard needs a terminal; keyledger state answers without")
    return opened(session, resource=resource, at=at, known_at=known_at)


def opened(
    session: Session, *, resource: str | None, at: str | None = None, known_at: str | None = None
) -> ExitCode:
    """Open the dashboard on the session's ledger, until the person leaves.

    Raises:
        LedgerError: the ledger cannot be opened or read.
        AnalyzerError: the time cannot be read, or nothing has that name.
    """
    from tui.dashboard.app import Dashboard, Opening
    from tui.dashboard.clock import Clock
    from tui.dashboard.view import Settings

    session.open().close()
    settings = Settings(
        ledger=str(session.ledger),
        clock=Clock(zone=session.console.wishes.zone, is_utc=session.console.wishes.zone is None),
        is_default_ledger=str(session.ledger) == DEFAULT_LEDGER,
    )
    opening = Opening(
        ledger=session.ledger, settings=settings, at=at, known_at=known_at, resource=resource
    )
    dashboard = Dashboard(opening, session.clock)
    dashboard.run()
    if dashboard.fatal is not None:
        raise dashboard.fatal
    return ExitCode.DONE
