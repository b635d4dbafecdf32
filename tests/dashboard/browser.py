"""Browser: a headless Chromium that is told what to do over its debugging socket."""

from __future__ import annotations

import asyncio
import base64
import re
import shutil
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
PATIENCE = 30.0
BINARY = 2
_ESCAPES = re.compile("\x1b\\[[0-9;?]*[a-zA-Z]")


class Browser:
    """One page."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self._socket = socket
        self._last = 0
        self._received = bytearray()

    async def do(self, method: str, **parameters: Any) -> dict[str, Any]:
        """Do something, and return what came of it."""
        self._last += 1
        await self._socket.send_json({"id": self._last, "method": method, "params": parameters})
        while True:
            answer = await asyncio.wait_for(self._socket.receive_json(), PATIENCE)
            self._take(answer)
            if answer.get("id") == self._last:
                return dict(answer["result"])

    def _take(self, answer: dict[str, Any]) -> None:
        """Keep what the terminal in the page was sent; its bytes come in binary frames."""
        if answer.get("method") == "Network.webSocketFrameReceived":
            frame = answer["params"]["response"]
            if frame["opcode"] == BINARY:
                self._received += base64.b64decode(frame["payloadData"])

    async def press(self, text: str) -> None:
        """Type a character into the terminal."""
        focus = "document.querySelector('.xterm-helper-textarea').focus()"
        await self.do("Runtime.evaluate", expression=focus)
        for kind in ("keyDown", "keyUp"):
            held = {"text": text} if kind == "keyDown" else {}
            await self.do("Input.dispatchKeyEvent", type=kind, key=text, **held)

    async def picture(self) -> bytes:
        """Return what is to be seen, as PNG."""
        taken = await self.do("Page.captureScreenshot", format="png")
        return base64.b64decode(taken["data"])

    async def until(self, text: str) -> None:
        """Wait until the page has received a text to show; the terminal draws on a canvas."""
        for _ in range(int(PATIENCE / 0.2)):
            await self.do("Runtime.evaluate", expression="0")
            if text in _ESCAPES.sub("", self._received.decode("utf-8", "replace")):
                return
            await asyncio.sleep(0.2)
        raise AssertionError(f"{text!r} never came")


@asynccontextmanager
async def browsing(url: str, profile: Path) -> AsyncIterator[Browser]:
    """Open a page in a browser of its own."""
    assert CHROMIUM is not None
    flags = ("--headless", "--no-sandbox", "--disable-gpu", "--remote-debugging-port=0",
             f"--user-data-dir={profile}", "--window-size=1280,860", "about:blank")  # fmt: skip
    process = await asyncio.create_subprocess_exec(
        CHROMIUM, *flags, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        port = await _port(profile / "DevToolsActivePort")
        async with aiohttp.ClientSession() as session:
            async with session.get(f"http://127.0.0.1:{port}/json") as answer:
                pages = [page for page in await answer.json() if page["type"] == "page"]
            async with session.ws_connect(pages[0]["webSocketDebuggerUrl"], max_msg_size=0) as held:
                browser = Browser(held)
                await browser.do("Network.enable")
                await browser.do("Page.navigate", url=url)
                yield browser
    finally:
        process.terminate()
        await process.wait()


async def _port(path: Path) -> int:
    for _ in range(int(PATIENCE / 0.1)):
        written = _lines(path)
        if len(written) > 1:
            return int(written[0])
        await asyncio.sleep(0.1)
    raise AssertionError("the browser did not come up")


def _lines(path: Path) -> list[str]:
    return path.read_text().splitlines() if path.exists() else []
