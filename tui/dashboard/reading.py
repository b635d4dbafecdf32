"""Reading: the case in a thread of its own, so that nothing that takes time holds up the screen."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from analyzer.case import Inquiry

T = TypeVar("T")


class Reading:
    """One case and the thread that it lives in; questions are answered one after the other.

    A ledger is used in one thread only, which is why the case is opened in there too.
    """

    def __init__(self, opening: Callable[[], Inquiry]) -> None:
        """Take what opens the case; that is done with the first question."""
        self._opening = opening
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="case")
        self._case: Inquiry | None = None

    async def ask(self, question: Callable[[Inquiry], T]) -> T:
        """Answer a question in the thread; raises whatever it raises."""
        return await asyncio.get_running_loop().run_in_executor(
            self._thread, lambda: self._opened().ask(question)
        )

    def close(self) -> None:
        """Let go of the ledger; what still runs is waited for."""
        self._thread.submit(self._close)
        self._thread.shutdown(wait=True, cancel_futures=False)

    def _opened(self) -> Inquiry:
        if self._case is None:
            self._case = self._opening()
        return self._case

    def _close(self) -> None:
        if self._case is not None:
            self._case.close()
