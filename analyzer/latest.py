"""Latest: what was worked out last, so that who asks the same again does not wait for it again."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Latest(Generic[K, V]):
    """A few answers by what they rest on. One that nobody asks for makes room for newer ones."""

    def __init__(self, room: int) -> None:
        """Make room for so many answers."""
        self._room = room
        self._kept: dict[K, V] = {}

    def get(self, asked: K, work_out: Callable[[], V]) -> V:
        """Return the answer that is kept, or work it out and keep it."""
        if asked in self._kept:
            answer = self._kept.pop(asked)
        else:
            answer = work_out()
            while len(self._kept) >= self._room:
                del self._kept[next(iter(self._kept))]
        self._kept[asked] = answer
        return answer
