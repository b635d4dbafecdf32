"""README: its commands run, its tables say what the code says."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import click
import pytest

from tests.golden import ROOT, Golden
from tests.pictures import DEMO, demo
from tests.spark.needed import needs_spark
from tui.cli import keyledger as group
from tui.commands import COMMANDS
from tui.console import ExitCode

README = ROOT / "README.md"
_BLOCK = re.compile(r"^```sh\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_TABLE = re.compile(r"(?<=<!-- commands -->\n).*?(?=<!-- /commands -->)", re.DOTALL)

INSTALL, DEVELOP, TOUR, FLEET, SPARK = _BLOCK.findall(README.read_text())


def _typed(command: str, folder: Path) -> subprocess.CompletedProcess[bytes]:
    """Run a shell command where `keyledger` is the one of this interpreter."""
    scripts = Path(sys.executable).parent
    environment = {
        name: value for name, value in os.environ.items() if name != "KEYLEDGER_LEDGER"
    } | {"PATH": f"{scripts}{os.pathsep}{os.environ['PATH']}"}
    return subprocess.run(
        ["bash", "-euc", command], check=False, cwd=folder, env=environment, capture_output=True
    )


def test_both_ways_to_set_up_are_one_line_on_the_first_screen() -> None:
    first = README.read_text().splitlines()[:24]
    assert INSTALL.strip() in first
    assert DEVELOP.strip() in first


def test_the_first_command_ends_in_something_that_runs(tmp_path: Path) -> None:
    assert INSTALL.startswith("python3 -m venv .venv && .venv/bin/pip install . && ")
    job = INSTALL.strip().rpartition(" && ")[2].replace(".venv/bin/", "")
    done = _typed(job, tmp_path)
    assert done.returncode == 0, done.stderr
    assert b"UNRECOVERABLE" in done.stdout


def test_the_second_command_installs_what_the_tests_need_and_runs_them() -> None:
    words = DEVELOP.split()
    assert words[words.index("-e") :][:4] == ["-e", "'.[tests]'", "-c", "tests/constraints.txt"]
    tests = DEVELOP.strip().rpartition(" && ")[2].replace(".venv/bin/", "")
    assert f"step {tests}\n" in (ROOT / ".ci/run").read_text()


@pytest.mark.parametrize(
    "block",
    [
        pytest.param(TOUR, id="tour"),
        pytest.param(FLEET, id="fleet"),
        pytest.param(SPARK, id="spark", marks=[pytest.mark.long, needs_spark]),
    ],
)
def test_what_the_readme_types_runs_from_top_to_bottom(block: str, tmp_path: Path) -> None:
    (tmp_path / "samples").symlink_to(ROOT / "samples")
    for line in block.splitlines():
        if line and not line.startswith("#"):
            done = _typed(line, tmp_path)
            assert done.returncode == 0, (line, done.stdout, done.stderr)
            assert done.stdout or "-o" in line or line.startswith("mkdir"), line


def test_the_table_of_commands_is_what_help_says(golden: Golden) -> None:
    rows = ["| command | does |", "|---|---|"]
    for name, _ in COMMANDS:
        command = group.get_command(click.Context(group), name)
        assert command is not None
        context = click.Context(command, **group.context_settings)
        usage = " ".join(command.collect_usage_pieces(context)[1:])
        rows.append(f"| `{f'{name} {usage}'.strip()}` | {command.get_short_help_str(200)} |")
    table = "\n".join(rows) + "\n"
    golden.same(README, _TABLE.sub(lambda _: table, README.read_text()))


@pytest.mark.parametrize("code", list(ExitCode))
def test_the_table_of_exit_codes_lists(code: ExitCode) -> None:
    assert re.search(rf"^\| {code.value} \| ", README.read_text(), re.MULTILINE)


def test_the_picture_is_what_the_demo_shows_today(golden: Golden) -> None:
    golden.same(DEMO, demo())


def test_the_picture_loads_nothing_from_elsewhere() -> None:
    assert not re.search(r"(?:href|src|url)\W+https?:", DEMO.read_text())
