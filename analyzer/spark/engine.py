"""Engine: the one door to PySpark: a session on a master, tasks, and errors as data."""

from __future__ import annotations

import os
import re
import shutil
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, Self, TypeVar

from analyzer.spark.errors import ClusterError, NoSparkError

T = TypeVar("T")
R = TypeVar("R")

LOCAL: Final = "local[*]"
"""The master that is asked unless another is named: this machine, all of its cores."""

_SETTINGS: Final[Mapping[str, str]] = {
    "spark.app.name": "keyledger",
    "spark.ui.enabled": "false",
    # Times are UTC in every table; a session's zone may not move them.
    "spark.sql.session.timeZone": "UTC",
    "spark.driver.extraJavaOptions": f"-Dlog4j2.configurationFile=file:"
    f"{Path(__file__).with_name('log4j2.properties')}",
    # Workers find keyledger where the driver has it, unless --conf says where else.
    "spark.pyspark.python": os.environ.get("PYSPARK_PYTHON", sys.executable),
}
_HERE: Final[Mapping[str, str]] = {
    # Nothing listens for others while everything runs on this machine.
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
}
_RAISED: Final = re.compile(r"^(?:[\w.]+\.)?(\w+(?:Error|Exception)): (.+)$", re.MULTILINE)


class Engine:
    """A session on a cluster; close it: it is a context manager."""

    def __init__(self, session: Any) -> None:
        self.session = session

    @classmethod
    def start(
        cls, master: str = LOCAL, conf: Mapping[str, str] | None = None, *, tells: bool = False
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
        if not (os.environ.get("JAVA_HOME") or shutil.which("java")):
            raise NoSparkError("java")
        try:
            import pandas as _  # noqa: F401, ICN001 - PySpark refuses Arrow without it
            from pyspark import SparkConf
            from pyspark.sql import SparkSession
        except ImportError as error:
            raise NoSparkError((error.name or "pyspark").partition(".")[0]) from error
        settings = {
            **_SETTINGS,
            **(_HERE if master.startswith("local") else {}),
            "spark.ui.showConsoleProgress": str(tells).lower(),
            **(conf or {}),
            "spark.master": master,
        }
        made = SparkConf().setAll(list(settings.items()))
        with failures():
            return cls(SparkSession.builder.config(conf=made).getOrCreate())

    def close(self) -> None:
        """End the session and what runs in it."""
        self.session.stop()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

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


@contextmanager
def failures() -> Iterator[None]:
    """Take Spark's errors for what they are to whoever asked; raises ClusterError."""
    from py4j.protocol import Py4JError
    from pyspark.errors import PySparkException

    try:
        yield
    except (Py4JError, PySparkException) as error:
        raise ClusterError(_said(str(error))) from error


def _said(text: str) -> str:
    """Return the words of the error that lies deepest, which are a line among hundreds."""
    raised = _RAISED.findall(text)
    return f"{raised[0][0]}: {raised[0][1]}" if raised else text.strip().partition("\n")[0]
