"""Store: a ledger in a file. Appends in one transaction, reads entries wherever they lie.

    with Ledger.create(path, origin="…", now=now, exist_ok=True) as ledger:
        ledger.append(candidates, sealed_at=now, identify=identify, content=content)
        ledger.checkpoint(now)

One writer at a time: a second one waits, then builds on what the first has sealed. Readers are
never in the way. An append that does not return has sealed nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Self

from ledger.admission import Candidate, Content, Identify
from ledger.admissions import Admissions
from ledger.appender import Appender
from ledger.batch import Batch, prepare
from ledger.checkpoint import Checkpoint, check_origin
from ledger.connection import Connection
from ledger.derived import Derived, Source, Span
from ledger.entry import Entry
from ledger.errors import BrokenError, LedgerExistsError
from ledger.hashing import Digest
from ledger.heads import Head, Heads, Signer
from ledger.keyring import Keyring
from ledger.opening import create_ledger, open_ledger
from ledger.reader import Reader
from ledger.rows import Meta, Rows
from ledger.schema import create_tables, meta_digest
from ledger.stretch import Stretch


class Ledger:
    """An open ledger. Use it in one thread, and close it: it is a context manager."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._derived = Derived(connection)
        self.rows = Rows(connection)
        self._reader = Reader(self.rows)
        self._appender = Appender(self.rows, self._derived, self._reader)
        self._heads = Heads(self.rows, self._reader)

    @classmethod
    def create(cls, path: Path | str, *, origin: str, now: int, exist_ok: bool = False) -> Self:
        """Make an empty ledger and open it.

        Safe against a second process that does the same at the same time, and against a first one
        that was killed half-way.

        Args:
            path: where; its directory must exist.
            origin: names the ledger in its checkpoints; one line of printable text.
            now: microseconds since the epoch.
            exist_ok: open the ledger that is there already, whatever its origin.

        Raises:
            LedgerExistsError: there is a ledger already.
            NotALedgerError: there is something else.
            LedgerUnwritableError: nothing can be written there.
            MalformedError: the origin is no origin.
        """
        check_origin(origin)
        connection = create_ledger(Path(path))
        try:
            ledger = cls(connection)
            ledger._found(origin, now, exist_ok=exist_ok)
        except BaseException:
            connection.close()
            raise
        return ledger

    @classmethod
    def open(cls, path: Path | str, *, readonly: bool = False) -> Self:
        """Open a ledger that exists.

        Damaged or missing derived tables are no obstacle; they are rebuilt by the next append.
        Where the file or its directory cannot be written, the ledger opens for reading.

        Args:
            path: where.
            readonly: leave the file as it is, whatever is called.

        Raises:
            LedgerMissingError: there is nothing.
            NotALedgerError: there is something else.
            UnreadableError: the system does not let us read it.
        """
        return cls(open_ledger(Path(path), readonly=readonly))

    def close(self) -> None:
        """Close the file; harmless when done twice."""
        self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    @property
    def path(self) -> Path:
        """The ledger's file."""
        return self._connection.path

    @property
    def origin(self) -> str:
        """The name of the ledger in its checkpoints."""
        return self._meta().origin

    @property
    def size(self) -> int:
        """Entries sealed so far, by whatever process."""
        return self.rows.head()[0]

    def head(self) -> Head:
        """Size, root and link of one moment."""
        return self._heads.head()

    def root_at(self, size: int) -> Digest:
        """Root of the tree over the first entries, by the stored tree; raises BrokenError."""
        return self._heads.root_at(size)

    def append(
        self,
        candidates: Sequence[Candidate] | Batch,
        *,
        sealed_at: int,
        identify: Identify,
        content: Content,
        sources: Iterable[Source] = (),
    ) -> Admissions:
        """Seal what is new among candidates: all of it in one transaction, or nothing.

        Args:
            candidates: in the order in which they are to be sealed. Some ten thousand at a time
                are quickest. `prepare` does the hashing beforehand, in another process if wanted.
            sealed_at: now, microseconds since the epoch.
            identify: re-derives the identity of a record from its payload.
            content: digest of what a record says, whatever its spelling.
            sources: names to keep for the sources of these candidates.

        Returns:
            What became of each candidate, in order.

        Raises:
            MalformedError: a candidate has a value that no entry can hold.
            BrokenError: the ledger contradicts itself where this would continue it.
            LedgerBusyError: another writer did not finish in time.
            LedgerUnwritableError: the medium refused; nothing was sealed.
        """
        batch = candidates if isinstance(candidates, Batch) else prepare(candidates)
        return self._appender.append(
            batch, sealed_at=sealed_at, identify=identify, content=content, sources=tuple(sources)
        )

    def checkpoint(self, now: int, signer: Signer | None = None) -> Checkpoint:
        """Store the tree head of now; once per size, the first one stays.

        Args:
            now: microseconds since the epoch.
            signer: who signs it; None for an unsigned one. `ledger.signing` finds the one in force.

        Returns:
            The head of now, signed by the signer, also where the stored one is not.

        Raises:
            BrokenError: the ledger does not extend its last checkpoint.
            ForkError: it does not extend what the signer signed last.
        """
        return self._heads.make(self.origin, now, signer)

    def checkpoints(self) -> tuple[Checkpoint, ...]:
        """Every stored checkpoint, smallest first."""
        return self._heads.stored()

    def keyring(self) -> Keyring:
        """The keys that sign checkpoints, as entries of kind KEY say; raises BrokenError."""
        return self._heads.keyring(self.origin)

    def entry(self, index: int) -> Entry:
        """One entry, checked against its stored leaf.

        Raises:
            IndexError: there is no such entry.
            BrokenError: it does not hash to its leaf, or cannot be read.
        """
        if not 0 <= index < self.size:
            raise IndexError(index)
        return next(self._reader.pick((index,)))

    def entries(
        self,
        start: int = 0,
        stop: int | None = None,
        *,
        lanes: Collection[int] | None = None,
        needle: bytes = b"",
    ) -> Iterator[Entry]:
        """Stream entries in order, each checked against its stored leaf.

        Args:
            start: index of the first.
            stop: index behind the last; the end of the ledger as of this call if None.
            lanes: only entries of these lanes; payloads of others are not even inflated.
            needle: only entries whose payloads contain these bytes, which is quick.

        Raises:
            BrokenError: an entry does not hash to its leaf, cannot be read, or is missing.
        """
        size = self.size
        stop = size if stop is None else min(stop, size)
        return self._reader.stream(max(start, 0), stop, lanes, needle)

    def stretches(
        self,
        start: int = 0,
        stop: int | None = None,
        *,
        lanes: Collection[int] | None = None,
    ) -> Iterator[Stretch]:
        """Stream entries by columns, each checked against its stored leaf like those of `entries`.

        Args:
            start: index of the first.
            stop: index behind the last; the end of the ledger as of this call if None.
            lanes: only entries of these lanes; of the others nothing is unpacked.

        Raises:
            BrokenError: an entry does not hash to its leaf, cannot be read, or is missing.
        """
        size = self.size
        stop = size if stop is None else min(stop, size)
        return self._reader.stretches(max(start, 0), stop, lanes)

    def size_at(self, sealed_at: int) -> int:
        """How many entries were sealed before the clock first read later than this.

        Args:
            sealed_at: microseconds since the epoch.
        """
        return self.rows.size_at(sealed_at)

    def forget(self) -> None:
        """Drop what is kept in memory of entries: something in the file was rewritten."""
        self._reader.forget()

    def spans(self) -> tuple[Span, ...]:
        """Runs of entries in order, without gaps, each with the range of its entries' times."""
        return self._derived.spans(self.rows.segment_bounds())

    def sources(self) -> tuple[Source, ...]:
        """Names under which sources were met, in the order of their recording."""
        return self._derived.sources()

    def source_name(self, digest: Digest) -> str | None:
        """The first name under which a source was met; None where none was kept."""
        return self._derived.source_name(digest)

    def first_entries(self, stop: int) -> dict[Digest, int]:
        """The first entry that was sealed of each source, as far as entry *stop*."""
        return self._reader.sources(stop)

    def record_source(self, *sources: Source) -> None:
        """Keep names of sources from which nothing new was sealed."""
        self._appender.record(sources)

    def remember(self, *marks: Digest) -> None:
        """Keep marks of what was offered to its end: digests that mean something to the caller."""
        self._appender.remember(marks)

    def remembered(self, marks: Iterable[Digest]) -> frozenset[Digest]:
        """Return which of some marks are kept, and not from when there were more entries."""
        return self._derived.marks(marks, self.size)

    def notes(self) -> dict[int, str]:
        """Why entries were rejected, by index, as far as it was kept."""
        return self._derived.notes()

    def _found(self, origin: str, now: int, *, exist_ok: bool) -> None:
        with self._connection.writing():
            if not create_tables(self._connection):
                if exist_ok:
                    return
                raise LedgerExistsError(self.path)
            meta = Meta(origin=origin, created_at=now, digest=meta_digest(origin, now))
            self.rows.add_meta(meta)
            self._derived.ensure()

    def _meta(self) -> Meta:
        meta = self.rows.meta()
        if meta is None:
            raise BrokenError(None, "schema", "the ledger does not say what it is")
        return meta
