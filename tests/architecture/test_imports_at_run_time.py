"""What the command line loads before anybody asked for anything: next to nothing."""

from __future__ import annotations

import json
import resource
import subprocess
import sys

import pytest

HEAVY = (
    "rich", "numpy", "orjson", "msgspec", "zstandard", "isal", "sqlite_utils", "sqlite3",
    "cryptography", "pysqlite3", "botocore", "textual", "duckdb", "pyarrow", "hypothesis",
    "pyspark", "py4j", "pandas", "sqlglot", "analyzer.case", "ledger.store",
)  # fmt: skip

_ASK = """
import json, os, sys
from tui.cli import run
with open(os.devnull, "w") as sys.stdout:
    run({arguments!r})
sys.stdout = sys.__stdout__
print(json.dumps(sorted(sys.modules)))
"""


def _loaded(*arguments: str) -> set[str]:
    """Return the modules that a fresh interpreter holds after such a command line."""
    code = _ASK.format(arguments=list(arguments))
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)
    return set(json.loads(done.stdout))


@pytest.mark.parametrize("arguments", [["--help"], ["explain", "--help"], ["completion", "zsh"]])
def test_help_loads_none_of_the_heavy_packages(arguments: list[str]) -> None:
    assert not _loaded(*arguments).intersection(HEAVY)


def test_the_check_above_sees_what_is_loaded() -> None:
    assert "click" in _loaded("--help")


def test_help_answers_in_a_fifth_of_a_second_of_cpu() -> None:
    bare = min(_cpu("pass") for _ in range(3))
    helped = min(_cpu("import sys; from tui.cli import run; run(['--help'])") for _ in range(3))
    assert helped - bare < 0.2


def _cpu(code: str) -> float:
    """Return the seconds of CPU that a fresh interpreter spends on *code*."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return (after.ru_utime - before.ru_utime) + (after.ru_stime - before.ru_stime)
