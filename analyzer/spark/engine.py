"""Engine: the one door to PySpark: a session on a master, tasks, and errors as data."""

from __future__ import annotations

import logging
import os
import re
import shutil
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final, Self, TypeVar

import pyarrow as pa

from analyzer.spark.errors import ClusterError, NoSparkError, RefusedError

T = TypeVar("T")
R = TypeVar("R")
Work = Callable[[T], Iterable[pa.RecordBatch]]

_NEEDED: Final = ("pyspark", "pandas", "sqlglot")

_SETTINGS: Final[Mapping[str, str]] = {
    "spark.app.name": "keyledger",
    "spark.ui.enabled": "false",
    # Times are UTC in every table; a session's zone may not move them.
    "spark.sql.session.timeZone": "UTC",
    "spark.driver.extraJavaOptions": f"-Dlog4j2.configurationFile=file:"
    f"{Path(__file__).with_name('log4j2.properties')}",
}
_HERE: Final[Mapping[str, str]] = {
    # Nothing listens for others while everything runs on this machine.
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
}
_SHUFFLED: Final = "spark.sql.shuffle.partitions"  # sums and facts: two hundred are too many
_RAISED: Final = re.compile(
    r"^(?:Caused by: |: )?(?:[\w.$]+\.)?(\w+(?:Error|Exception)): (.+)$", re.MULTILINE
)
_WRAPPING: Final = frozenset({"SparkException", "PythonException", "Py4JJavaError"})


class Engine(AbstractContextManager["Engine"]):
    """A session on a cluster; it is a context manager, which ends it and what runs in it."""

    def __init__(self, session: Any) -> None:
        self.session = session

    @classmethod
    def start(
        cls, master: str, conf: Mapping[str, str] | None = None, *, tells: bool = False
    ) -> Self:
        """Start a session.

        Args:
            master: any of Spark's: `local[4]`, `spark://HOST:7077`, `yarn`, `k8s://…`.
            conf: settings of Spark, which go before ours.
            tells: whether Spark shows on stderr how far its jobs are.

        Raises:
            NoSparkError: PySpark or Java is not there.
            ClusterError: the master cannot be had.
        """
        for name in _NEEDED:
            if find_spec(name) is None:
                raise NoSparkError(name)
        if not (os.environ.get("JAVA_HOME") or shutil.which("java")):
            raise NoSparkError("java")
        from pyspark import SparkConf
        from pyspark.sql import SparkSession

        here = _HERE if master.startswith("local") else {}
        shown = {"spark.ui.showConsoleProgress": str(tells).lower()}
        settings = {**_SETTINGS, **here, **shown, **(conf or {}), "spark.master": master}
        # Workers find keyledger where the driver has it, unless PYSPARK_PYTHON or --conf says where
        # else; of the tasks of this process Spark takes it from here alone.
        os.environ.setdefault(
            "PYSPARK_PYTHON", settings.get("spark.pyspark.python", sys.executable)
        )
        # What a query is refused for is told once, by us.
        logging.getLogger("SQLQueryContextLogger").setLevel(logging.CRITICAL)
        made = SparkConf().setAll(list(settings.items()))
        with failures():
            engine = cls(SparkSession.builder.config(conf=made).getOrCreate())
        if _SHUFFLED not in settings:
            engine.session.conf.set(_SHUFFLED, str(3 * engine.parallelism))
        return engine

    def __exit__(self, *_error: object) -> None:
        self.session.stop()

    @property
    def parallelism(self) -> int:
        """How many tasks run at one time."""
        return int(self.session.sparkContext.defaultParallelism)

    def noted(self) -> Any:
        """Return what tasks may add lists to, and whose `value` is all that they added."""
        return self.session.sparkContext.accumulator([], _Gathering())

    def pieces(self, items: Sequence[T], work: Work[T], schema: pa.Schema) -> Any:
        """Return a frame of what tasks yield, one for each item, when somebody asks for it."""

        def run(numbers: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
            for some in numbers:
                for number in some.column(0).to_pylist():
                    yield from work(items[number])

        with failures():
            numbers = self.session.range(0, len(items), 1, max(1, len(items)))
            return numbers.mapInArrow(run, typed(schema))

    def parts(self, frame: Any, work: Callable[[int, pa.Table], pa.Table], to: pa.Schema) -> Any:
        """Return a frame of what tasks make of the rows of each number in the column `part`."""

        def run(key: tuple[Any, ...], held: pa.Table) -> pa.Table:
            return work(key[0].as_py(), held)

        with failures():
            return frame.groupBy("part").applyInArrow(run, typed(to))

    def table(self, rows: pa.Table) -> Any:
        """Return a frame of rows that are here."""
        with failures():
            return self.session.createDataFrame(rows, schema=typed(rows.schema))

    def each(self, items: Sequence[T], work: Callable[[T], R]) -> list[R]:
        """Do the same work on every item, a task each, those that come first begun first.

        A task whose worker is lost is done again elsewhere, maybe while the first one still runs.

        Raises:
            ClusterError: a task failed as often as Spark tries it.
        """
        if not items:
            return []
        with failures():
            tasks = self.session.sparkContext.parallelize(list(items), len(items))
            done: list[R] = tasks.map(work).collect()
        return done


class _Gathering:
    """How the lists that tasks add to become one."""

    def zero(self, _value: list[Any]) -> list[Any]:
        return []

    def addInPlace(self, one: list[Any], other: list[Any]) -> list[Any]:  # noqa: N802 - PySpark's name
        return one + other


def typed(schema: pa.Schema) -> Any:
    """Return a schema of Arrow's in Spark's types; times have no zone."""
    from pyspark.sql.pandas.types import from_arrow_schema

    return from_arrow_schema(schema, prefer_timestamp_ntz=True)


@contextmanager
def failures() -> Iterator[None]:
    """Take Spark's errors for what they are to whoever asked; raises ClusterError."""
    from py4j.protocol import Py4JError
    from pyspark.errors import AnalysisException, PySparkException

    try:
        yield
    except AnalysisException as error:
        raise RefusedError(_said(str(error))) from error
    except (Py4JError, PySparkException) as error:
        raise ClusterError(_said(str(error))) from error


def _said(text: str) -> str:
    """Return the words of the error that lies deepest, which are a line among hundreds."""
    raised = [found for found in _RAISED.findall(text) if found[0] not in _WRAPPING]
    found = ": ".join(raised[-1]) if raised else text.strip().partition("\n")[0]
    return found.partition(" SQLSTATE: ")[0]
