"""A log whose names are made to harm whoever looks: no command obeys, every one shows them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.terminal import Result, keyledger
from tests.simulator.actors import role
from tests.simulator.policies import allow, policy
from tests.simulator.world import AwsSimulator
from tui.console import ExitCode

MARKUP = "[bold red]x[/] [link=http://evil.example]y[/link]"
ESCAPES = "\x1b[2J\x1b]8;;http://evil.example\x07\x9b31m\u202etxt.exe\u2066"
FORMULA = '=HYPERLINK("http://evil.example")'
HTML = "<script>alert(1)</script>"

COMMANDS = (
    ["state"], ["explain", "orders"], ["timeline", "orders"], ["rejects"], ["audit"],
    ["find", "--all"],
)  # fmt: skip
FORMATS = ("table", "json", "jsonl", "csv", "markdown")


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A ledger in which everything that a caller can choose is chosen to harm."""
    aws = AwsSimulator(seed=3)
    mallory = role("janitor", MARKUP + ESCAPES, source_ip=FORMULA)
    key = aws.create_key(FORMULA + ESCAPES, at=0, actor=mallory)
    orders = aws.create_db_instance("orders", key, at=1)
    for name in (MARKUP, ESCAPES, FORMULA, HTML):
        aws.create_db_snapshot(orders, name, at=2, actor=mallory)
    for number, name in enumerate((MARKUP, ESCAPES, FORMULA), 1):
        statement = allow(f"arn:aws:iam::1:role/{name}", name, {name: {name: name}}, Sid=name)
        aws.put_key_policy(key, policy(statement), at=2 + number / 10, actor=mallory)
    aws.schedule_key_deletion(key, 7, at=3, actor=mallory)
    folder = tmp_path_factory.mktemp("hostile")
    records = [json.loads(payload) for payload in aws.payloads()]
    half = {"eventName": ESCAPES + MARKUP}
    (folder / "log.json").write_text(json.dumps({"Records": [*records, half]}))
    result = keyledger("ingest", "log.json", "--ledger", "case.db", cwd=folder)
    assert result.code is ExitCode.DONE
    return folder / "case.db"


def _ask(hostile: Path, command: list[str], format_: str, **environment: str) -> Result:
    return keyledger(
        *command, "--ledger", str(hostile), "--format", format_, "--no-progress", is_terminal=True,
        environment={"NO_COLOR": "1", **environment},
    )  # fmt: skip


@pytest.mark.parametrize("format_", FORMATS)
@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_no_control_character_reaches_the_terminal(
    hostile: Path, command: list[str], format_: str
) -> None:
    result = _ask(hostile, command, format_)
    assert result.code is ExitCode.DONE
    shown = result.out + result.err
    assert not [letter for letter in shown if letter != "\n" and not letter.isprintable()]


def test_markup_is_shown_as_it_was_written(hostile: Path) -> None:
    shown = _ask(hostile, ["explain", "orders"], "table", COLUMNS="240").out
    assert MARKUP in shown
    assert r"\x1b[2J\x1b]8;;" in shown


def test_json_holds_what_the_log_held(hostile: Path) -> None:
    document = json.loads(_ask(hostile, ["explain", "orders"], "json").out)
    assert document["root_cause"]["session"].endswith(MARKUP + ESCAPES)
    assert document["root_cause"]["source_ip"] == FORMULA


def test_a_formula_is_text_to_a_spreadsheet(hostile: Path) -> None:
    shown = _ask(hostile, ["timeline", "orders"], "csv").out
    assert "'=HYPERLINK" in shown
    assert ",=HYPERLINK" not in shown
    assert ',"=HYPERLINK' not in shown
