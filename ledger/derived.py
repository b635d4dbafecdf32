"""Derived tables: what can be rebuilt, or done without, when it is missing or damaged.

Nothing here is evidence, and nothing here may keep a ledger from being opened or appended to.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from ledger.connection import Connection
from ledger.errors import LedgerError, UnreadableError
from ledger.hashing import Digest
from ledger.schema import DERIVED

_NAMES: Final = "derived_sources"
_MARKS: Final = "derived_marks"


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A name under which a source was met. The name is narration; the digest is in the headers.

    Attributes:
        digest: SHA-256 of the inflated source.
        name: as the caller gave it.
        recorded_at: when it was first recorded, microseconds since the epoch.
    """

    digest: Digest
    name: str
    recorded_at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A run of entries and the times that callers gave for them. A hint: times are not sealed.

    Attributes:
        first: index of the first entry.
        count: entries.
        earliest: microseconds since the epoch; None where no time is known.
        latest: the same.
    """

    first: int
    count: int
    earliest: int | None
    latest: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentityRow:
    """One run of the identity index, as stored.

    Attributes:
        first: index of its first entry.
        count: entries.
        checksum: CRC-32 over the rest.
        prefixes: packed, sorted.
        places: packed; the entry, counted from `first`, of each prefix.
    """

    first: int
    count: int
    checksum: int
    prefixes: bytes
    places: bytes


class Derived:
    """The derived tables of one ledger file."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def ensure(self) -> None:
        """Make the tables that are missing, and replace those that are not as they should be."""
        sql = "SELECT name, type, sql FROM sqlite_master WHERE type IN ('table', 'view')"
        found = {name: (kind, text) for name, kind, text in self.connection.rows(sql)}
        is_nameless = found.get(_NAMES, ("", ""))[1] != DERIVED[_NAMES]
        for name, text in DERIVED.items():
            kind, present = found.get(name, ("table", None))
            # What is offered again brings its names along; what has a mark is not offered again.
            if present != text or (is_nameless and name == _MARKS):
                self.connection.execute(f"DROP {kind} IF EXISTS {name}")
                self.connection.execute(text)

    def heal(self) -> tuple[str, ...]:
        """Throw away the tables that cannot be read; must be called outside of a transaction.

        Returns:
            Names of the tables that were thrown away. `ensure` makes them anew.
        """
        damaged = tuple(name for name in DERIVED if not self._is_readable(name))
        for name in damaged:
            try:
                self.connection.execute(f"DROP TABLE IF EXISTS {name}")
            except UnreadableError:
                self._forget(name)
        return damaged

    def _is_readable(self, name: str) -> bool:
        try:
            found = self.connection.rows(f"PRAGMA integrity_check({name})")  # whole rows, indexes
        except LedgerError:
            return False
        return found == [("ok",)]

    def _forget(self, name: str) -> None:
        """Drop a table whose pages cannot be walked: its pages stay unused in the file."""
        self.connection.execute("PRAGMA writable_schema = ON")
        try:
            self.connection.execute("DELETE FROM sqlite_master WHERE tbl_name = ?", (name,))
        finally:
            self.connection.execute("PRAGMA writable_schema = RESET")

    def identity_keys(self) -> list[tuple[int, int, int]]:
        """(first, count, checksum) of every run of the identity index, in order."""
        sql = "SELECT first, count, checksum FROM derived_identities ORDER BY first"
        rows = self.connection.typed_rows(sql, (), (int, int, int))
        return [(first, count, checksum) for first, count, checksum in rows]

    def identity_row(self, first: int) -> IdentityRow:
        """One run of the identity index."""
        sql = (
            "SELECT first, count, checksum, prefixes, places"
            " FROM derived_identities WHERE first = ?"
        )
        types = (int, int, int, bytes, bytes)
        for _, count, checksum, prefixes, places in self.connection.typed_rows(
            sql, (first,), types
        ):
            return IdentityRow(
                first=first, count=count, checksum=checksum, prefixes=prefixes, places=places
            )
        raise UnreadableError(self.connection.path, "a run of the identity index is gone")

    def put_identity_row(self, row: IdentityRow, *, replacing: Iterable[int] = ()) -> None:
        """Store a run in place of those that begin at *replacing*."""
        self.drop_identity_rows(replacing)
        self.connection.execute(
            "INSERT INTO derived_identities (first, count, checksum, prefixes, places)"
            " VALUES (?, ?, ?, ?, ?)",
            (row.first, row.count, row.checksum, row.prefixes, row.places),
        )

    def drop_identity_rows(self, firsts: Iterable[int]) -> None:
        """Remove runs of the identity index."""
        self.connection.execute_many(
            "DELETE FROM derived_identities WHERE first = ?", [(first,) for first in firsts]
        )

    def add_span(self, first: int, earliest: int, latest: int) -> None:
        """Keep the range of times of the segment at *first*."""
        self.connection.execute(
            "INSERT OR REPLACE INTO derived_spans (first, earliest, latest) VALUES (?, ?, ?)",
            (first, earliest, latest),
        )

    def spans(self, bounds: Iterable[tuple[int, int]]) -> tuple[Span, ...]:
        """Spans of the segments with these (first, count)."""
        times: dict[int, tuple[int, int]] = {}
        with suppress(UnreadableError):
            sql = "SELECT first, earliest, latest FROM derived_spans"
            for first, *range_ in self.connection.typed_rows(sql, (), (int, int, int)):
                times[first] = (range_[0], range_[1])
        return tuple(
            Span(first=first, count=count, earliest=earliest, latest=latest)
            for first, count in bounds
            for earliest, latest in [times.get(first, (None, None))]
        )

    def add_notes(self, notes: Mapping[int, str]) -> None:
        """Keep notes on entries."""
        self.connection.execute_many(
            "INSERT OR REPLACE INTO derived_notes (entry, note) VALUES (?, ?)",
            [(entry, _storable(note)) for entry, note in notes.items()],
        )

    def drop_note(self, entry: int) -> None:
        """Forget the note on an entry: it may quote what was erased."""
        self.connection.execute("DELETE FROM derived_notes WHERE entry = ?", (entry,))

    def notes(self) -> dict[int, str]:
        """Notes by entry."""
        with suppress(UnreadableError):
            sql = "SELECT entry, note FROM derived_notes ORDER BY entry"
            return dict(self.connection.typed_rows(sql, (), (int, str)))
        return {}

    def add_marks(self, marks: Iterable[Digest], size: int) -> None:
        """Keep marks, and how many entries there are by now."""
        self.connection.execute_many(
            "INSERT OR REPLACE INTO derived_marks (mark, size) VALUES (?, ?)",
            [(mark, size) for mark in marks],
        )

    def marks(self, asked: Iterable[Digest], size: int) -> frozenset[Digest]:
        """Those of some marks that are kept, and were so when there were no more entries.

        None where the names of sources are gone: offering everything again brings them back.
        """
        sql = "SELECT size FROM derived_marks WHERE mark = ?"
        with suppress(UnreadableError):
            if not self.connection.rows("SELECT 1 FROM derived_sources LIMIT 1"):
                return frozenset()
            return frozenset(
                mark
                for mark in asked
                for (then,) in self.connection.typed_rows(sql, (mark,), (int,))
                if then <= size
            )
        return frozenset()

    def add_sources(self, sources: Iterable[Source]) -> None:
        """Keep names of sources; a name met again keeps its first time."""
        self.connection.execute_many(
            "INSERT OR IGNORE INTO derived_sources (digest, name, recorded_at) VALUES (?, ?, ?)",
            [(source.digest, _storable(source.name), source.recorded_at) for source in sources],
        )

    def source_name(self, digest: Digest) -> str | None:
        """The first name under which a source was met; None where none was kept."""
        sql = "SELECT name FROM derived_sources WHERE digest = ? ORDER BY recorded_at, name LIMIT 1"
        with suppress(UnreadableError):
            for (name,) in self.connection.typed_rows(sql, (digest,), (str,)):
                return str(name)
        return None

    def sources(self) -> tuple[Source, ...]:
        """Every name of every source, in the order of their recording."""
        sql = (
            "SELECT digest, name, recorded_at FROM derived_sources"
            " ORDER BY recorded_at, name, digest"
        )
        with suppress(UnreadableError):
            return tuple(
                Source(digest=Digest(digest), name=name, recorded_at=recorded_at)
                for digest, name, recorded_at in self.connection.typed_rows(
                    sql, (), (bytes, str, int)
                )
            )
        return ()


def _storable(text: str) -> str:
    """Text without lone surrogates, which file names may hold and SQLite cannot."""
    return text.encode("utf-8", "backslashreplace").decode()
