"""What can go wrong with the warehouse and its queries, as data.

WarehouseError (an AnalyzerError)
 ├─ UnknownQueryError    no such query in the catalogue
 ├─ ParametersError      parameters that a query does not have, lacks, or cannot read (usage)
 ├─ QueryFailedError     DuckDB refuses a query
 ├─ UntranslatableError  a query that has no equal in another engine's SQL
 ├─ QueryTimeoutError    a query took longer than it was given
 ├─ DamagedFileError     the warehouse's file cannot be read
 └─ ForeignFileError     somebody else's file lies where the warehouse would
"""

from __future__ import annotations

from analyzer.errors import AnalyzerError


class WarehouseError(AnalyzerError):
    """Root of what can go wrong with queries."""


class UnknownQueryError(WarehouseError):
    """A name that no query of the catalogue has.

    Attributes:
        name: what was asked for.
        nearest: names that come close, nearest first.
    """

    def __init__(self, name: str, nearest: tuple[str, ...]) -> None:
        super().__init__(f"unknown query {name!r}")
        self.name = name
        self.nearest = nearest


class ParametersError(WarehouseError):
    """Parameters that do not fit a query.

    Attributes:
        query: its name, or None for SQL that was typed.
        missing: names of those that it needs.
        unknown: names that it does not have.
        unreadable: names whose value cannot be read.
        declared: what it has, a line each.
    """

    def __init__(
        self,
        query: str | None,
        *,
        missing: tuple[str, ...] = (),
        unknown: tuple[str, ...] = (),
        unreadable: tuple[str, ...] = (),
        declared: tuple[str, ...] = (),
    ) -> None:
        super().__init__(f"parameters of {query}: {missing} {unknown} {unreadable}")
        self.query = query
        self.missing = missing
        self.unknown = unknown
        self.unreadable = unreadable
        self.declared = declared


class QueryFailedError(WarehouseError):
    """A query that DuckDB refuses; it may quote log content.

    Attributes:
        detail: DuckDB's words.
    """

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail


class UntranslatableError(WarehouseError):
    """A query in DuckDB's SQL of which there is no equal in Spark's.

    Attributes:
        detail: what of it, in words.
    """

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail


class QueryTimeoutError(WarehouseError):
    """A query that was stopped.

    Attributes:
        seconds: what it was given.
    """

    def __init__(self, seconds: float) -> None:
        super().__init__(f"stopped after {seconds} s")
        self.seconds = seconds


class DamagedFileError(WarehouseError):
    """A file that DuckDB cannot read; the warehouse is made anew then.

    Attributes:
        detail: DuckDB's words.
    """

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail


class ForeignFileError(WarehouseError):
    """A DuckDB file that is no warehouse of ours; it is left alone.

    Attributes:
        path: the file.
    """

    def __init__(self, path: str) -> None:
        super().__init__(path)
        self.path = path
