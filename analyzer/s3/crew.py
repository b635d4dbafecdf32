"""Crew: threads that wait for S3 instead of us. They never keep a process from ending."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from functools import partial
from queue import SimpleQueue
from threading import Thread
from typing import Any, Final, TypeVar

T = TypeVar("T")
Item = TypeVar("Item")

THREADS: Final = 12
"""Requests that are under way at the same time."""


class Crew:
    """Some threads that take up one job after the other."""

    def __init__(self) -> None:
        self._jobs: SimpleQueue[tuple[Future[Any], Callable[[], Any]] | None] = SimpleQueue()
        for _ in range(THREADS):
            Thread(target=self._work, daemon=True).start()

    def close(self) -> None:
        """Let the threads go once they have done what they were asked for."""
        for _ in range(THREADS):
            self._jobs.put(None)

    def ask(self, job: Callable[[], T]) -> Future[T]:
        """Have a job done; its result, or what it raises, comes with the future."""
        future: Future[T] = Future()
        self._jobs.put((future, job))
        return future

    def each(self, job: Callable[[Item], T], items: Sequence[Item]) -> list[T]:
        """Have the same done to many things, and return what came of each, in their order."""
        return [future.result() for future in [self.ask(partial(job, one)) for one in items]]

    def _work(self) -> None:
        while (task := self._jobs.get()) is not None:
            future, job = task
            try:
                future.set_result(job())
            except BaseException as error:  # noqa: BLE001 - whoever asked for the result meets it
                future.set_exception(error)
            del future, job, task
