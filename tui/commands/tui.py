"""`keyledger tui`: the dashboard."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tui.console import ExitCode
from tui.session import DEFAULT_LEDGER, Session, shared
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
@shared
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

    session.open().close()
    resource, at, known_at = asked
    zone = session.console.wishes.zone
    given = (("--at", at), ("--known-at", known_at), ("--tz", None if zone is None else str(zone)))
    options = [f"{name}={value}" for name, value in given if value is not None]
    named = [] if resource is None else ["--", resource]
    session.console.narrate(f"http://{host}:{port} shows the dashboard; Ctrl-C ends it")
    serve(["--ledger", str(session.ledger), *options, *named], host=host, port=port)
    return ExitCode.DONE


def opened(
    session: Session, *, resource: str | None, at: str | None = None, known_at: str | None = None
) -> ExitCode:
    """Open the dashboard on the session's ledger, until the person leaves; raises as `shown`."""
    from analyzer.case import Case

    session.open().close()
    return shown(session, session.ledger, Case.open, resource=resource, at=at, known_at=known_at)


def shown(
    session: Session,
    path: Path,
    opener: Callable[[Path], Inquiry],
    *,
    resource: str | None,
    at: str | None,
    known_at: str | None,
    name: str | None = None,
    is_fleet: bool = False,
) -> ExitCode:
    """Show what lies at a path, until the person leaves.

    Args:
        session: how to show it.
        path: of a ledger, or of the folder of a fleet.
        opener: opens it.
        resource: the key or database to select, as typed.
        at: where the playhead stands, as typed.
        known_at: how much was sealed, as typed.
        name: what it is called; None for its path.
        is_fleet: whether it is a fleet.

    Raises:
        ConfigError: the settings mean nothing.
        LedgerError: the ledger cannot be opened or read.
        AnalyzerError: the time cannot be read, or nothing has that name.
    """
    from tui import config
    from tui.dashboard.app import Dashboard
    from tui.dashboard.workers import Opening

    chosen = config.load()
    opening = Opening(
        ledger=path,
        opener=opener,
        settings=_settings(session, path, chosen.keys, name=name, is_fleet=is_fleet),
        at=at,
        known_at=known_at,
        resource=resource,
        theme=chosen.theme,
    )
    dashboard = Dashboard(opening, session.clock)
    dashboard.run()
    if dashboard.fatal is not None:
        raise dashboard.fatal
    return ExitCode.DONE


def _settings(
    session: Session, path: Path, keymap: Mapping[str, str], *, name: str | None, is_fleet: bool
) -> Settings:
    from tui.dashboard.clock import Clock
    from tui.dashboard.view import Settings

    zone = session.console.wishes.zone
    return Settings(
        ledger=name or str(path),
        clock=Clock(zone=zone, is_utc=zone is None),
        is_default_ledger=str(path) == DEFAULT_LEDGER,
        is_fleet=is_fleet,
        keymap=keymap,
    )
