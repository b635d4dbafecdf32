"""Shots: the dashboard's real screens as SVG, the same bytes every time."""

from __future__ import annotations

import re
from pathlib import Path

from tests.dashboard.driver import Driver, drive
from tui.dashboard.view import Settings

_FONTS = re.compile(r"@font-face \{.*?\}\s*", re.DOTALL)
_FAMILY = re.compile(r"font-family: [^;]*;")
PLAIN = "font-family: ui-monospace, Menlo, Consolas, 'DejaVu Sans Mono', monospace;"
"""Fonts that the reader has: the picture loads nothing from elsewhere."""


def shot(ledger: Path, *keys: str, size: tuple[int, int], theme: str = "keyledger-dark") -> str:
    """Open a ledger, press keys, and return the screen once nothing is found out any more."""
    taken: list[str] = []

    async def story(driver: Driver) -> None:
        for key in keys:
            await driver.press(key)
            await driver.settled()
        await driver.until(lambda: driver.view.audit is not None)
        await driver.until(lambda: driver.view.is_sealed_read or driver.view.event is None)
        await driver.settled()
        taken.append(driver.app.export_screenshot(title="keyledger"))

    drive(ledger, story, size=size, theme=theme, settings=Settings(ledger=ledger.name))
    return _FAMILY.sub(PLAIN, _FONTS.sub("", taken[0]))
