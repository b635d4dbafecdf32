"""Screen: how long the dashboard takes from a key to the picture."""

from __future__ import annotations

import asyncio
import random

from tests.bench.clock import Stopwatch, now
from tests.bench.room import Room
from tui.dashboard import position as moves
from tui.dashboard.app import Dashboard
from tui.dashboard.view import Settings
from tui.dashboard.workers import Opening

_SOUGHT = 60
"""Moments that are sought, one after the other."""


def seek(room: Room, watch: Stopwatch) -> int:
    """Seek random moments in a dashboard of 120 columns; each until the screen is drawn."""
    return asyncio.run(_seek(room, watch))


async def _seek(room: Room, watch: Stopwatch) -> int:
    draw = random.Random(1)
    opening = Opening(ledger=room.ledger, settings=Settings(ledger=room.ledger.name))
    app = Dashboard(opening, now)
    async with app.run_test(size=(120, 40)) as pilot:
        while app.view is None:
            await pilot.pause(0.05)
        await app.workers.wait_for_complete()
        playback = app.view.playback
        moments = [draw.randrange(playback.start, playback.end) for _ in range(_SOUGHT)]
        with watch:
            for at in moments:
                app.go(moves.to_moment(playback, app.view.position, at))
                await pilot.pause()
    return _SOUGHT
