"""A window that slides over the text of a source, however large it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from analyzer.cloudtrail.body import Bytes

WIDTH: Final = 8 << 20
"""Bytes in sight of a text that is not held whole; more where one value needs more."""


class Window:
    """Bytes around a place that only moves forward.

    Attributes:
        data: what is in sight.
        base: offset of its first byte in the text.
        size: of the whole text.
    """

    def __init__(self, text: Bytes, in_memory: int) -> None:
        self._text = text
        self.size = text.size
        self.base = 0
        self.data = text.read(0, text.size) if text.size <= in_memory else b""

    def show(self, offset: int, size: int) -> int:
        """Bring *size* bytes from *offset* on into sight, as far as the text goes.

        Returns:
            The index in `data` at which *offset* lies.
        """
        end = min(offset + size, self.size)
        if end > self.base + len(self.data) or offset < self.base:
            self.data = b""  # before the next one is read: only one is held
            self.data = self._text.read(offset, max(size, WIDTH))
            self.base = offset
        return offset - self.base

    @property
    def is_last(self) -> bool:
        """Whether the text ends with what is in sight."""
        return self.base + len(self.data) >= self.size

    def read(self, start: int, end: int) -> bytes:
        """Return what lies between two offsets."""
        if start >= self.base and end <= self.base + len(self.data):
            return self.data[start - self.base : end - self.base]
        return self._text.read(start, end - start)
