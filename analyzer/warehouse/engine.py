"""Engine: the one door to DuckDB. A file that is written once, and connections that only read.

A person's SQL runs where nothing but the warehouse can be reached: no file, no network, no
extension, no variable of this process, no setting that could be changed, and one query a call.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Self, TypeVar

import duckdb
import pyarrow as pa

from analyzer.warehouse.arrow import batch
from analyzer.warehouse.errors import DamagedFileError, QueryFailedError, QueryTimeoutError
from analyzer.warehouse.table import Table

T = TypeVar("T")

MEMORY: Final = "1GB"
"""What a query may take; beyond it, it fails. Nothing is spilled to disk."""

_CLOSED: Final[Mapping[str, str]] = {
    "autoload_known_extensions": "false",
    "autoinstall_known_extensions": "false",
    "allow_community_extensions": "false",
    "python_enable_replacements": "false",
    "memory_limit": MEMORY,
    "temp_directory": "",
    "threads": "2",
}
_WRITING: Final[Mapping[str, str]] = {
    # Rows are told apart by their entry, so that a load may stream.
    "preserve_insertion_order": "false",
    "memory_limit": "160MB",
    "threads": "2",
}
_ALLOWED: Final = frozenset({duckdb.StatementType.SELECT, duckdb.StatementType.EXPLAIN})
_DAMAGES: Final = (duckdb.FatalException, duckdb.InternalException, duckdb.IOException)
_TICK: Final = 0.1
"""Seconds between two looks at whether a query is still wanted."""
_BATCH: Final = 20_000
"""Rows that are taken from a result at a time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What a query answers.

    Attributes:
        types: of the columns, as DuckDB spells them.
        schema: the columns as Arrow has them; two may have the same name.
        batches: the rows by columns, to be read once, while the connection is open.
    """

    types: tuple[str, ...]
    schema: pa.Schema
    batches: Iterator[pa.RecordBatch]


class Engine:
    """One connection; use it in one thread, and close it: it is a context manager."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection
        self._aside = ThreadPoolExecutor(1)

    @classmethod
    def writing(cls, path: Path) -> Self:
        """Open a file to write it; what memory cannot hold lies beside it.

        Raises:
            DamagedFileError: it is no such file.
        """
        spilled = path.with_name(f"{path.name}.spilled")
        return cls(_attached(path, {**_WRITING, "temp_directory": str(spilled)}, ""))

    @classmethod
    def reading(cls, path: Path) -> Self:
        """Open a file to ask it; raises DamagedFileError."""
        return cls(_attached(path, _CLOSED, "(READ_ONLY)"))

    def close(self) -> None:
        """Close the connection; harmless when done twice."""
        self._aside.shutdown()
        self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def execute(self, sql: str, parameters: Mapping[str, Any] | None = None) -> None:
        """Run a statement of our own; raises DamagedFileError."""
        with _of_file():
            self._done(lambda: self._connection.execute(sql, parameters))

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Write all of it, or nothing; one write to the disk instead of many."""
        self._connection.begin()
        try:
            yield
        except BaseException:
            self._connection.rollback()
            raise
        with _of_file():
            self._done(self._connection.commit)

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """Run a query of our own; raises DamagedFileError."""
        with _of_file():
            return self._done(lambda: self._connection.execute(sql).fetchall())

    def load(self, table: Table, data: pa.Table, select: str = "*") -> None:
        """Append rows that lie in columns.

        Args:
            table: where to.
            data: of its schema.
            select: how each row is taken over.
        """
        with _of_file():
            self._connection.register("arriving", data)
            self.execute(f"INSERT INTO {table.name} SELECT {select} FROM arriving")
            self._connection.unregister("arriving")

    def load_rows(self, table: Table, rows: Iterator[tuple[Any, ...]]) -> None:
        """Append rows."""
        self.load(table, batch(table, rows))

    def lock(self) -> None:
        """Let nobody change a setting any more."""
        self._connection.execute("SET lock_configuration = true")

    def ask(
        self,
        sql: str,
        parameters: Mapping[str, Any],
        seconds: float | None,
        on_wait: Callable[[], None] = lambda: None,
    ) -> Result:
        """Run one query of a person's.

        Args:
            sql: one SELECT, or EXPLAIN of one.
            parameters: values of its `$names`.
            seconds: after which it is stopped, rows that are read later included; None for never.
            on_wait: called now and then while it runs; what it raises stops it.

        Raises:
            QueryFailedError: DuckDB refuses it, or it is not one query.
            QueryTimeoutError: it took too long.
            DamagedFileError: the file cannot be read.
        """
        statement = _only(sql)

        def run() -> tuple[duckdb.DuckDBPyRelation, pa.RecordBatchReader]:
            found = self._connection.sql(statement, params=dict(parameters) or None)
            return found, found.to_arrow_reader(_BATCH)

        found, reader = self._waited(run, seconds, on_wait)
        return Result(
            types=tuple(map(str, found.types)),
            schema=reader.schema,
            batches=self._read(reader, seconds, on_wait),
        )

    def _read(
        self, reader: pa.RecordBatchReader, seconds: float | None, on_wait: Callable[[], None]
    ) -> Iterator[pa.RecordBatch]:
        batches = iter(reader)
        while True:
            batch = self._waited(lambda: next(batches, None), seconds, on_wait)
            if batch is None:
                return
            yield batch

    def _waited(
        self, work: Callable[[], T], seconds: float | None, on_wait: Callable[[], None]
    ) -> T:
        """Do a person's work aside; errors become ours."""
        try:
            return self._done(work, seconds, on_wait)
        except (OSError, pa.ArrowException) as error:
            # While rows are read, DuckDB's errors come through Arrow and lose their class.
            raise QueryFailedError(str(error)) from error
        except duckdb.Error as error:
            # A block that cannot be read has no class of its own.
            is_damaged = type(error) is duckdb.Error or isinstance(error, _DAMAGES)
            raise (DamagedFileError if is_damaged else QueryFailedError)(str(error)) from error

    def _done(
        self,
        work: Callable[[], T],
        seconds: float | None = None,
        on_wait: Callable[[], None] = lambda: None,
    ) -> T:
        """Work in another thread, so that time and Ctrl-C can end it.

        In the main thread DuckDB looks for Ctrl-C now and then only, and makes another error of it.
        """
        future = self._aside.submit(work)
        try:
            self._wait(future, seconds, on_wait)
        except BaseException:
            self._connection.interrupt()
            wait([future])
            raise
        return future.result()

    def _wait(
        self, future: Future[Any], seconds: float | None, on_wait: Callable[[], None]
    ) -> None:
        """Wait until work is done; raises where time, the caller or Ctrl-C ends it."""
        left = math.inf if seconds is None else seconds
        while left > 0 and not future.done():
            wait([future], min(_TICK, left))
            left -= _TICK
            on_wait()
        if not future.done():
            raise QueryTimeoutError(seconds or 0)


