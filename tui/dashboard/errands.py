"""Errands: threads are sent for what takes time, and come back with one message each.

Of each name there is one errand at a time. Another one of that name replaces it; what the first
finds out then goes nowhere, and its thread ends as soon as it looks up.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, TypeVar

from textual.app import App
from textual.message import Message

from analyzer.case import Inquiry
from tui.dashboard.errand import Errand, GivenUpError
from tui.dashboard.messages import Busy, Ended, Failed
from tui.dashboard.reading import Reading

T = TypeVar("T")


class Errands(App[None]):
    """An app that sends threads."""

    def __init__(self, opening: Callable[[], Inquiry]) -> None:
        """Take what opens the ledger, or the fleet, in which everything is looked up."""
        super().__init__()
        self._opening = opening
        self._readings: list[Reading] = []
        self._errands: dict[str, Errand] = {}
        self._reading = self.another_reading()

    def another_reading(self) -> Reading:
        """Return a thread of its own, for what would hold up everything else."""
        reading = Reading(self._opening)
        self._readings.append(reading)
        return reading

    def on_unmount(self) -> None:
        """Let go of the ledger; whatever is still being found out ends."""
        for errand in self._errands.values():
            errand.end()
        for reading in self._readings:
            reading.close()

    def is_busy_with(self, *names: str) -> bool:
        """Whether any of these is being found out."""
        return any(name in self._errands for name in names)

    def give_up(self, *names: str) -> None:
        """Wait no longer for some things; the threads that find them out notice it."""
        for name in names:
            errand = self._errands.pop(name, None)
            if errand is not None:
                errand.end()
                self.post_message(Ended(name))

    def is_current(self, errand: Errand) -> bool:
        """Whether it is this errand that is waited for under its name."""
        return self._errands.get(errand.name) is errand

    def find_out(
        self,
        name: str,
        question: Callable[[Inquiry, Errand], T],
        message: Callable[[T], Message],
        *,
        patience: float = 0.0,
        is_fatal: bool = False,
        is_told: bool = False,
        reading: Reading | None = None,
    ) -> None:
        """Ask in a thread, and post the answer as a message; a later question replaces this one.

        Args:
            name: what it is about.
            question: what to ask; it calls `go_on` of its errand now and then.
            message: makes the message of the answer.
            patience: seconds to wait before it is asked.
            is_fatal: whether there is nothing to show without an answer.
            is_told: whether the person is told that it goes on, and how far it is.
            reading: where to ask; None for where everything is asked.
        """
        self.give_up(name)
        errand = self._errands[name] = Errand(name, self._tell if is_told else None)

        async def asked() -> None:
            await asyncio.sleep(patience)
            try:
                answer = message(await self._found(errand, question, reading))
            except Exception as error:  # noqa: BLE001 - whatever it is, the person is to be told
                answer = Failed(error, is_fatal=is_fatal)
            if self.is_current(errand):  # else nobody is to be told anything
                self.post_message(answer)
                self.give_up(name)

        # A function: a coroutine that ends before it began would be left unawaited.
        work: Any = asked
        self.run_worker(work, group=name, exit_on_error=False)

    async def _found(
        self, errand: Errand, question: Callable[[Inquiry, Errand], T], reading: Reading | None
    ) -> T:
        def begun(case: Inquiry) -> T:
            if errand.is_over:
                raise GivenUpError
            return question(case, errand)

        return await (reading or self._reading).ask(begun)

    def _tell(self, errand: Errand, percent: int) -> None:
        """Pass on how far an errand is; called in its thread."""
        self.post_message(Busy(errand, percent))
