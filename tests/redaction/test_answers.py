"""What answers still know once a record is redacted: that it was there, and nothing of it."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from analyzer.case import Case
from tests.cli.terminal import NOW, keyledger
from tests.simulator.actors import role
from tests.simulator.world import AwsSimulator
from tui.console import ExitCode

SECRET = "s3cr3t-of-the-session-73"  # noqa: S105 - it stands in a log


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A key, a database under it, and its deletion scheduled in a session with a telling name."""
    aws = AwsSimulator(seed=5)
    key = aws.create_key("orders", at=0)
    aws.create_db_instance("orders", key, at=1)
    aws.schedule_key_deletion(key, 7, at=3, actor=role("janitor", SECRET))
    (tmp_path / "log.json").write_bytes(b'{"Records":[%b]}' % b",".join(aws.payloads()))
    result = keyledger("ingest", "log.json", "--ledger", "case.db", cwd=tmp_path)
    assert result.code is ExitCode.DONE
    return tmp_path / "case.db"


@pytest.fixture
def entry(path: Path) -> int:
    """The entry that holds the secret."""
    with Case.open(path) as case:
        [found] = [
            each.header.index
            for each in case.ledger.entries()
            if SECRET.encode() in (each.payload or b"")
        ]
    return found


def redact(path: Path, *words: str) -> object:
    result = keyledger("redact", *words, "--reason", "a name", "--yes", "--ledger", str(path))
    assert result.code is ExitCode.DONE, result.err
    return json.loads(result.out)


def answers(path: Path) -> Iterator[str]:
    for words in (["state"], ["explain", "orders"], ["timeline", "orders"], ["find"],
                  ["query", "SELECT * FROM events ORDER BY entry_index"]):  # fmt: skip
        result = keyledger(*words, "--ledger", str(path), "--format", "json", "-q")
        assert result.code in (ExitCode.DONE, ExitCode.FINDINGS), result.err
        yield result.out


def test_no_answer_and_no_file_knows_what_was_redacted(path: Path, entry: int) -> None:
    assert SECRET in "".join(answers(path))
    assert path.with_suffix(".duckdb").exists()
    redact(path, str(entry))
    assert not path.with_suffix(".duckdb").exists()
    assert SECRET not in "".join(answers(path))
    for file in path.parent.glob("case.*"):
        assert SECRET.encode() not in file.read_bytes(), file


def test_answers_say_what_they_cannot_see(path: Path, entry: int) -> None:
    redact(path, str(entry))
    state, explained, timeline, *_ = (json.loads(answer) for answer in answers(path))
    [gone] = state["redacted"]
    assert (gone["entry"], gone["event_name"]) == (entry, "ScheduleKeyDeletion")
    assert timeline["redacted"] == [gone]
    assert any(note.startswith(f"Entry {entry} is redacted") for note in explained["notes"])
    assert explained["verdict"] == "healthy"  # nothing else tells of the deletion


def test_a_bare_order_keeps_nothing(path: Path, entry: int) -> None:
    redact(path, str(entry), "--bare")
    [gone] = json.loads(next(answers(path)))["redacted"]
    assert (gone["event_name"], gone["event_time"], gone["resource"]) == (None, None, None)


def test_whoever_has_the_ledger_open_forgets_too(path: Path, entry: int) -> None:
    with Case.open(path) as case:
        before = case.explain("orders", "end", None, NOW)
        assert before["verdict"] == "at-risk"
        redact(path, str(entry))
        after = case.explain("orders", "end", None, NOW)
        assert SECRET not in json.dumps(after)
        assert after["verdict"] == "healthy"


class Keyboard(io.StringIO):
    """Somebody at a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(("typed", "code"), [("yes\n", 0), ("no\n", 2), ("y\n", 2), ("", 2)])
def test_who_sits_there_is_asked(
    path: Path, entry: int, typed: str, code: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tests.cli.terminal.io.TextIOWrapper", lambda _raw: Keyboard(typed))
    result = keyledger("redact", str(entry), "--reason", "x", "--ledger", str(path))
    monkeypatch.undo()
    assert result.code == code
    assert f"entry {entry}: ScheduleKeyDeletion" in result.err
    with Case.open(path) as case:
        assert (case.ledger.entry(entry).payload is None) == (code == 0)
