"""`keyledger tui`: the dashboard."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tui.access import words_of
from tui.console import ExitCode
from tui.fleet.opening import ended, inquiry, located
from tui.session import DEFAULT_LEDGER, Session, shared_by_questions
from tui.streams import is_terminal

if TYPE_CHECKING:
    from analyzer.inquiry import Inquiry
    from tui.dashboard.view import Settings


@click.command(
    epilog="\b\nExamples:\n"
    "  keyledger tui\n"
    "  keyledger tui payroll --ledger case.db\n"
    "  keyledger tui --at 2026-03-10T16:02:10Z\n"
    "  keyledger tui --serve --port 8080"
)
@click.argument("resource", required=False)
@click.option("--at", metavar="TIME", help="Where the playhead stands; default: where it matters.")
@click.option("--known-at", metavar="TIME", help="Only what was sealed by then; #N: N entries.")
@click.option("--serve", is_flag=True, help="Serve it to a browser on this machine.")
@click.option("--host", default="127.0.0.1", help="With --serve: the address to bind; loopback.")
@click.option("--port", default=8000, help="With --serve: the port to listen at; 8000.")
@shared_by_questions
def command(
    session: Session,
    *,
    resource: str | None,
    at: str | None,
    known_at: str | None,
    serve: bool,
    host: str,
    port: int,
) -> ExitCode:
    """Scrub through the history on a terminal.

    Opens at the moment at which a database was lost, or with RESOURCE (a key or database) at the
    moment at which it became what it is. `?` shows every key. With --serve a browser shows the
    same; whoever reaches that port can read the ledger, so think twice before another --host.
    """
    if serve:
        return _served(session, (resource, at, known_at), host=host, port=port)
    require_terminal("keyledger state answers without")
    return opened(session, resource=resource, at=at, known_at=known_at)


def require_terminal(otherwise: str) -> None:
    """Raise a usage error, with what does without one, where nobody sits before a terminal."""
    if not is_terminal():
        raise click.UsageError(f"the dashboard needs a terminal; {otherwise}")


def _served(
    session: Session, asked: tuple[str | None, str | None, str | None], *, host: str, port: int
) -> ExitCode:
    """Serve dashboards until Ctrl-C; what was asked for goes on to each of them."""
    from tui.serve import serve

    with inquiry(session) as case:
        code = ended(session, case.archive.lost)
    resource, at, known_at = asked
    zone = session.console.wishes.zone
    given = (("--at", at), ("--known-at", known_at), ("--tz", None if zone is None else str(zone)))
    options = [f"{name}={value}" for name, value in given if value is not None]
    named = [] if resource is None else ["--", resource]
    session.console.narrate(f"http://{host}:{port} shows the dashboard; Ctrl-C ends it")
    place = session.fleet or str(session.ledger)
    serve(["--ledger", place, *words_of(session.access), *options, *named], host=host, port=port)
    return code


def opened(
    session: Session, *, resource: str | None, at: str | None = None, known_at: str | None = None
) -> ExitCode:
    """Open the dashboard on the session's ledger or fleet, until the person leaves.

    Args:
        session: what to show, and how.
        resource: the key or database to select, as typed.
        at: where the playhead stands, as typed.
        known_at: how much was sealed, as typed.

    Raises:
        ConfigError: the settings mean nothing.
        LedgerError: the ledger cannot be opened or read.
        AnalyzerError: the time cannot be read, or nothing has that name.
    """
    from tui import config
    from tui.bookmarks import Bookmarks
    from tui.dashboard.app import Dashboard
    from tui.dashboard.workers import Opening

    with inquiry(session) as case:
        code, origin = ended(session, case.archive.lost), case.archive.origin
    path, opener = _opener(session)
    chosen = config.load()
    opening = Opening(
        ledger=path,
        opener=opener,
        settings=_settings(session, chosen.keys),
        at=at,
        known_at=known_at,
        resource=resource,
        theme=chosen.theme,
        bookmarks=Bookmarks.of(origin),
    )
    dashboard = Dashboard(opening, session.clock)
    dashboard.run()
    if dashboard.fatal is not None:
        raise dashboard.fatal
    return code


def _opener(session: Session) -> tuple[Path, Callable[[Path], Inquiry]]:
    """Return where it lies, and what opens it."""
    if session.fleet is None:
        from analyzer.case import Case

        return session.ledger, Case.open
    from analyzer.fleet.fleet import Fleet

    place = located(session, session.fleet)
    return place.folder, partial(Fleet.open, doubts=place.doubts)


def _settings(session: Session, keymap: Mapping[str, str]) -> Settings:
    from tui.dashboard.clock import Clock
    from tui.dashboard.view import Settings

    zone = session.console.wishes.zone
    return Settings(
        ledger=session.fleet or str(session.ledger),
        clock=Clock(zone=zone, is_utc=zone is None),
        is_default_ledger=str(session.ledger) == DEFAULT_LEDGER,
        is_fleet=session.fleet is not None,
        access=words_of(session.access),
        keymap=keymap,
    )
