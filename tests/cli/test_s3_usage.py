"""S3 and SQS on the command line, before anybody is asked."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from analyzer.s3.access import Access
from tests.cli.terminal import keyledger
from tests.golden import ROOT
from tui.access import taken, words_of
from tui.cli import keyledger as program
from tui.commands.tui import command
from tui.console import ExitCode


@pytest.mark.parametrize(
    "arguments",
    [("sqs://q",), ("--follow", "sqs://q", "."), ("--follow", "sqs://q", "sqs://p"),
     ("--follow", "sqs://"), ("s3://",), ("--account", "1", "."), ("--follow", "s3:///x"),
     ("s3://b", "--since", "yesterday")],
)  # fmt: skip
def test_what_makes_no_sense_is_a_mistake_of_usage(
    tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    assert keyledger("ingest", *arguments, cwd=tmp_path).code is ExitCode.USAGE


def test_without_the_package_the_way_out_is_told(tmp_path: Path) -> None:
    code = (
        "import sys; sys.modules['botocore.session'] = None\n"
        "from tui.cli import main; sys.exit(main())"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, "ingest", "s3://bucket"],
        check=False, cwd=tmp_path, capture_output=True, env={"PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert done.returncode == ExitCode.FAILED
    assert b"pip install 'keyledger[s3]'" in done.stderr


def test_other_questions_do_not_ask_s3(tmp_path: Path) -> None:
    result = keyledger("whatif", "--insert", "s3://bucket/key", "--ledger", "x.db", cwd=tmp_path)
    assert result.code is ExitCode.FAILED


@pytest.mark.parametrize(
    "access",
    [None, Access(profile="audit"), Access(role="arn:aws:iam::1:role/r", region="eu-west-1"),
     Access(endpoint="http://127.0.0.1:1", addressing="path", is_requester_paying=True)],
)  # fmt: skip
def test_what_a_browser_is_served_asks_in_the_same_name(access: Access | None) -> None:
    typed = ["--ledger", "s3://bucket/fleet", *words_of(access)]
    assert taken(command.make_context("tui", typed, **program.context_settings).params) == access
