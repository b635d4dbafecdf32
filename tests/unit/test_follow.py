"""Following a folder: what is due, what is whole, what is told, and how it ends."""

from __future__ import annotations

import gzip
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from analyzer.ingest.following import (
    GIVEN_UP,
    IMPATIENT,
    SETTLED,
    Files,
    Sighting,
    due,
    given_up,
    is_unfinished,
    sealed,
    seen,
    unfinished,
)
from analyzer.ingest.wholeness import is_whole
from analyzer.moment import SECOND
from ledger.audit import audit
from ledger.store import Ledger
from tests.cli.terminal import NOW, keyledger
from tests.golden import ROOT
from tests.ingested import lines, record, spelled, trail
from tui.console import Console, ExitCode, Wishes
from tui.follow import Follower
from tui.sealing import Manner, ingested
from tui.session import Session
from tui.teller import Wanted

PAYROLL = ROOT / "samples/stories/payroll-key-deleted"
KEYLEDGER = [sys.executable, "-c", "from tui.cli import main; main()"]


def look(path: str, *, size: int = 10, changed: int = 0, file: int = 1) -> Sighting:
    return Sighting(path=path, file=(1, file), size=size, changed=changed)


def test_a_file_is_due_once_it_has_been_quiet() -> None:
    files = seen({}, [look("a")], 0)
    assert due(files, SETTLED - 1) == []
    assert due(files, SETTLED) == ["a"]
    assert due(sealed(files, ["a"]), 10 * SETTLED) == []


