"""Without the extra each command that asks a cluster says what to install."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.terminal import keyledger
from tests.golden import ROOT
from tui.console import ExitCode

WITHOUT = """
import sys
sys.modules.update(dict.fromkeys(("pyspark", "sqlglot", "pandas")))
from tui.cli import main
main()
"""


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
