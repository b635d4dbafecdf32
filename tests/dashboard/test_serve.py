"""Serve: a browser shows the same, keys work, and pages of another origin are turned away."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import pytest

from tests.dashboard.browser import CHROMIUM, PATIENCE, browsing


@asynccontextmanager
async def serving(ledger: Path) -> AsyncIterator[str]:
    """Serve a ledger at a free port; Ctrl-C ends it with nothing to complain of."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    code = "from tui.cli import main; main()"
    options = ("tui", "--serve", "--port", str(port), "--ledger", str(ledger), "-q")
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", code, *options, stderr=asyncio.subprocess.PIPE
    )
    try:
        await _listens(port)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.send_signal(signal.SIGINT)
        _, complaints = await process.communicate()
    ours = [line for line in complaints.splitlines() if not line.startswith(b"Loop <")]
    assert not ours  # asyncio may say of a page's process that it ended after the loop


async def _listens(port: int) -> None:
    for _ in range(int(PATIENCE / 0.1)):
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            await asyncio.sleep(0.1)
        else:
            writer.close()
            return
    raise AssertionError("nobody listens")


def test_a_page_of_another_origin_is_turned_away(payroll: Path) -> None:
    async def story() -> None:
        async with serving(payroll) as url, aiohttp.ClientSession() as session:
            for headers in ({"Origin": "http://evil.example"}, {"Host": "evil.example"}):
                async with session.get(f"{url}/ws", headers=headers) as answer:
                    assert answer.status == 403
            async with session.get(url, headers={"Origin": url}) as answer:
                page = await answer.text()
            assert "fonts.googleapis" not in page
            assert 'src="http' not in page.replace(f'src="{url}', "")

    asyncio.run(story())


@pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium here to open the page in")
def test_a_browser_shows_the_loss_and_a_key_goes_to_the_last_second(
    payroll: Path, tmp_path: Path
) -> None:
    async def story() -> None:
        async with serving(payroll) as url, browsing(url, tmp_path) as browser:
            await browser.until("payroll is UNRECOVERABLE")
            await browser.press("s")
            await browser.until("1 s left")
            pictures.append(await browser.picture())

    pictures: list[bytes] = []
    asyncio.run(story())
    kept = os.environ.get("KEYLEDGER_PICTURE")
    if kept:
        Path(kept).write_bytes(pictures[0])
