"""Keeping: what can be looked at of the evidence itself, whether one ledger holds it or many."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from analyzer.answers.shape import Document
from analyzer.sealed import Extent


class Audited(Protocol):
    """What an audit came to."""

    def document(self) -> Document:
        """Return it in the shape of `audit`."""
        ...


class Keeping(Protocol):
    """What can be looked at of the evidence itself, of one ledger or of many."""

    def audit(self, on_progress: Callable[[int, int], None]) -> Audited:
        """Recompute every hash."""
        ...

    def extent(self) -> Extent:
        """Return how much there is, before anything of it is read."""
        ...

    def holdings(self) -> Document:
        """Return what there is: heads, checkpoints, sources and rejects."""
        ...

    def sealed(self, entry: int) -> Document:
        """Return an entry as it is sealed."""
        ...
