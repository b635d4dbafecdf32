"""Progress: how far long work is, told to whoever waits for it."""

from __future__ import annotations

from collections.abc import Callable

Progress = Callable[[int, int], None]
"""Told how much is done, and how much there is to do; what it raises ends the work."""


def unheard(done: int, total: int) -> None:
    """Take no notice of how far something is."""
    del done, total
