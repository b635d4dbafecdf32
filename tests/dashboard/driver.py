"""Driver: opens the dashboard without a terminal, presses keys, and reads what is on the screen."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from textual.pilot import Pilot

from tests.cli.terminal import NOW
from tui.dashboard.app import Dashboard
from tui.dashboard.view import DashboardView, Settings
from tui.dashboard.workers import Opening

SIZE = (120, 40)
PATIENCE = 10.0
"""Seconds after which a test gives up; nothing waits so long that is not broken."""


class Driver:
    """An open dashboard."""

    def __init__(self, app: Dashboard, pilot: Pilot[None]) -> None:
        self.app = app
        self.pilot = pilot
        self.pressed: set[str] = set()

    @property
    def view(self) -> DashboardView:
        assert self.app.view is not None
        return self.app.view

    @property
    def at(self) -> str:
        """The playhead in UTC, as it is shown."""
        return self.view.settings.clock.full(self.view.at)

    async def press(self, *keys: str) -> None:
        self.pressed |= set(keys)
        await self.pilot.press(*keys)
        await self.pilot.pause()

    async def until(self, holds: Callable[[], object]) -> None:
        """Wait for something that a worker brings about."""
        for _ in range(int(PATIENCE / 0.02)):
            if holds():
                await self.pilot.pause()
                return
            await self.pilot.pause(0.02)
        raise AssertionError("it never came")

    async def settled(self) -> None:
        """Wait until nothing is found out any more, and all of it is shown."""
        await self.until(lambda: self.app.view is not None)
        while True:
            await self.until(lambda: all(worker.is_finished for worker in self.app.workers))
            seen = self.app.view
            await self.pilot.pause()
            if seen is self.app.view and not len(self.app.workers):
                return

    def screen(self) -> str:
        """The characters on the screen, a line each."""
        lines = self.app.screen._compositor.render_strips()  # noqa: SLF001 - no public way to text
        return "\n".join("".join(one.text for one in strip).rstrip() for strip in lines)


def drive(
    ledger: Path,
    story: Callable[[Driver], Awaitable[Any]],
    *,
    size: tuple[int, int] = SIZE,
    **opening: Any,
) -> set[str]:
    """Open a ledger in the dashboard and play a story on it; return which keys were pressed."""

    async def run() -> set[str]:
        settings = opening.pop("settings", Settings(ledger=ledger.name))
        app = Dashboard(Opening(ledger=ledger, settings=settings, **opening), lambda: NOW)
        async with app.run_test(size=size) as pilot:
            driver = Driver(app, pilot)
            await driver.until(lambda: app.view is not None or app.fatal is not None)
            if app.view is not None:
                await driver.settled()
            await story(driver)
            return driver.pressed

    return asyncio.run(run())
