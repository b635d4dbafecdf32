"""Appender: a batch of candidates into a ledger, in one transaction.

Inside it: look at where the ledger ends, bring the index of identities up to that, decide, chain
what is new to the end, grow the tree, keep what is derived. Anything that goes wrong leaves nothing
behind.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TypeVar

from ledger import writer
from ledger.admission import Content, Identify
from ledger.admissions import Admissions
from ledger.batch import Batch
from ledger.columns import Numbers
from ledger.derived import Derived, Source
from ledger.entry import MAX_NUMBER
from ledger.errors import BrokenError, MalformedError, UnreadableError
from ledger.folding import full_tiles
from ledger.hashing import Digest
from ledger.identities import IdentityIndex
from ledger.reader import Reader
from ledger.rows import Rows
from ledger.schema import schema_faults

T = TypeVar("T")


class Appender:
    """Appends to one ledger, and keeps its index of identities between appends."""

    def __init__(self, rows: Rows, derived: Derived, reader: Reader) -> None:
        self._rows = rows
        self._derived = derived
        self._reader = reader
        self._identities = IdentityIndex(derived)

    def append(
        self,
        batch: Batch,
        *,
        sealed_at: int,
        identify: Identify,
        content: Content,
        sources: tuple[Source, ...],
    ) -> Admissions:
        """Seal what is new in a batch. See `Ledger.append`."""
        if not 0 <= sealed_at <= MAX_NUMBER:
            raise MalformedError(f"{sealed_at} is no time in microseconds since the epoch")
        return self._healing(partial(self._seal, batch, sealed_at, identify, content, sources))

    def record(self, sources: tuple[Source, ...]) -> None:
        """Keep names of sources. See `Ledger.record_source`."""
        self._healing(partial(self._record, sources))

    def remember(self, marks: tuple[Digest, ...]) -> None:
        """Keep marks. See `Ledger.remember`."""
        self._healing(partial(self._remember, marks))

    def _healing(self, write: Callable[[], T]) -> T:
        """Write; damage in a derived table must not keep anybody from that."""
        try:
            return write()
        except UnreadableError:
            if not self._derived.heal():
                raise
            return write()

    def _record(self, sources: tuple[Source, ...]) -> None:
        with self._rows.connection.writing():
            self._derived.ensure()
            self._derived.add_sources(sources)

    def _remember(self, marks: tuple[Digest, ...]) -> None:
        with self._rows.connection.writing():
            self._derived.ensure()
            size, _ = self._rows.head()
            self._derived.add_marks(marks, size)

    def _seal(
        self,
        batch: Batch,
        sealed_at: int,
        identify: Identify,
        content: Content,
        sources: tuple[Source, ...],
    ) -> Admissions:
        try:
            with self._rows.connection.writing():
                self._require_schema()
                self._derived.ensure()
                size, link = self._rows.head()
                self._identities.sync(size, partial(self._prefixes, identify))
                admissions = writer.judge(
                    batch,
                    self._identities.find(batch.prefixes),
                    size=size,
                    pick=self._reader.pick,
                    identify=identify,
                    content=content,
                )
                self._write(batch, admissions, size, link, sealed_at)
                self._derived.add_sources(sources)
        except BaseException:
            self._identities.forget()
            raise
        return admissions

    def _write(
        self,
        batch: Batch,
        admissions: Admissions,
        size: int,
        link: Digest,
        sealed_at: int,
    ) -> None:
        frontier = self._rows.frontier(size, link)
        leaves: list[bytes] = []
        for sealing in writer.seal(batch, admissions, size=size, link=link, sealed_at=sealed_at):
            self._rows.add_segment(sealing.row, sealing.frames)
            leaves += sealing.leaves
            if sealing.times is not None:
                self._derived.add_span(sealing.row.first, *sealing.times)
        self._rows.put_tiles(frontier.extend(leaves, full_tiles(size, b"".join(leaves))))
        self._identities.add(size, batch.prefixes[admissions.is_new])
        self._derived.add_notes(writer.notes(batch, admissions))

    def _prefixes(self, identify: Identify, start: int, stop: int) -> Numbers:
        return writer.prefixes_of_entries(self._reader.stream(start, stop, None), identify)

    def _require_schema(self) -> None:
        """Refuse to seal anything behind guards that are not those of a ledger."""
        for fault in schema_faults(self._rows.connection):
            raise BrokenError(None, "schema", fault)
