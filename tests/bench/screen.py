"""Screen: how long the dashboard takes from nothing to a picture, and from key to picture."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager

from textual.pilot import Pilot

from tests.bench.clock import Stopwatch, now
from tests.bench.room import Room
from tui.dashboard import position as moves
from tui.dashboard.app import Dashboard
from tui.dashboard.main import Main
from tui.dashboard.view import Settings
from tui.dashboard.workers import USAGE, Opening

_MOVES = 60
"""Moves that are made, one after the other."""

Open = tuple[Dashboard, Pilot[None]]


def first_paint(room: Room, watch: Stopwatch) -> int:
    """Open a dashboard until it shows which ledger it is, how large, and of which time."""

    async def run() -> None:
        async with AsyncExitStack() as closing:
            with watch:
                app, pilot = await closing.enter_async_context(_opened(room))
                await _comes(app, app.main, "extent")
                await pilot.pause(0)  # without a number it waits for the layout beside it, too

    asyncio.run(run())
    return 1


def opening(room: Room, watch: Stopwatch) -> int:
    """Open a dashboard until the decisive moment is drawn; counts the entries this covers."""

    async def run() -> int:
        async with AsyncExitStack() as closing:
            with watch:
                app, pilot = await closing.enter_async_context(_opened(room))
                await _comes(app, app, "view")
                await pilot.pause()
            app.give_up(USAGE)
            return 0 if app.view is None else app.view.playback.size

    return asyncio.run(run())


def seek(room: Room, watch: Stopwatch) -> int:
    """Seek random moments; each until the screen is drawn."""
    draw = random.Random(1)

    def move(app: Dashboard) -> None:
        assert app.view is not None
        playback = app.view.playback
        at = draw.randrange(playback.start, playback.end)
        app.go(moves.to_moment(playback, app.view.position, at))

    return _moved(room, watch, move)


def step(room: Room, watch: Stopwatch) -> int:
    """Step back event by event from the newest; each until the screen is drawn."""
    return _moved(room, watch, lambda app: app.main.action_step(-1))


def _moved(room: Room, watch: Stopwatch, move: Callable[[Dashboard], None]) -> int:
    async def run() -> None:
        async with _opened(room) as (app, pilot):
            while app.view is None:
                await pilot.pause(0.05)
            await _settled(app, pilot)
            with watch:
                for _ in range(_MOVES):
                    move(app)
                    await pilot.pause()

    asyncio.run(run())
    return _MOVES


async def _comes(app: Dashboard, where: Dashboard | Main, name: str) -> None:
    """Wait until an attribute has a value; looking again and again would take time itself."""
    come = asyncio.Event()
    app.watch(where, name, lambda value: come.set() if value is not None else None)
    await come.wait()


async def _settled(app: Dashboard, pilot: Pilot[None]) -> None:
    """Wait until the strip has its usage and nothing is found out any more."""
    while app.view is None or app.view.usage is None or len(app.workers):
        await pilot.pause(0.05)


@asynccontextmanager
async def _opened(room: Room) -> AsyncIterator[Open]:
    settings = Settings(ledger=room.ledger.name)
    app = Dashboard(Opening(ledger=room.ledger, settings=settings), now)
    async with app.run_test(size=(120, 40)) as pilot:
        yield app, pilot
