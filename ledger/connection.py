"""Connection: the one way to a ledger's file. Opens it safely, maps every error of SQLite.

Files are opened only through the `sqlite3` module that sqlite-utils picked: two SQLite libraries in
one process lose each other's locks, and opening the file by hand would drop them too. Plugins of
sqlite-utils stay out, and SQL that lies in the file is not trusted.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path
from types import UnionType
from typing import Any, Final

from sqlite_utils import Database
from sqlite_utils.utils import sqlite3  # type: ignore[attr-defined]  # documented, not in __all__

from ledger.errors import (
    LedgerBusyError,
    LedgerError,
    LedgerFullError,
    LedgerReadOnlyError,
    LedgerUnwritableError,
    UnreadableError,
)

APPLICATION_ID: Final = 0x6B4C6467  # "kLdg"
FORMAT: Final = 1
PAGE_BYTES: Final = 8192
BUSY_SECONDS: Final = 30.0
_WAL_PAUSE: Final = 0.02
SQLITE_VERSION: Final[str] = sqlite3.sqlite_version

_PRAGMAS: Final = (
    "PRAGMA synchronous = FULL",
    "PRAGMA trusted_schema = OFF",
    "PRAGMA cell_size_check = ON",
)
Value = int | str | bytes | None
Expected = type | UnionType


class Connection:
    """An open ledger file. Every method raises errors of the ledger's tree, never SQLite's."""

    def __init__(self, path: Path, database: Database) -> None:
        self.path = path
        self.database = database
        self._is_writing = False

    def close(self) -> None:
        """Close the file; harmless when done twice."""
        self.database.close()

    def rows(self, sql: str, parameters: Sequence[Value] = ()) -> list[tuple[Any, ...]]:
        """Run one statement and fetch all of its rows."""
        with self.mapping():
            fetched: list[tuple[Any, ...]] = self.database.conn.execute(sql, parameters).fetchall()
            return fetched

    def typed_rows(
        self, sql: str, parameters: Sequence[Value], types: tuple[Expected, ...]
    ) -> list[tuple[Any, ...]]:
        """Run one statement and fetch all of its rows, refusing values of other types.

        STRICT tables hold none, but a damaged page may.
        """
        rows = self.rows(sql, parameters)
        for row in rows:
            self._check(row, types)
        return rows

    def walk(
        self, sql: str, parameters: Sequence[Value], types: tuple[Expected, ...], last: int
    ) -> list[tuple[Any, ...]]:
        """Fetch rows in the order of their first value, a number, as far as it is at most *last*.

        Where SQLite itself is told the end, it reads rows of an index whole to see whether it came.
        """
        found: list[tuple[Any, ...]] = []
        with self.mapping(), closing(self.database.conn.execute(sql, parameters)) as cursor:
            for row in cursor:
                self._check(row, types)
                if row[0] > last:
                    break
                found.append(row)
        return found

    def _check(self, row: tuple[Any, ...], types: tuple[Expected, ...]) -> None:
        for value, expected in zip(row, types, strict=True):
            if not isinstance(value, expected):
                raise UnreadableError(self.path, "a row of impossible types")

    def execute(self, sql: str, parameters: Sequence[Value] = ()) -> None:
        """Run one statement for its effect."""
        with self.mapping():
            self.database.conn.execute(sql, parameters)

    def execute_many(self, sql: str, rows: Iterable[Sequence[Value]]) -> None:
        """Run one statement per row."""
        with self.mapping():
            self.database.conn.executemany(sql, rows)

    def mapping(self) -> AbstractContextManager[None]:
        """What is done inside to `database` itself raises errors of the ledger's tree, too."""
        return _mapped(self.path, is_writing=self._is_writing)

    @contextmanager
    def writing(self) -> Iterator[None]:
        """One write transaction, all or nothing; waits for another writer to finish.

        Immediate, so that what is read inside is what the write builds on.
        """
        with self.as_writer():
            self.execute("BEGIN IMMEDIATE")
            with self._ending("COMMIT"):
                yield

    @contextmanager
    def as_writer(self) -> Iterator[None]:
        """Errors of input and output inside are taken for the medium's refusal to be written."""
        self._is_writing = True
        try:
            yield
        finally:
            self._is_writing = False

    @contextmanager
    def reading(self) -> Iterator[None]:
        """One snapshot for everything that is read inside; joins a transaction that is open."""
        if self.database.conn.in_transaction:
            yield
            return
        self.execute("BEGIN")
        with self._ending("ROLLBACK"):
            yield

    def turn_on_wal(self) -> None:
        """Switch to WAL, waiting while another process does the same.

        SQLite answers that switch with "locked" at once, whatever the busy timeout is.
        """
        until = time.monotonic() + BUSY_SECONDS
        while True:
            try:
                self.execute("PRAGMA journal_mode = WAL")
            except LedgerBusyError:
                if time.monotonic() > until:
                    raise
                time.sleep(_WAL_PAUSE)
            else:
                return

    @contextmanager
    def _ending(self, statement: str) -> Iterator[None]:
        try:
            yield
            self.execute(statement)
        finally:
            # After an error, or a commit that failed, nothing of it stays.
            if self.database.conn.in_transaction:
                self.execute("ROLLBACK")


def connect(path: Path, query: str) -> Connection:
    """Open a file; *query* is that of its URI."""
    with _mapped(path, is_writing=False):
        conn = sqlite3.connect(
            f"{path.absolute().as_uri()}?{query}",
            uri=True,
            timeout=BUSY_SECONDS,
            isolation_level=None,  # transactions begin and end where we say so
        )
    return Connection(path, Database(conn, execute_plugins=False))


@contextmanager
def _mapped(path: Path, *, is_writing: bool) -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        raise _map(path, error, is_writing=is_writing) from error
    except MemoryError as error:  # what SQLite answers to a length that damage made absurd
        raise UnreadableError(path, "a row of impossible size") from error
    except OverflowError as error:  # a number from a damaged row, added to
        raise UnreadableError(path, "a number that no row can hold") from error
    except UnicodeDecodeError as error:  # SQLite's message quotes damaged text
        raise UnreadableError(path, "text that is no text") from error


def _map(path: Path, error: sqlite3.Error, *, is_writing: bool) -> LedgerError:
    detail = str(error)
    match getattr(error, "sqlite_errorcode", 0) & 0xFF:
        case 5 | 6:  # BUSY, LOCKED
            return LedgerBusyError(path, BUSY_SECONDS)
        case 13:  # FULL
            return LedgerFullError(path, detail)
        case 3 | 8 | 14:  # PERM, READONLY, CANTOPEN
            return LedgerReadOnlyError(path, detail)
        case 10 if is_writing:  # IOERR: the extended codes, which say more, are not always there
            return LedgerUnwritableError(path, detail)
        case 19 | 21:  # CONSTRAINT (our triggers too), MISUSE
            return LedgerError(f"{path}: {detail}")
        case _:  # CORRUPT, NOTADB, a table that is gone, text that is no text
            return UnreadableError(path, detail)
