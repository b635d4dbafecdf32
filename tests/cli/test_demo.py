"""Demo: the stories are found where they ship, and what is kept can be asked again."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.cli.terminal import keyledger
from tests.golden import ROOT
from tui.console import ExitCode
from tui.stories import MAIN_STORY, stories_folder


def test_stories_are_found_in_a_wheel_before_a_checkout(tmp_path: Path) -> None:
    rooms = tmp_path / "tui"
    checkout, installed = tmp_path / "samples/stories", rooms / "samples/stories"
    with pytest.raises(FileNotFoundError):
        stories_folder(rooms)
    (checkout / MAIN_STORY).mkdir(parents=True)
    assert stories_folder(rooms) == checkout
    (installed / MAIN_STORY).mkdir(parents=True)
    assert stories_folder(rooms) == installed


def test_this_checkout_has_its_stories() -> None:
    assert stories_folder() == ROOT / "samples/stories"


def test_the_demo_runs_from_an_unpacked_wheel_in_any_folder(tmp_path: Path) -> None:
    pytest.importorskip("hatchling", reason="it builds the wheel; the tests extra brings it along")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(build, check=True, cwd=ROOT, capture_output=True)
    [wheel] = tmp_path.glob("*.whl")
    site, elsewhere = tmp_path / "site", tmp_path / "elsewhere"
    zipfile.ZipFile(wheel).extractall(site)
    elsewhere.mkdir()
    done = subprocess.run(
        [sys.executable, "-c", "from tui.cli import main; main()", "demo"],
        check=False,
        cwd=elsewhere,
        env={**os.environ, "PYTHONPATH": str(site)},
        capture_output=True,
    )
    assert done.returncode == 0, done.stderr
    assert f"ingest {site}/tui/samples/stories/{MAIN_STORY}" in done.stdout.decode()
    assert not list(elsewhere.iterdir())


def test_the_commands_that_the_demo_prints_do_what_it_shows(tmp_path: Path) -> None:
    told = json.loads(keyledger("demo", "--format", "json", cwd=tmp_path).out)
    for command in told["commands"]:
        _, *words = shlex.split(command)
        assert keyledger(*words, cwd=tmp_path).code is ExitCode.DONE
    explained = json.loads(keyledger("explain", "payroll", cwd=tmp_path).out)
    assert explained == told["explain"]


def test_a_kept_ledger_lies_where_it_was_asked_for_and_doing_it_again_is_harmless(
    tmp_path: Path,
) -> None:
    for _ in range(2):
        result = keyledger("demo", "--keep", "my case", cwd=tmp_path)
        assert result.code is ExitCode.DONE
        assert "--ledger 'my case/keyledger.db'" in result.out
    audit = keyledger("audit", "--ledger", "my case/keyledger.db", cwd=tmp_path)
    assert json.loads(audit.out)["size"] == 280


def test_the_demo_heeds_no_ledger_of_the_environment(tmp_path: Path) -> None:
    mine = tmp_path / "mine.db"
    result = keyledger("demo", cwd=tmp_path, environment={"KEYLEDGER_LEDGER": str(mine)})
    assert result.code is ExitCode.DONE
    assert not mine.exists()


def test_the_demo_calls_keyledger_by_path_where_no_search_finds_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "argv", [str(tmp_path / ".venv/bin/keyledger"), "demo"])
    shown = keyledger("demo", cwd=tmp_path, environment={"PATH": str(tmp_path)})
    assert "$ .venv/bin/keyledger audit" in shown.out
