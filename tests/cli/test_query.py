"""`keyledger query`: stdin, the catalogue on a terminal, the prompt, and what is not text."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from prompt_toolkit.application import create_app_session
from prompt_toolkit.input import create_pipe_input
from prompt_toolkit.output import DummyOutput

from analyzer.catalogue import names
from tests.cli.terminal import Result, keyledger
from tests.ingested import record
from tests.warehoused import sealed, spelled, story
from tui.console import ExitCode
from tui.shell import is_complete


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The ledger of the main story."""
    return story(tmp_path_factory.mktemp("query"), "payroll-key-deleted")


def _query(ledger: Path, *arguments: str, stdin: bytes = b"") -> Result:
    return keyledger("query", *arguments, "--ledger", str(ledger), stdin=stdin)


def test_sql_comes_from_stdin(ledger: Path) -> None:
    sql = b"-- how much there is\nSELECT count(*) AS n\nFROM events;\n"
    assert _query(ledger, "-", stdin=sql).out == '{"n":280}\n'


def test_options_may_stand_before_and_behind_the_parameters(ledger: Path) -> None:
    first = _query(ledger, "copies_of_database", "--database", "payroll", "--format", "csv")
    second = _query(ledger, "--format", "csv", "copies_of_database", "--database=payroll")
    assert first.out == second.out
    assert first.out.count("\n") == 6


def test_the_list_names_every_question_and_its_parameters(ledger: Path) -> None:
    rows = [json.loads(line) for line in keyledger("query", "--list").out.splitlines()]
    assert [row["name"] for row in rows] == list(names())
    shown = keyledger("query", "--list", is_terminal=True).out
    assert "--key KEY" in shown
    assert all(name in shown for name in names())


def test_tables_tell_what_their_columns_mean(ledger: Path) -> None:
    rows = [json.loads(line) for line in _query(ledger, "tables").out.splitlines()]
    told = {(row["table"], row["column"]): row["about"] for row in rows}
    assert told["events", "actor"].startswith("human or role to ask")
    assert "keyledger state --at t" in told["key_state_at()", None]
    assert all(told.values())


def test_parquet_holds_the_rows_with_their_types(ledger: Path, tmp_path: Path) -> None:
    target = tmp_path / "out.parquet"
    arguments = ("--format", "parquet", "-o", str(target), "--limit", "100")
    assert _query(ledger, "SELECT * FROM events ORDER BY entry_index", *arguments).code == 0
    table = pq.read_table(target)
    assert table.num_rows == 100
    assert str(table.schema.field("event_time").type) == "timestamp[us]"
    assert table["entry_index"].to_pylist() == list(range(100))


def test_parquet_is_not_written_to_a_terminal(ledger: Path) -> None:
    done = keyledger(
        "query", "SELECT 1 AS one", "--format", "parquet", "--ledger", str(ledger), is_terminal=True
    )
    assert done.code is ExitCode.USAGE
    assert done.stdout == b""


def test_what_a_log_says_never_reaches_a_terminal_as_it_is(tmp_path: Path) -> None:
    agent = "\x1b[2J[red]x[/red]\u202e"
    hostile = sealed(tmp_path, [spelled(record(1, userAgent=agent))])
    for form in ("table", "json", "jsonl", "csv", "markdown"):
        out = _query(hostile, "SELECT user_agent FROM events", "--format", form).out
        assert "\x1b" not in out
        assert "\u202e" not in out
    failing = _query(hostile, "SELECT CAST(user_agent AS INTEGER) FROM events")
    assert failing.code is ExitCode.FAILED
    assert "\x1b" not in failing.err


@pytest.mark.parametrize("typed", ["", ".list", "keys_deleted", "SELECT 1;", "key_users --key k"])
def test_enter_answers_what_is_complete(typed: str) -> None:
    assert is_complete(typed)


@pytest.mark.parametrize("typed", ["SELECT 1", "SELECT\n1", "FROM events WHERE"])
def test_enter_goes_on_where_a_query_does(typed: str) -> None:
    assert not is_complete(typed)


@pytest.fixture
def at_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    return tmp_path


def _typed(ledger: Path, text: str, *arguments: str) -> Result:
    with create_pipe_input() as keys, create_app_session(input=keys, output=DummyOutput()):
        keys.send_text(text)
        return _query(ledger, "--shell", *arguments)


def test_the_prompt_answers_until_it_is_left(ledger: Path, at_home: Path) -> None:
    done = _typed(
        ledger,
        "SELECT 1 AS one;\n"
        "SELECT 2\nAS two;\n"
        "SELECT nothing;\n"
        ".at 2026-03-04\n"
        "SELECT asked_at() AS at;\n"
        "copies_of_database --database payroll\n"
        ".quit\n",
        "--format",
        "jsonl",
    )
    lines = [json.loads(line) for line in done.out.splitlines()]
    assert lines[:3] == [{"one": 1}, {"two": 2}, {"at": "2026-03-04T00:00:00Z"}]
    assert {line["kind"] for line in lines[3:]} >= {"volume", "snapshot"}
    assert "Referenced column" in done.err or "Binder Error" in done.err
    assert done.code is ExitCode.DONE


def test_the_prompt_remembers_what_was_typed_for_its_owner_only(
    ledger: Path, at_home: Path
) -> None:
    _typed(ledger, "SELECT 42 AS answer;\n.quit\n")
    [history] = [path for path in at_home.rglob("queries") if path.is_file()]
    assert "SELECT 42 AS answer;" in history.read_text()
    assert history.stat().st_mode & 0o077 == 0
