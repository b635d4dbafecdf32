"""Needed: what these tests cannot do without; they are skipped where it is missing, and say so."""

from __future__ import annotations

import os
import shutil
from importlib.util import find_spec

import pytest

PACKAGES = ("pyspark", "pandas", "sqlglot")


def _missing() -> str | None:
    for name in PACKAGES:
        if find_spec(name) is None:
            return f"{name} is missing: pip install 'keyledger[spark]'"
    has_java = bool(os.environ.get("JAVA_HOME") or shutil.which("java"))
    return None if has_java else "there is no Java, which Spark needs"


MISSING = _missing()

needs_spark = pytest.mark.skipif(MISSING is not None, reason=str(MISSING))

NOT_ASKED = {
    "key_policy_changes": "TRY",
    "snapshots_shared": "json_each",
    "tables": "duckdb_functions",
}
"""Questions of the catalogue of which Spark has no equal, and what of each has none."""
