"""Clusters: what keeps Spark from being asked."""

from __future__ import annotations

import analyzer.spark.errors as clusters
from tui.sentence import Sentence


def told(error: Exception) -> Sentence | None:
    """Return what to tell of it; None where it is none of these."""
    match error:
        case clusters.NoSparkError(missing="java"):
            return Sentence(
                text="Spark needs Java 17 or newer, and there is none",
                ways_out=("install one, or name its folder in JAVA_HOME",),
            )
        case clusters.NoSparkError():
            return Sentence(
                text=f"Spark cannot be asked: {error.missing} is missing",
                ways_out=("install it with: pip install 'keyledger[spark]'",),
            )
        case clusters.RefusedError():
            return Sentence(
                text=f"Spark cannot be asked that: {error.detail}",
                ways_out=("see what there is to ask with: keyledger query tables",),
            )
        case clusters.ClusterError():
            return Sentence(
                text=f"Spark gave up: {error.detail}",
                ways_out=("nothing half was left; the same command again does what is missing",),
            )
        case _:
            return None
