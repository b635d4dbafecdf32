"""Knowledge: what was read from a ledger so far, and what of it a question may rest on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from typing import Final

from analyzer import when
from analyzer.answers.shape import Scope
from analyzer.cloudtrail.record import Lane
from analyzer.digests.check import Held, check
from analyzer.digests.keys import PublicKeys
from analyzer.digests.report import DigestReport
from analyzer.digests.unvouched import unvouched
from analyzer.evidence import Evidence
from analyzer.export.sealed import Selection
from analyzer.history.history import History
from analyzer.moment import Moment
from analyzer.reader import Undecoded, decode, event_time, read
from analyzer.recovery.rules import Rules, always, in_force, named
from analyzer.redacted import Redacted, redacted
from analyzer.resource import Fact
from analyzer.vouchers import read_held
from ledger.entry import Entry, Kind
from ledger.redaction import LANE as ORDERS
from ledger.store import Ledger

STRIDE: Final = 50_000
"""Entries between two words on how far the reading is."""

Progress = Callable[[int, int], None]
"""Told how much is done, and how much there is to do; what it raises ends the work."""


class Knowledge:
    """The facts of a ledger, read once and extended as it grows.

    It reads no clock. Only the control lane is decoded; usage moves no state.
    """

    def __init__(self, ledger: Ledger) -> None:
        """Take an open ledger; nothing is read yet."""
        self._ledger = ledger
        self._begin()

    def _begin(self) -> None:
        self._read_to = 0
        self._facts: list[Fact] = []
        self._undecoded: list[Undecoded] = []
        self._conflicts: list[Evidence] = []
        self._redacted: list[Redacted] = []
        self._histories: dict[tuple[int, str | None], History] = {}
        self._held: dict[int, Held] = {}

    def scope(self, at: str, known_at: str | None, now: Moment, rules: str | None = None) -> Scope:
        """Work out what a question rests on.

        Args:
            at: valid time, as typed.
            known_at: transaction time, as typed; None for the whole ledger.
            now: the present, to which times may be relative.
            rules: the era by whose rules every loss is judged; None for those of its own time.

        Raises:
            UnreadableTimeError: one of the times cannot be read.
            UnknownRulesError: no era has that name.
        """
        era = named(rules) if rules is not None else None
        size = self.size(known_at, now)
        end = self._newest_time(size)
        moment = when.parse(at, now=now, end=0 if end is None else end)
        self._catch_up()
        contradictions = tuple(one for one in self._conflicts if one.entry < size)
        conflicts: dict[str, tuple[int, ...]] = defaultdict(tuple)
        for one in contradictions:
            conflicts[one.event_id] += (one.entry,)
        return Scope(
            history=self._history(size, era),
            at=moment,
            known_at=size,
            conflicts=dict(conflicts),
            contradictions=contradictions,
            undecoded=len(self.undecoded(size)),
            redacted=tuple(one for one in self._redacted if one.entry < size),
            rules=era,
        )

    def read(self, on_progress: Progress) -> None:
        """Decode what was not decoded yet; *on_progress* is told the entries gone through."""
        start, size = self._read_to, self._ledger.size
        for stop in range(start + STRIDE, size + STRIDE, STRIDE):
            self._catch_up(stop)
            on_progress(min(stop, size), size)

    def undecoded(self, size: int) -> list[Undecoded]:
        """Return what nobody knows the meaning of among the first *size* entries."""
        self._catch_up()
        return [one for one in self._undecoded if one.evidence.entry < size]

    def selection(
        self, since: str | None, until: str | None, known_at: str | None, now: Moment
    ) -> Selection:
        """Work out which stretch of time is meant; raises UnreadableTimeError."""
        size = self.size(known_at, now)
        end = self._newest_time(size) or 0
        return Selection(
            size=size,
            since=None if since is None else when.parse(since, now=now, end=end),
            until=None if until is None else when.parse(until, now=now, end=end),
        )

    def size(self, known_at: str | None, now: Moment) -> int:
        """Return how many entries were sealed by then; raises UnreadableTimeError."""
        size = self._ledger.size
        if known_at is None:
            return size
        count = when.parse_count(known_at)
        if count is not None:
            return min(count, size)
        return self._ledger.size_at(when.parse_known(known_at, now=now))

    def digests(self, size: int, keys: PublicKeys | None = None) -> DigestReport:
        """Check the digest files among the first *size* entries.

        Args:
            size: how many entries are taken into account.
            keys: public keys; without any, hashes are checked and no signature is.
        """
        if size not in self._held:
            self._held[size] = read_held(self._ledger, size)
        return check(self._held[size], keys or {})

    def _newest_time(self, size: int) -> Moment | None:
        """Return the newest event time among the first *size* entries; None where none has one."""
        newest: Moment | None = None
        for span in self._ledger.spans():
            if span.first >= size:
                break
            latest = span.latest
            if span.first + span.count > size or latest is None:
                latest = self._newest_between(span.first, min(size, span.first + span.count))
            if latest is not None:
                newest = latest if newest is None else max(newest, latest)
        return newest

    def _newest_between(self, start: int, stop: int) -> Moment | None:
        """Read the times of entries of which the ledger keeps no hint."""
        times = (
            event_time(entry.payload)
            for entry in self._ledger.entries(start, stop)
            if entry.payload is not None
        )
        return max((time for time in times if time is not None), default=None)

    def _history(self, size: int, era: Rules | None) -> History:
        asked = (size, era.name if era is not None else None)
        if asked not in self._histories:
            known = (fact for fact in self._facts if fact.evidence.entry < size)
            rulebook = in_force if era is None else always(era)
            self._histories[asked] = History(known, rulebook, unvouched(self.digests(size)))
        return self._histories[asked]

    def _catch_up(self, stop: int | None = None) -> None:
        """Decode what was sealed since the last question, all of it or up to *stop*."""
        size = self._ledger.size if stop is None else min(stop, self._ledger.size)
        orders = self._ledger.entries(self._read_to, size, lanes={ORDERS})
        if self._read_to and any(entry.header.kind is Kind.REDACTION for entry in orders):
            self._begin()  # something that was read before is to be known no more
        for entry in self._ledger.entries(self._read_to, size, lanes={Lane.CONTROL}):
            self._take(entry)
        self._read_to = size

    def _take(self, entry: Entry) -> None:
        index = entry.header.index
        if (erased := entry.erased) is not None:
            order, said = erased.order, erased.redaction
            self._redacted.append(redacted(index, order, said.reason, said.about))
        if entry.payload is None or entry.header.kind not in {Kind.RECORD, Kind.CONFLICT}:
            return
        record = read(index, entry.payload)
        if record is None:
            return
        if entry.header.kind is Kind.CONFLICT:
            self._conflicts.append(record.evidence)
            return
        fact = decode(record)
        if isinstance(fact, Fact):
            self._facts.append(fact)
        elif isinstance(fact, Undecoded):
            self._undecoded.append(fact)
