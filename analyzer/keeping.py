"""Keeping: what can be looked at of the evidence itself, whether one ledger holds it or many."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Protocol

from analyzer.answers.shape import Document
from analyzer.export.sealed import Sealed, Selection
from analyzer.knowledge import Knowledge
from analyzer.moment import Moment
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

    def newest_checkpoint(self) -> Document | None:
        """Return the newest checkpoint that is stored; None where there is none."""
        ...

    def rejects(self) -> Iterator[Document]:
        """Yield the records that could not be admitted."""
        ...

    def undecoded(self, known_at: str | None, now: Moment) -> Iterator[Document]:
        """Yield the records that nobody knows the meaning of."""
        ...

    def selection(
        self, since: str | None, until: str | None, known_at: str | None, now: Moment
    ) -> Selection:
        """Return which entries an export means."""
        ...

    def selected(
        self, selection: Selection, on_progress: Callable[[int, int], None]
    ) -> Iterator[Sealed]:
        """Yield what is selected."""
        ...

    def made_from(self) -> Document:
        """Return how far it goes by now, to be kept beside what is made from it."""
        ...


class Kept:
    """What is looked at through all that was read, in one way for one ledger and for many."""

    def __init__(self, knowledge: Knowledge) -> None:
        """Take what was read."""
        self._knowledge = knowledge

    def undecoded(self, known_at: str | None, now: Moment) -> Iterator[Document]:
        """Yield the sealed records that nobody knows the meaning of; raises UnreadableTimeError."""
        for one in self._knowledge.undecoded(self._knowledge.cut(known_at, now)):
            yield {"service": one.service, **one.evidence.document()}

    def selection(
        self, since: str | None, until: str | None, known_at: str | None, now: Moment
    ) -> Selection:
        """Return which entries an export means; raises UnreadableTimeError."""
        return self._knowledge.selection(since, until, known_at, now)
