"""Console: where answers and narration go, in which format, and with which code it ends."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from tests.cli.terminal import keyledger
from tests.golden import ROOT
from tui.console import ExitCode, gravest

MISSING = ("state", "--ledger", "nowhere.db")


@pytest.mark.parametrize(
    ("codes", "told"),
    [
        ([], ExitCode.DONE),
        ([ExitCode.DONE, ExitCode.FINDINGS], ExitCode.FINDINGS),
        ([ExitCode.FINDINGS, ExitCode.INCOMPLETE], ExitCode.INCOMPLETE),
        ([ExitCode.INCOMPLETE, ExitCode.FAILED], ExitCode.FAILED),
        ([ExitCode.FAILED, ExitCode.BROKEN], ExitCode.BROKEN),
        ([ExitCode.BROKEN, ExitCode.INTERRUPTED], ExitCode.INTERRUPTED),
    ],
)
def test_of_several_codes_the_gravest_is_told(codes: list[ExitCode], told: ExitCode) -> None:
    assert gravest(*codes) is told
    assert gravest(*reversed(codes)) is told


def test_a_missing_ledger_names_the_command_that_creates_one(tmp_path: Path) -> None:
    result = keyledger(*MISSING, cwd=tmp_path)
    assert result.code is ExitCode.FAILED
    assert result.out == ""
    assert "keyledger ingest SOURCE… --ledger nowhere.db" in result.err


def test_no_command_at_all_shows_help_on_stderr_and_is_a_usage_error() -> None:
    result = keyledger()
    assert result.code is ExitCode.USAGE
    assert result.out == ""
    assert "explain" in result.err


@pytest.mark.parametrize(
    "arguments",
    [
        ["unknown-command"],
        ["explain"],
        ["state", "--format", "xml"],
        ["state", "--tz", "Middle/Earth"],
        ["ingest", "x", "--services", "kms", "--all-services"],
        ["ingest", "x", "--services", ","],
        ["ingest", "x", "--max-inflated", "a lot"],
        ["ingest", "x", "--max-inflated", "0"],
        ["completion", "tcsh"],
    ],
)
def test_a_wrong_command_line_exits_2_and_says_where_help_is(
    arguments: list[str], tmp_path: Path
) -> None:
    result = keyledger(*arguments, cwd=tmp_path)
    assert result.code is ExitCode.USAGE
    assert result.out == ""
    assert "--help" in result.err
    assert not list(tmp_path.iterdir())


def test_a_path_full_of_escapes_is_told_harmlessly(tmp_path: Path) -> None:
    result = keyledger("state", "--ledger", "\x1b[2J[red]x.db", cwd=tmp_path, is_terminal=True)
    assert result.code is ExitCode.FAILED
    assert "\\x1b[2J[red]x.db" in result.err
    assert "\x1b[2J" not in result.err


def test_a_path_that_is_no_text_is_told_all_the_same(tmp_path: Path) -> None:
    odd = os.fsdecode(b"caf\xe9.db")
    result = keyledger("state", "--ledger", odd, cwd=tmp_path)
    assert result.code is ExitCode.FAILED
    assert "caf\\udce9.db" in result.err


def test_completion_is_offered_for_each_shell() -> None:
    for shell in ("bash", "zsh", "fish"):
        result = keyledger("completion", shell)
        assert result.code is ExitCode.DONE
        assert "_KEYLEDGER_COMPLETE" in result.out


def _process(*arguments: str, **options: Any) -> subprocess.CompletedProcess[bytes]:
    code = "from tui.cli import main; main()"
    return subprocess.run(
        [sys.executable, "-c", code, *arguments], check=False, stderr=subprocess.PIPE, **options
    )


@pytest.mark.parametrize("arguments", [["--help"], ["completion", "zsh"], ["demo", "-q"]])
def test_a_reader_that_has_gone_is_141_without_a_word(arguments: list[str]) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    try:
        done = _process(*arguments, stdout=writing)
    finally:
        os.close(writing)
    assert (done.returncode, done.stderr) == (ExitCode.CLOSED_PIPE, b"")


def test_the_version_is_told_on_stdout() -> None:
    done = _process("--version", stdout=subprocess.PIPE)
    assert done.stdout.startswith(b"keyledger ")
    assert done.returncode == ExitCode.DONE


def test_a_terminal_that_knows_only_ascii_gets_ascii(case: Path) -> None:
    result = keyledger("state", "--ledger", str(case), is_terminal=True, encoding="ascii")
    assert result.stdout.isascii()
    assert b"payroll" in result.stdout


def test_on_a_terminal_the_answer_is_a_table_and_piped_it_is_json(case: Path) -> None:
    shown = keyledger("state", "--ledger", str(case), is_terminal=True)
    piped = keyledger("state", "--ledger", str(case))
    assert "\x1b[" in shown.out
    assert "unrecoverable" in shown.out
    assert {"at", "known_at", "keys", "databases"} <= set(json.loads(piped.out))


@pytest.mark.parametrize("environment", [{"NO_COLOR": "1"}, {"TERM": "dumb"}])
def test_no_colour_means_no_escapes_at_all(case: Path, environment: dict[str, str]) -> None:
    result = keyledger("state", "--ledger", str(case), is_terminal=True, environment=environment)
    assert "\x1b" not in result.out + result.err
    assert "✖" in result.out


@pytest.mark.parametrize("columns", ["80", "100", "120", "200"])
@pytest.mark.parametrize("command", [("state",), ("explain", "payroll"), ("timeline", "payroll")])
def test_a_table_keeps_within_the_terminal(
    case: Path, command: tuple[str, ...], columns: str
) -> None:
    environment = {"COLUMNS": columns, "NO_COLOR": "1"}
    result = keyledger(*command, "--ledger", str(case), is_terminal=True, environment=environment)
    assert result.code is ExitCode.DONE
    assert max(map(len, result.out.splitlines())) <= int(columns)


def test_options_stand_before_or_after_arguments(case: Path) -> None:
    ledger = ["--ledger", str(case)]
    before = keyledger("explain", *ledger, "--format", "json", "payroll")
    after = keyledger("explain", "payroll", "--format", "json", *ledger)
    assert before.stdout == after.stdout


def test_the_environment_names_the_ledger(case: Path) -> None:
    named = keyledger("state", environment={"KEYLEDGER_LEDGER": str(case)})
    assert named.stdout == keyledger("state", "--ledger", str(case)).stdout


def test_a_rerun_is_byte_identical(case: Path) -> None:
    for command in (["state"], ["explain", "payroll"], ["timeline", "payroll"], ["audit"]):
        for format_ in ("table", "json", "jsonl", "csv", "markdown"):
            typed = [*command, "--format", format_, "--ledger", str(case)]
            assert keyledger(*typed).stdout == keyledger(*typed).stdout


def test_a_file_is_written_and_never_overwritten_unasked(case: Path, tmp_path: Path) -> None:
    target = tmp_path / "state.json"
    typed = ["state", "--ledger", str(case), "-o", str(target)]
    first = keyledger(*typed)
    assert (first.code, first.out) == (ExitCode.DONE, "")
    written = target.read_bytes()
    assert json.loads(written)["keys"]
    target.write_text("mine")
    refused = keyledger(*typed)
    assert refused.code is ExitCode.FAILED
    assert "--force" in refused.err
    assert target.read_text() == "mine"
    assert keyledger(*typed, "--force").code is ExitCode.DONE
    assert target.read_bytes() == written
    assert sorted(tmp_path.iterdir()) == [target]


def test_a_file_in_a_folder_that_is_missing_is_an_error(case: Path, tmp_path: Path) -> None:
    target = tmp_path / "none" / "state.json"
    result = keyledger("state", "--ledger", str(case), "-o", str(target))
    assert result.code is ExitCode.FAILED
    assert "No such file" in result.err


def test_a_time_zone_changes_tables_and_never_data(case: Path) -> None:
    ledger = ["--ledger", str(case), "--tz", "Asia/Kolkata"]
    table = keyledger("explain", "payroll", "--format", "table", *ledger)
    assert "2026-03-11 00:32:54+05:30" in table.out
    data = keyledger("explain", "payroll", *ledger)
    assert data.stdout == keyledger("explain", "payroll", "--ledger", str(case)).stdout


def test_a_time_that_cannot_be_read_lists_the_accepted_forms(case: Path) -> None:
    result = keyledger("explain", "payroll", "--at", "yesterday-ish", "--ledger", str(case))
    assert (result.code, result.out) == (ExitCode.USAGE, "")
    assert "-36h" in result.err


@pytest.mark.parametrize("typed", ["-7d", "-36h", "-15m", "now", "end", "2026-03-04", "#3"])
def test_times_that_look_like_options_are_times(case: Path, typed: str) -> None:
    option = "--known-at" if typed == "#3" else "--at"
    result = keyledger("state", option, typed, "--ledger", str(case))
    assert result.code is ExitCode.DONE


def test_an_unknown_name_suggests_the_nearest(case: Path) -> None:
    result = keyledger("explain", "payrol", "--ledger", str(case))
    assert result.code is ExitCode.FAILED
    assert "did you mean: payroll" in result.err


def test_quiet_says_nothing_but_errors(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text('{"not": "an event"}')
    loud = keyledger("ingest", "config.json", cwd=tmp_path)
    quiet = keyledger("ingest", "config.json", "-q", cwd=tmp_path)
    assert "warning" in loud.err
    assert quiet.err == ""
    assert keyledger("state", "-q", "--ledger", "none.db", cwd=tmp_path).err != ""


def test_verbose_tells_more_and_changes_no_data(case: Path) -> None:
    plain = keyledger("state", "--ledger", str(case))
    verbose = keyledger("state", "-v", "--ledger", str(case))
    assert verbose.stdout == plain.stdout
    assert plain.err == ""
    assert "holds 280 entries" in verbose.err


def test_long_work_shows_a_bar_on_a_terminal_and_nowhere_else(tmp_path: Path) -> None:
    typed = ["ingest", str(ROOT / "samples/kms"), "--format", "json"]
    shown = keyledger(*typed, cwd=tmp_path, is_terminal=True)
    hidden = keyledger(*typed, "--no-progress", cwd=tmp_path, is_terminal=True)
    piped = keyledger(*typed, cwd=tmp_path)
    assert "ingest" in shown.err
    assert "kB" in shown.err
    assert "\x1b[2K" not in hidden.err + piped.err


def test_an_interrupt_is_130_and_leaves_a_ledger_that_audits(tmp_path: Path) -> None:
    ledger = tmp_path / "case.db"
    code = "from tui.cli import main; main()"
    waiting = subprocess.Popen(
        [sys.executable, "-c", code, "ingest", str(ROOT / "samples/kms"), "-", "--ledger", ledger],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert waiting.stdin is not None
    deadline = time.monotonic() + 30
    while not ledger.exists() and time.monotonic() < deadline:
        time.sleep(0.01)
    time.sleep(0.2)  # from the ledger's making to the wait for stdin
    waiting.send_signal(signal.SIGINT)
    _, told = waiting.communicate(timeout=30)
    assert waiting.returncode == ExitCode.INTERRUPTED
    assert b"interrupted" in told
    assert b"Traceback" not in told
    again = keyledger("ingest", str(ROOT / "samples/kms"), "--ledger", str(ledger))
    assert again.code is ExitCode.DONE
    assert keyledger("audit", "--ledger", str(ledger)).code is ExitCode.DONE
