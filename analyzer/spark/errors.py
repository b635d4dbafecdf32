"""What can go wrong with a cluster, as data.

AnalyzerError
 └─ SparkError
     ├─ NoSparkError         PySpark, sqlglot or pandas is not installed, or there is no Java
     └─ ClusterError         a master that cannot be reached, or a job that was given up
         └─ RefusedError     a query that Spark does not understand; nothing was begun
"""

from __future__ import annotations

from analyzer.errors import AnalyzerError


class SparkError(AnalyzerError):
    """Root of what can go wrong with a cluster."""


class NoSparkError(SparkError):
    """Something that is needed to speak with a cluster is not installed.

    Attributes:
        missing: `java`, or the name of a package.
    """

    def __init__(self, missing: str) -> None:
        super().__init__(f"{missing} is not installed")
        self.missing = missing


class ClusterError(SparkError):
    """A cluster that cannot be had, or gave up.

    Attributes:
        detail: Spark's words, or those of the task that failed last.
    """

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail


class RefusedError(ClusterError):
    """A query that Spark does not understand."""
