"""Every system call of an append fails once: nothing acknowledged is lost, nothing is torn."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.golden import ROOT


def trials(folder: Path, every: int) -> list[dict[str, object]]:
    """Run the injection; skips where strace is not there, or may not hold another process."""
    if shutil.which("strace") is None:
        pytest.skip("making system calls fail takes strace (apt-get install strace)")
    done = subprocess.run(
        [sys.executable, "-m", "tests.faults.injection", str(folder), "--every", str(every)],
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=False,
    )
    if "refused: " in done.stderr:
        pytest.skip(f"strace may not trace here: {done.stderr.strip()}")
    assert not done.returncode, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def judge(found: list[dict[str, object]]) -> None:
    assert [trial for trial in found if trial["fault"] is not None] == []
    assert {trial["size"] for trial in found} == {30, 70}
    assert {"pwrite64", "fsync", "fcntl"} <= {trial["call"] for trial in found}


def test_some_failing_system_calls_of_an_append_leave_a_whole_ledger(tmp_path: Path) -> None:
    found = trials(tmp_path, every=9)
    assert [trial for trial in found if trial["fault"] is not None] == []
    assert len(found) > 5


@pytest.mark.long
def test_each_failing_system_call_of_an_append_leaves_a_whole_ledger(tmp_path: Path) -> None:
    judge(trials(tmp_path, every=1))