@contextmanager
def _of_file() -> Iterator[None]:
    """Take an error in a statement of our own for what it is: the file's."""
    try:
        yield
    except duckdb.Error as error:
        raise DamagedFileError(str(error)) from error


def parameters_of(sql: str) -> frozenset[str]:
    """Return the names of the parameters of one query; raises QueryFailedError."""
    return frozenset(_only(sql).named_parameters)


def _only(sql: str) -> duckdb.Statement:
    try:
        statements = duckdb.extract_statements(sql)
    except duckdb.Error as error:
        raise QueryFailedError(str(error)) from error
    if len(statements) != 1:
        raise QueryFailedError(f"one query at a time: these are {len(statements)} statements")
    if statements[0].type not in _ALLOWED:
        raise QueryFailedError(
            f"only SELECT can be asked, and EXPLAIN: this is {statements[0].type.name}"
        )
    return statements[0]


def _attached(path: Path, config: Mapping[str, str], options: str) -> duckdb.DuckDBPyConnection:
    """Open a file under the name `warehouse`.

    It is attached to a database in memory: connections that name a file are shared inside a
    process, and would go on to read a file that has been replaced since.
    """
    connection = duckdb.connect(":memory:", config=dict(config))
    quoted = str(path).replace("'", "''")
    try:
        connection.execute(f"ATTACH '{quoted}' AS warehouse {options}")
        connection.execute("USE warehouse")
        connection.execute("SET enable_external_access = false")
    except duckdb.Error as error:
        connection.close()
        raise DamagedFileError(str(error)) from error
    return connection
