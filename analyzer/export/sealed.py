"""What is exported: sealed entries of a stretch of time, read one after another."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from analyzer.cloudtrail.record import Description, RejectedError, describe
from analyzer.moment import Moment
from analyzer.reader import read_described
from analyzer.record import Record
from ledger.entry import Kind

if TYPE_CHECKING:
    from ledger.derived import Span
    from ledger.store import Ledger
    from ledger.stretch import Stretch

KINDS: Final[Mapping[int, str]] = {
    Kind.RECORD: "record",
    Kind.CONFLICT: "conflict",
    Kind.REJECT: "reject",
}
"""The kinds of entry that an export may hold, and how it names them."""

_TELL_EVERY: Final = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Which entries are meant.

    Attributes:
        size: only the first so many entries, of all ledgers together.
        cut: how many of each ledger, in their order; empty where there is but one.
        since: events at or after it; None without a limit.
        until: events before it; None without a limit.
        services: only of these services, lower case; empty for all.
    """

    size: int
    cut: tuple[int, ...] = ()
    since: Moment | None = None
    until: Moment | None = None
    services: frozenset[str] = frozenset()

    @property
    def is_everything(self) -> bool:
        """Whether nothing is left out for what it says, so that rejects are meant too."""
        return self.since is None and self.until is None and not self.services

    def wants(self, time: Moment, service: str) -> bool:
        """Whether an event of that time and service is meant."""
        return self.wants_time(time) and (not self.services or service in self.services)

    def wants_time(self, time: Moment) -> bool:
        """Whether that time is within the stretch."""
        is_early = self.since is not None and time < self.since
        return not is_early and (self.until is None or time < self.until)

    def may_hold(self, span: Span) -> bool:
        """Whether a run of entries can hold what is meant, by the times that it spans."""
        if self.is_everything or span.earliest is None or span.latest is None:
            return True
        starts_late = self.until is not None and span.earliest >= self.until
        ends_early = self.since is not None and span.latest < self.since
        return not (starts_late or ends_early)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sealed:
    """One sealed entry.

    Attributes:
        entry: its index.
        kind: one of `KINDS`.
        sealed_at: the writer's clock.
        payload: verbatim.
        about: what it is; None for a reject.
    """

    entry: int
    kind: str
    sealed_at: Moment
    payload: bytes
    about: Description | None = field(default=None, repr=False)

    def record(self) -> Record | None:
        """Read what it says, each time anew; None for a reject."""
        return None if self.about is None else read_described(self.entry, self.payload, self.about)


def selected(
    ledger: Ledger, selection: Selection, on_progress: Callable[[int, int], None]
) -> Iterator[Sealed]:
    """Yield what is selected, in ledger order, holding one run of entries at a time.

    Args:
        ledger: where to read.
        selection: what is meant.
        on_progress: told now and then how many entries are done, and of how many.
    """
    for span in ledger.spans():
        stop = min(span.first + span.count, selection.size)
        if span.first >= stop or not selection.may_hold(span):
            continue
        for stretch in ledger.stretches(span.first, stop):
            for one in _of_stretch(stretch, selection):
                if one.entry % _TELL_EVERY == 0:
                    on_progress(one.entry, selection.size)
                yield one
            on_progress(stretch.indexes[-1] + 1 if stretch.indexes else span.first, selection.size)
    on_progress(selection.size, selection.size)


def _of_stretch(stretch: Stretch, selection: Selection) -> Iterator[Sealed]:
    """Yield what is selected of a stretch; what was erased is not in it."""
    for entry, number, payload in zip(
        stretch.indexes, stretch.kinds, stretch.payloads, strict=True
    ):
        kind = KINDS.get(number)
        if kind is None:
            continue
        about = None
        if number == Kind.REJECT:
            if not selection.is_everything:
                continue
        else:
            try:
                about = describe(payload)
            except RejectedError:
                continue
            if not selection.wants(about.time, about.service):
                continue
        yield Sealed(
            entry=entry, kind=kind, sealed_at=stretch.sealed_at, payload=payload, about=about
        )
