"""Connection: the one way to a ledger's file. Opens it safely, maps every error of SQLite.

Files are opened only through the `sqlite3` module that sqlite-utils picked: two SQLite libraries in
one process lose each other's locks, and opening the file by hand would drop them too. Plugins of
sqlite-utils stay out, and SQL that lies in the file is not trusted.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from typing import Any, Final

from sqlite_utils import Database
from sqlite_utils.utils import sqlite3  # type: ignore[attr-defined]  # documented, not in __all__

from ledger.errors import (
    LedgerBusyError,
    LedgerError,
    LedgerFullError,
    LedgerMissingError,
    LedgerReadOnlyError,
    LedgerUnwritableError,
    NotALedgerError,
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
        self, sql: str, parameters: Sequence[Value], types: tuple[type, ...]
    ) -> list[tuple[Any, ...]]:
        """Run one statement and fetch all of its rows, refusing values of other types.

        STRICT tables hold none, but a damaged page may.
        """
        rows = self.rows(sql, parameters)
        for row in rows:
            for value, expected in zip(row, types, strict=True):
                if not isinstance(value, expected):
                    raise UnreadableError(self.path, "a row of impossible types")
        return rows

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

    @contextmanager
    def _ending(self, statement: str) -> Iterator[None]:
        try:
            yield
            self.execute(statement)
        finally:
            # After an error, or a commit that failed, nothing of it stays.
            if self.database.conn.in_transaction:
                self.execute("ROLLBACK")


def open_ledger(path: Path, *, readonly: bool) -> Connection:
    """Open an existing ledger; one that cannot be written opens for reading.

    Args:
        path: where.
        readonly: refuse every write, and leave no trace beside the file.

    Raises:
        LedgerMissingError: there is nothing.
        NotALedgerError: there is something else.
        UnreadableError: the system does not let us read it.
    """
    _require_file(path)
    # Who may only read leaves the files of the write-ahead log behind. Who may write tidies up,
    # but moves a log that is pending into the file: a reader is to leave that alone.
    mode = "ro" if readonly and _has_pending_log(path) else "rw"
    with _closing_on_error(_connect(path, f"mode={mode}")) as connection:
        try:
            _require_ledger(connection)
        except LedgerUnwritableError:
            # WAL needs a shared-memory file beside the ledger. Where none can be made and no
            # write-ahead log is pending, nobody writes: read the file as it lies.
            connection.close()
        else:
            connection.execute(f"PRAGMA query_only = {readonly}")
            return connection
    with _closing_on_error(_connect_immutable(path)) as connection:
        _require_ledger(connection)
        return connection


def create_ledger(path: Path) -> Connection:
    """Open a file that is to become a ledger, or is one; WAL is on when this returns.

    Raises:
        NotALedgerError: there is something else.
        LedgerUnwritableError: no file can be made or written there.
    """
    if not path.parent.is_dir():
        raise LedgerUnwritableError(path, f"{path.parent} is no directory")
    if path.exists():
        _require_file(path)
    with _closing_on_error(_connect(path, "mode=rwc")) as connection:
        _require_ledger(connection, or_empty=True)
        with connection.as_writer():
            connection.execute(f"PRAGMA page_size = {PAGE_BYTES}")
            _turn_on_wal(connection)
        return connection


def _turn_on_wal(connection: Connection) -> None:
    """Switch to WAL, waiting while another process does the same.

    SQLite answers that switch with "locked" at once, whatever the busy timeout is.
    """
    until = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except LedgerBusyError:
            if time.monotonic() > until:
                raise
            time.sleep(_WAL_PAUSE)
        else:
            return


@contextmanager
def _closing_on_error(connection: Connection) -> Iterator[Connection]:
    try:
        yield connection
    except BaseException:
        connection.close()
        raise


def _require_ledger(connection: Connection, *, or_empty: bool = False) -> None:
    path = connection.path
    try:
        [(application,)] = connection.rows("PRAGMA application_id")
        [(version,)] = connection.rows("PRAGMA user_version")
        [(pages,)] = connection.rows("PRAGMA page_count")
    except UnreadableError as error:
        raise NotALedgerError(path, error.detail) from error
    _configure(connection)
    if application == 0 and pages <= 1 and not _has_tables(connection):
        if or_empty:  # a file just made, or a creation that was killed before its commit
            return
        raise NotALedgerError(path, "an empty database" if pages else "an empty file")
    if application != APPLICATION_ID:
        raise NotALedgerError(path, "a database of something else")
    if version != FORMAT:
        raise NotALedgerError(path, f"its format is {version}, this program reads {FORMAT}")


def _configure(connection: Connection) -> None:
    for pragma in _PRAGMAS:
        with suppress(UnreadableError):  # a damaged schema: whatever needs it says so itself
            connection.execute(pragma)


def _has_tables(connection: Connection) -> bool:
    return bool(connection.rows("SELECT 1 FROM sqlite_master LIMIT 1"))


def _connect(path: Path, query: str) -> Connection:
    with _mapped(path, is_writing=False):
        conn = sqlite3.connect(
            f"{path.absolute().as_uri()}?{query}",
            uri=True,
            timeout=BUSY_SECONDS,
            isolation_level=None,  # transactions begin and end where we say so
        )
    return Connection(path, Database(conn, execute_plugins=False))


def _connect_immutable(path: Path) -> Connection:
    if _has_pending_log(path):
        raise UnreadableError(
            path, f"{_log(path).name} holds what cannot be read where nothing can be written"
        )
    return _connect(path, "mode=ro&immutable=1")


def _has_pending_log(path: Path) -> bool:
    log = _log(path)
    return log.exists() and bool(log.stat().st_size)


def _log(path: Path) -> Path:
    return path.with_name(path.name + "-wal")


def _require_file(path: Path) -> None:
    try:
        if not path.exists():
            raise LedgerMissingError(path)
        if not path.is_file():
            raise NotALedgerError(path, "a directory" if path.is_dir() else "no regular file")
        if not os.access(path, os.R_OK):
            raise UnreadableError(path, "permission denied")
    except OSError as error:
        raise UnreadableError(path, error.strerror or str(error)) from error


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
