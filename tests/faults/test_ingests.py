"""Two ingests at once, readers meanwhile, damaged derived files: nobody is in the way."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.terminal import keyledger
from tests.golden import ROOT
from tui.console import ExitCode

STORIES = ROOT / "samples/stories"
RUN = "from tui.cli import main; main()"


def start(*words: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", RUN, *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )


def test_two_ingests_of_the_same_logs_seal_each_record_once(tmp_path: Path) -> None:
    """They begin with the creation of the ledger; an audit meanwhile sees a whole one."""
    path, alone = str(tmp_path / "shared.db"), str(tmp_path / "alone.db")
    reports = [tmp_path / "one.json", tmp_path / "other.json"]
    runs = [start("ingest", str(STORIES), "--ledger", path, "-o", str(out)) for out in reports]
    while any(run.poll() is None for run in runs):
        seen = keyledger("audit", "--ledger", path)
        assert seen.code in (ExitCode.DONE, ExitCode.INCOMPLETE, ExitCode.FAILED), seen.out
    for run in runs:
        _, errors = run.communicate(timeout=120)
        assert run.returncode == 0, errors
    totals = [json.loads(out.read_text())["totals"] for out in reports]
    undisturbed = json.loads(keyledger("ingest", str(STORIES), "--ledger", alone).out)
    appended = sum(each["appended"] for each in totals)
    assert appended == undisturbed["totals"]["appended"]
    audit = json.loads(keyledger("audit", "--ledger", path).out)
    assert (audit["outcome"], audit["size"]) == ("intact", undisturbed["ledger"]["size"])


@pytest.mark.parametrize("harm", ["cut", "noise", "empty", "a folder's worth of zeros"])
def test_a_damaged_warehouse_is_made_anew(tmp_path: Path, harm: str) -> None:
    path, warehouse = tmp_path / "case.db", tmp_path / "case.duckdb"
    ask = ("query", "SELECT count(*) AS n FROM events", "--ledger", str(path), "--format", "json")
    story = str(STORIES / "payroll-key-deleted")
    assert keyledger("ingest", story, "--ledger", str(path)).code is ExitCode.DONE
    whole = keyledger(*ask)
    assert whole.code is ExitCode.DONE
    data = warehouse.read_bytes()
    warehouse.write_bytes(
        {
            "cut": data[: len(data) // 2],
            "noise": data[:20_000] + bytes(range(256)) * 64 + data[36_384:],
            "empty": b"",
        }.get(harm, bytes(len(data)))
    )
    again = keyledger(*ask)
    if again.code is not ExitCode.DONE:  # where DuckDB takes it for somebody else's, it says so
        assert "case.duckdb" in again.err
        warehouse.unlink()
        again = keyledger(*ask)
    assert (again.code, again.out) == (whole.code, whole.out)
    assert keyledger("audit", "--ledger", str(path)).code is ExitCode.DONE


def test_a_damaged_derived_table_blocks_no_command_and_is_made_anew(tmp_path: Path) -> None:
    path = tmp_path / "case.db"
    story = STORIES / "payroll-key-deleted"
    assert keyledger("ingest", str(story), "--ledger", str(path)).code is ExitCode.DONE
    state = keyledger("state", "--ledger", str(path), "--at", "2026-03-11")
    damaged = tmp_path / "damaged.db"
    shutil.copyfile(path, damaged)
    code = (
        "from tests.ledger_support import sqlite3; import sys; c = sqlite3.connect(sys.argv[1]);"
        "[c.execute('DROP TABLE ' + n) for n in ('derived_identities', 'derived_spans')];"
        "c.execute('UPDATE derived_sources SET recorded_at = -1'); c.commit()"
    )
    subprocess.run([sys.executable, "-c", code, str(damaged)], check=True, cwd=ROOT)
    assert keyledger("state", "--ledger", str(damaged), "--at", "2026-03-11").out == state.out
    again = keyledger("ingest", str(story), "--ledger", str(damaged))
    assert json.loads(again.out)["totals"]["appended"] == 0
    audit = json.loads(keyledger("audit", "--ledger", str(damaged)).out)
    assert audit["outcome"] == "intact"
    assert [note for note in audit["notes"] if "index" in note] == []