def test_a_file_that_grows_is_due_when_it_pauses_and_when_it_never_does() -> None:
    files: Files = {}
    for second in range(IMPATIENT // SECOND):
        files = seen(files, [look("a", size=second, changed=second)], second * SECOND)
        assert due(files, second * SECOND) == []
    assert due(files, IMPATIENT) == ["a"]


def test_what_was_sealed_is_due_again_when_it_changed() -> None:
    files = sealed(seen({}, [look("a")], 0), ["a"])
    grown = seen(files, [look("a", size=11, changed=1)], 100 * SECOND)
    assert due(grown, 100 * SECOND) == []
    assert due(grown, 100 * SECOND + SETTLED) == ["a"]


def test_a_renamed_file_is_the_same_and_its_successor_is_new() -> None:
    files = sealed(seen({}, [look("log")], 0), ["log"])
    rotated = seen(files, [look("log.1"), look("log", file=2, size=1)], SECOND)
    assert due(rotated, SECOND + SETTLED) == ["log"]


def test_a_torn_file_is_asked_about_again_when_it_changes_and_given_up_in_the_end() -> None:
    files = unfinished(seen({}, [look("a")], 0), ["a"])
    assert due(files, GIVEN_UP) == []
    assert given_up(files, GIVEN_UP - 1) == []
    assert given_up(files, GIVEN_UP) == ["a"]
    again = seen(files, [look("a", size=20, changed=5)], SECOND)
    assert due(again, SECOND + SETTLED) == ["a"]
    assert given_up(sealed(again, ["a"]), 10 * GIVEN_UP) == []


def test_files_that_are_gone_are_forgotten() -> None:
    assert seen(seen({}, [look("a")], 0), [], 1) == {}


@pytest.mark.parametrize(
    ("path", "is_left"),
    [("x/.hidden", True), ("x/a.json.gz.part", True), ("a.TMP", True), ("a.json.gz", False)],
)
def test_names_of_unfinished_downloads_are_left_alone(path: str, is_left: bool) -> None:
    assert is_unfinished(path) is is_left
    assert bool(seen({}, [look(path)], 0)) is not is_left


@pytest.mark.parametrize(
    ("content", "whole"),
    [
        (trail(record(1)), True),
        (lines(record(1), record(2)), True),
        (lines(record(1)) + spelled(record(2))[:80], False),
        (trail(record(1))[:-30], False),
        (gzip.compress(trail(record(1))), True),
        (gzip.compress(trail(record(1)))[:-9], False),
        (b"", False),
    ],
)
def test_a_file_that_is_still_being_written_is_not_whole(
    tmp_path: Path, content: bytes, whole: bool
) -> None:
    path = tmp_path / "file"
    path.write_bytes(content)
    assert is_whole(str(path)) is whole
    assert not is_whole(str(tmp_path / "missing"))


class Bench:
    """A follower whose clock is turned by hand."""

    def __init__(self, folder: Path, on_change: str | None = None) -> None:
        self.now = NOW
        self.logs = folder / "logs"
        self.logs.mkdir(exist_ok=True)
        self.ledger = folder / "case.db"
        self.told: list[dict[str, Any]] = []
        console = Told(self.told)
        session = Session(ledger=self.ledger, console=console, clock=lambda: self.now)
        wanted = Wanted(
            folders=[str(self.logs)],
            on_change=on_change,
            ingest=lambda sources, _: ingested(session, sources, Manner()),
        )
        self.follower = Follower(session, wanted)

    def write(self, name: str, content: bytes) -> None:
        (self.logs / name).write_bytes(content)

    def wait(self, microseconds: int = SETTLED) -> None:
        self.follower.look()
        self.now += microseconds
        self.follower.step(is_due=True)

    def size(self) -> int:
        with Ledger.open(self.ledger, readonly=True) as ledger:
            return ledger.size


class Told(Console):
    """A console that keeps the lines of data."""

    def __init__(self, told: list[dict[str, Any]]) -> None:
        super().__init__(Wishes(quiet=True))
        self.lines = told

    def pour(self, pieces: Any) -> None:
        self.lines += [json.loads(piece) for piece in pieces]


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    made = Bench(tmp_path)
    yield made
    made.follower.close()


def story(named: Sequence[str]) -> bytes:
    """The records of a story, of some event names or of all others."""
    payloads = []
    for path in sorted(PAYROLL.rglob("*.gz")):
        payloads += json.loads(gzip.decompress(path.read_bytes())).get("Records", [])
    wanted = [one for one in payloads if ("DeleteKey" in named) is (one["eventName"] in named)]
    return trail(*wanted)


def test_a_verdict_that_changes_is_told_once(bench: Bench) -> None:
    bench.wait()
    assert bench.told == []
    bench.write("first.json", story([]))
    bench.wait()
    assert {(one["name"], one["before"]) for one in bench.told} >= {("payroll", None)}
    count = len(bench.told)
    bench.wait()
    bench.write("again.json", story([]))
    bench.wait()
    assert len(bench.told) == count


def test_a_file_in_parts_is_sealed_when_it_is_whole(bench: Bench) -> None:
    whole = trail(record(1), record(2), record(3))
    bench.write("log.json", whole[:-200])
    bench.wait()
    assert not bench.ledger.exists()
    bench.write("log.json", whole)
    bench.wait()
    assert bench.size() == 3
    with Ledger.open(bench.ledger, readonly=True) as ledger:
        assert audit(ledger).document()["outcome"] == "intact"


def test_a_log_that_grows_and_is_rotated_is_sealed_once(bench: Bench) -> None:
    bench.write("events.jsonl", lines(record(1)))
    bench.wait()
    with (bench.logs / "events.jsonl").open("ab") as file:
        file.write(lines(record(2)) + spelled(record(3))[:50])
    bench.wait()
    assert bench.size() == 1
    with (bench.logs / "events.jsonl").open("ab") as file:
        file.write(spelled(record(3))[50:] + b"\n")
    bench.wait()
    (bench.logs / "events.jsonl").rename(bench.logs / "events.jsonl.1")
    bench.write("events.jsonl", lines(record(4)))
    bench.wait()
    assert bench.size() == 4


def test_a_new_follower_goes_on_where_the_last_one_ended(tmp_path: Path) -> None:
    first = Bench(tmp_path)
    first.write("a.json", story([]))
    first.wait()
    first.follower.close()
    told, size = len(first.told), first.size()
    assert told
    second = Bench(tmp_path)
    second.wait()
    second.follower.close()
    assert second.told == []
    assert second.size() == size


def test_a_damaged_file_is_taken_as_it_is_in_the_end(bench: Bench) -> None:
    bench.write("torn.json", lines(record(1)) + b'{"Records":[{"eventName":"torn')
    bench.wait()
    assert not bench.ledger.exists()
    bench.wait(GIVEN_UP)
    assert bench.size() == 2


def test_the_command_reads_the_change_and_sees_nothing_of_it_in_its_arguments(
    tmp_path: Path,
) -> None:
    target = tmp_path / "changes"
    bench = Bench(tmp_path, f'cat >> {target}; echo "$#" >> {target}.arguments; exit 3')
    bench.write("a.json", story([]))
    bench.wait()
    bench.follower.close()
    assert [json.loads(line) for line in target.read_text().splitlines()] == bench.told
    assert set((tmp_path / "changes.arguments").read_text().split()) == {"0"}


@pytest.mark.parametrize(
    "arguments",
    [("--follow", "-"), ("--follow", "missing"), ("--on-change", "true", "."),
     ("--follow", ".", "--format", "csv"), ("--follow", ".", "-o", "x")],
)  # fmt: skip
def test_what_cannot_be_followed_is_a_mistake_of_usage(
    tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    assert keyledger("ingest", *arguments, cwd=tmp_path).code is ExitCode.USAGE


def test_ctrl_c_ends_with_130_and_a_whole_ledger(tmp_path: Path) -> None:
    (tmp_path / "logs").mkdir()
    (tmp_path / "logs" / "a.json").write_bytes(trail(*(record(n) for n in range(50))))
    command = [*KEYLEDGER, "ingest", "--follow", "logs", "--ledger", "case.db"]
    child = subprocess.Popen(
        command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    for _ in range(300):
        if (tmp_path / "case.db").exists() and keyledger(
            "audit", "--ledger", str(tmp_path / "case.db")
        ).code is ExitCode.DONE:
            break
        time.sleep(0.1)
    child.send_signal(signal.SIGINT)
    _, told = child.communicate(timeout=30)
    assert child.returncode == ExitCode.INTERRUPTED
    assert b"50 records sealed" in told
    with Ledger.open(tmp_path / "case.db", readonly=True) as ledger:
        assert ledger.size == 50
        assert audit(ledger).document()["outcome"] == "intact"
