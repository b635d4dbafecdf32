"""Errands: what a thread was sent for, and whether anybody still waits for it."""

from __future__ import annotations

from collections.abc import Callable
from threading import Event
from typing import Final

STEP: Final = 4
"""Percent from one word to the next: each is drawn, and drawing holds up the work itself."""


class GivenUpError(Exception):
    """Nobody waits for it any more."""


class Errand:
    """One thing that is being found out; whoever does it looks now and then whether to go on.

    Attributes:
        name: what it is about; of each there is one at a time.
        is_told: whether the person is told that it goes on, and how far it is.
    """

    def __init__(self, name: str, tell: Callable[[Errand, int], None] | None = None) -> None:
        """Begin; *tell* is called in the errand's thread with the percent that is done."""
        self.name = name
        self.is_told = tell is not None
        self._tell = tell
        self._over = Event()
        self._percent = -1

    @property
    def is_over(self) -> bool:
        """Whether it has ended, one way or another."""
        return self._over.is_set()

    def end(self) -> None:
        """Wait for it no longer."""
        self._over.set()

    def go_on(self, done: int = 0, total: int = 0) -> None:
        """Tell how far it is.

        Raises:
            GivenUpError: nobody waits for it any more.
        """
        if self.is_over:
            raise GivenUpError
        percent = 100 * done // total if total > 0 else 0
        if self._tell is not None and (self._percent < 0 or percent >= self._percent + STEP):
            self._percent = percent
            self._tell(self, percent)
