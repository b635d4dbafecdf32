"""Serve: the dashboard in a browser; the only door to textual-serve.

Whoever can reach the port sees the ledger and can press every key, so it is bound to this machine
unless somebody says otherwise. A page of another origin is turned away: otherwise any web site that
is open in the same browser could press the keys.
"""

from __future__ import annotations

import shlex
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware
from textual_serve.server import Server

LOOPBACK: Final = "127.0.0.1"

TEMPLATES: Final = Path(__file__).parent / "served"
"""The page that holds the terminal; ours loads nothing from elsewhere."""


class Served(Server):
    """Textual's server, with our page, for pages of our own origin only."""

    async def _make_app(self) -> web.Application:
        app = await super()._make_app()
        app.middlewares.append(own_origin(self.public_url))
        return app

    def initialize_logging(self) -> None:
        """Leave stdout and stderr as they are: what happens is told in the browser."""

    async def on_startup(self, app: web.Application) -> None:
        """Say nothing; the command has told where to look."""


def own_origin(url: str) -> Middleware:
    """Return a middleware that answers only what was asked of *url*, and by its own pages."""
    host = url.partition("://")[2]

    @web.middleware
    async def guard(request: web.Request, handler: Handler) -> web.StreamResponse:
        origin = request.headers.get("Origin")
        if request.host != host or origin not in {None, url}:
            raise web.HTTPForbidden(text="another origin\n")
        return await handler(request)

    return guard


def serve(arguments: Sequence[str], *, host: str, port: int) -> None:
    """Serve the dashboard until Ctrl-C; each page that is opened is a dashboard of its own.

    Args:
        arguments: of `keyledger tui`, for the dashboards.
        host: address to bind.
        port: to listen at.

    Raises:
        OSError: the port cannot be had.
    """
    code = "from tui.cli import main; main()"
    command = shlex.join([sys.executable, "-c", code, "tui", *arguments])
    Served(command, host, port, title="keyledger", templates_path=TEMPLATES).serve()
