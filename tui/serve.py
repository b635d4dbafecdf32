"""Serve: the dashboard in a browser; the only door to textual-serve.

Whoever can reach the port sees the ledger and can press every key, so it is bound to this machine
unless somebody says otherwise. A page of another origin is turned away: otherwise any web site that
is open in the same browser could press the keys.
"""

from __future__ import annotations

import shlex
import sys
from asyncio.subprocess import Process
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware
from textual_serve.app_service import AppService
from textual_serve.server import Server

LOOPBACK: Final = "127.0.0.1"

TEMPLATES: Final = Path(__file__).parent / "served"
"""The page that holds the terminal; ours loads nothing from elsewhere."""


class Served(Server):
    """Textual's server, with our page, for pages of our own origin only."""

    def __init__(self, command: str, host: str, port: int) -> None:
        """Take the command that each page runs, and where to listen."""
        super().__init__(command, host, port, title="keyledger", templates_path=TEMPLATES)
        self._processes: list[Process] = []

    async def _make_app(self) -> web.Application:
        app = await super()._make_app()
        app.middlewares.append(own_origin(self.public_url))
        app.on_cleanup.append(self._see_out)
        return app

    async def _process_messages(
        self, websocket: web.WebSocketResponse, app_service: AppService
    ) -> None:
        process = app_service._process  # noqa: SLF001 - nothing public leads to it
        if process is not None:
            self._processes.append(process)
        await super()._process_messages(websocket, app_service)

    async def _see_out(self, app: web.Application) -> None:
        """Wait for the pages' processes; one that outlives the loop ends in a traceback."""
        del app
        for process in self._processes:
            await process.wait()

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
    Served(command, host, port).serve()
