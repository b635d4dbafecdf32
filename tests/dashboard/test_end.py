"""The end: what is still being found out when somebody quits harms nothing."""

from __future__ import annotations

import asyncio
from pathlib import Path

from tests.cli.terminal import NOW
from tests.dashboard.driver import Driver
from tui.dashboard.app import Dashboard
from tui.dashboard.messages import PlaybackReady
from tui.dashboard.view import Settings
from tui.dashboard.workers import Opening


def test_a_worker_that_answers_after_the_end_harms_nothing(payroll: Path) -> None:
    async def run() -> None:
        opening = Opening(ledger=payroll, settings=Settings(ledger=payroll.name))
        app = Dashboard(opening, lambda: NOW)
        async with app.run_test() as pilot:
            driver = Driver(app, pilot)
            await driver.settled()
            playback = driver.view.playback
        assert not app.is_up
        app.on_playback_ready(PlaybackReady(playback))
        assert app.view is not None

    asyncio.run(run())
