"""Volume: one ledger as answers rest on it: its entries under their numbers, and what they say.

What was read is kept, and extended as the ledger grows. Only the control lane is decoded; usage
moves no state. It reads no clock.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Final

from analyzer import place
from analyzer.cloudtrail.record import Lane
from analyzer.digests.check import Held
from analyzer.errors import ShardError
from analyzer.evidence import Evidence
from analyzer.moment import Moment
from analyzer.reader import Undecoded, decode, event_time, read
from analyzer.redacted import Redacted, redacted
from analyzer.resource import Fact, Inert
from analyzer.vouchers import read_held
from ledger.entry import Entry, Kind
from ledger.errors import LedgerError
from ledger.hashing import Digest
from ledger.redaction import LANE as ORDERS
from ledger.store import Ledger
from ledger.stretch import Stretch

STRIDE: Final = 10_000
"""Entries between two words on how far the reading is."""


class Volume:
    """A ledger that is asked alone, or a shard of a fleet."""

    def __init__(self, ledger: Ledger, *, shard: int = 0, name: str | None = None) -> None:
        """Take an open ledger; nothing is read yet.

        Args:
            ledger: the evidence.
            shard: its number in a fleet, from 1; 0 where it is asked alone.
            name: of the shard.
        """
        self.ledger = ledger
        self.shard = shard
        self.name = name
        self.base = place.base_of(shard)
        self.edition = 0
        """Raised when something that was read before is to be known no more."""
        self._begin()

    def _begin(self) -> None:
        self.edition += 1
        self._newest: dict[int, Moment | None] = {}
        self._read_to = 0
        self._facts: list[Fact] = []
        self._undecoded: list[Undecoded] = []
        self._conflicts: list[Evidence] = []
        self._redacted: list[Redacted] = []
        self._held: dict[tuple[int, bool], Held] = {}

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Say of an error in a shard which one it is; raises ShardError, or LedgerError alone."""
        try:
            yield
        except LedgerError as error:
            if self.shard:
                raise ShardError(self.shard, error) from error
            raise

    @property
    def size(self) -> int:
        """Entries sealed so far."""
        with self.reading():
            return self.ledger.size

    def size_at(self, sealed_at: Moment) -> int:
        """How many entries were sealed by then."""
        with self.reading():
            return self.ledger.size_at(sealed_at)

    def entry(self, index: int) -> Entry:
        """Return an entry by its index in the ledger; raises IndexError."""
        with self.reading():
            return self.ledger.entry(index)

    def entries(
        self,
        start: int,
        stop: int,
        lanes: Collection[int] | None = None,
        needle: bytes = b"",
    ) -> Iterator[tuple[int, Entry]]:
        """Yield entries by their indexes in the ledger, each under its number.

        With a *needle* only those whose payloads contain these bytes.
        """
        with self.reading():
            for entry in self.ledger.entries(start, stop, lanes=lanes, needle=needle):
                yield self.base + entry.header.index, entry

    def source_name(self, digest: Digest) -> str | None:
        """Return the first name under which a source was met; None where none was kept."""
        with self.reading():
            return self.ledger.source_name(digest)

    def stretches(
        self, start: int, stop: int, lanes: Collection[int] | None = None
    ) -> Iterator[Stretch]:
        """Yield entries by columns, under their numbers; what was erased stands under indexes."""
        with self.reading():
            for stretch in self.ledger.stretches(start, stop, lanes=lanes):
                numbers = [self.base + index for index in stretch.indexes]
                yield replace(stretch, indexes=numbers) if self.base else stretch

    def facts(self, size: int) -> Iterator[Fact]:
        """Yield the facts among the first *size* entries."""
        self.catch_up()
        stop = self.base + size
        return (fact for fact in self._facts if fact.evidence.entry < stop)

    def undecoded(self, size: int) -> Iterator[Undecoded]:
        """Yield what nobody knows the meaning of among the first *size* entries."""
        self.catch_up()
        stop = self.base + size
        return (one for one in self._undecoded if one.evidence.entry < stop)

    def conflicts(self, size: int) -> Iterator[Evidence]:
        """Yield what contradicts an earlier record among the first *size* entries."""
        self.catch_up()
        return (one for one in self._conflicts if one.entry < self.base + size)

    def redacted(self, size: int) -> Iterator[Redacted]:
        """Yield the control records among the first *size* entries that were erased."""
        self.catch_up()
        return (one for one in self._redacted if one.entry < self.base + size)

    def held(self, size: int, *, with_sources: bool = False) -> Held:
        """Return the digest files among the first *size* entries, and the sources."""
        asked = (size, with_sources)
        if asked not in self._held:
            with self.reading():
                self._held[asked] = read_held(
                    self.ledger, size, self.base, with_sources=with_sources
                )
        return self._held[asked]

    def newest_time(self, size: int) -> Moment | None:
        """Return the newest event time among the first *size* entries; None where none has one."""
        if size in self._newest:
            return self._newest[size]
        newest: Moment | None = None
        with self.reading():
            spans = self.ledger.spans()
        for span in spans:
            if span.first >= size:
                break
            latest = span.latest
            if span.first + span.count > size or latest is None:
                latest = self._newest_between(span.first, min(size, span.first + span.count))
            if latest is not None:
                newest = latest if newest is None else max(newest, latest)
        self._newest = {size: newest}  # every question asks, and most of them of one size
        return newest

    def _newest_between(self, start: int, stop: int) -> Moment | None:
        """Read the times of entries of which the ledger keeps no hint."""
        times = (
            event_time(entry.payload)
            for _, entry in self.entries(start, stop)
            if entry.payload is not None
        )
        return max((time for time in times if time is not None), default=None)

    def catch_up(self) -> None:
        """Decode what was sealed since the last question."""
        for _ in self.read():
            pass

    def read(self) -> Iterator[int]:
        """Decode what was sealed since the last question; yields how far it is now and then."""
        size = self.size
        if self._read_to == size:
            return
        orders = self.entries(self._read_to, size, {ORDERS})
        if self._read_to and any(entry.header.kind is Kind.REDACTION for _, entry in orders):
            self._begin()  # something that was read before is to be known no more
        told = self._read_to
        for stretch in self.stretches(self._read_to, size, {Lane.CONTROL}):
            columns = (stretch.indexes, stretch.kinds, stretch.payloads, stretch.digests)
            for number, kind, payload, digest in zip(*columns, strict=True):
                self._take(number, kind, payload, digest)
            for index, erased in stretch.erased.items():
                order, said = self.base + erased.order, erased.redaction
                self._redacted.append(redacted(self.base + index, order, said.reason, said.about))
            # From here on it goes on if it is given up: no segment is taken by halves.
            last = [*(one - self.base for one in stretch.indexes[-1:]), *stretch.erased]
            self._read_to = max(last) + 1
            if self._read_to >= told + STRIDE:
                told = self._read_to
                yield told
        self._read_to = size
        yield size

    def _take(self, number: int, kind: int, payload: bytes, digest: bytes) -> None:
        match stated(number, kind, payload, digest):
            case Fact() as fact:
                self._facts.append(fact)
            case Undecoded() as unknown:
                self._undecoded.append(unknown)
            case Evidence() as conflict:
                self._conflicts.append(conflict)
            case None:
                return


def stated(
    number: int, kind: int, payload: bytes, digest: bytes | None = None
) -> Fact | Undecoded | Evidence | None:
    """Return what an entry states: a fact, nobody knows what, or the evidence of a conflict.

    Args:
        number: of the entry.
        kind: what it is.
        payload: the sealed bytes.
        digest: their SHA-256, where it is known already.
    """
    if kind not in {Kind.RECORD, Kind.CONFLICT}:
        return None
    record = read(number, payload, digest)
    if record is None:
        return None
    if kind == Kind.CONFLICT:
        return record.evidence
    found = decode(record)
    return None if isinstance(found, Inert) else found
