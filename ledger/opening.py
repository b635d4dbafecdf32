"""Opening: a file becomes a connection, if it is a ledger or is to become one."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from ledger.connection import APPLICATION_ID, FORMAT, PAGE_BYTES, Connection, connect
from ledger.errors import (
    LedgerMissingError,
    LedgerUnwritableError,
    NotALedgerError,
    UnreadableError,
)

_PRAGMAS: Final = (
    "PRAGMA synchronous = FULL",
    "PRAGMA trusted_schema = OFF",
    "PRAGMA cell_size_check = ON",
)


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
    with _closing_on_error(connect(path, f"mode={mode}")) as connection:
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
    with _closing_on_error(connect(path, "mode=rwc")) as connection:
        _require_ledger(connection, or_empty=True)
        with connection.as_writer():
            connection.execute(f"PRAGMA page_size = {PAGE_BYTES}")
            connection.turn_on_wal()
        return connection


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
        # In this order: whoever creates it meanwhile commits tables and identity together.
        [(pages,)] = connection.rows("PRAGMA page_count")
        is_bare = pages <= 1 and not _has_tables(connection)
        [(application,)] = connection.rows("PRAGMA application_id")
        [(version,)] = connection.rows("PRAGMA user_version")
    except UnreadableError as error:
        raise NotALedgerError(path, error.detail) from error
    _configure(connection)
    if application == 0 and is_bare:
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


def _connect_immutable(path: Path) -> Connection:
    if _has_pending_log(path):
        raise UnreadableError(
            path, f"{_log(path).name} holds what cannot be read where nothing can be written"
        )
    return connect(path, "mode=ro&immutable=1")


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
