"""Without the extra each command that asks a cluster says what to install."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.cli.terminal import keyledger
from tests.golden import ROOT
from tests.spark.needed import PACKAGES
from tui.console import ExitCode

WITHOUT = """
import sys
sys.modules.update(dict.fromkeys(("pyspark", "sqlglot", "pandas")))
from tui.cli import main
main()
"""

PLAIN = "from tui.cli import main; main()"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with logs, and a fleet of one shard."""
    made = tmp_path_factory.mktemp("without-spark")
    for name in ("fleet", "logs"):
        (made / name).mkdir()
    story = str(ROOT / "samples/stories/payroll-key-deleted")
    assert keyledger("ingest", story, "--ledger", "fleet/a.db", cwd=made).code is ExitCode.DONE
    return made


@pytest.mark.parametrize("asked", ["seal logs new", "replay fleet new", "query fleet events"])
def test_what_is_missing_is_named_with_the_extra_that_brings_it(folder: Path, asked: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT, "spark", *asked.split()],
        cwd=folder, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (ExitCode.FAILED, "")
    assert done.stderr.splitlines() == [
        "keyledger: Spark cannot be asked: pyspark is missing",
        "  install it with: pip install 'keyledger[spark]'",
    ]
    assert not (folder / "new").exists()


@pytest.mark.skipif(
    any(find_spec(name) is None for name in PACKAGES),
    reason="Java is looked for where the packages are: pip install 'keyledger[spark]'",
)
def test_without_java_the_way_out_is_told(folder: Path) -> None:
    environment = {name: value for name, value in os.environ.items() if name != "JAVA_HOME"}
    done = subprocess.run(
        [sys.executable, "-c", PLAIN, "spark", "query", "fleet", "events"],
        cwd=folder, env={**environment, "PATH": "", "PYTHONPATH": str(ROOT)},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (ExitCode.FAILED, "")
    assert done.stderr.splitlines() == [
        "keyledger: Spark needs Java 17 or newer, and there is none",
        "  install one, or name its folder in JAVA_HOME",
    ]
