"""What befalls the machine: kills, two writers, full and read-only media."""

from __future__ import annotations

import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from ledger import connection
from ledger.admission import Admit
from ledger.audit import audit
from ledger.errors import (
    LedgerBusyError,
    LedgerError,
    LedgerFullError,
    LedgerReadOnlyError,
    LedgerUnwritableError,
)
from ledger.report import Outcome
from ledger.store import Ledger
from tests.ledger_support import NOW, append, audited, copy, erase, evidence, make, records, sqlite3

ROOT = Path(__file__).parents[2]
KILLS = 12

WRITER = """
import sys
from tests.ledger_support import *
path, first, batches, size = sys.argv[1], *map(int, sys.argv[2:])
with Ledger.create(path, origin="tests", now=NOW, exist_ok=True) as ledger:
    print("open", flush=True)
    for start in range(first, first + batches * size, size):
        append(ledger, records(size, start=start))
        print(start + size, flush=True)
"""


def start_writer(
    path: Path, *, first: int = 0, batches: int, size: int, **options: Any
) -> subprocess.Popen[str]:
    """Append distinct records in another process, which prints what was acknowledged."""
    numbers = [str(number) for number in (first, batches, size)]
    return subprocess.Popen(
        [sys.executable, "-c", WRITER, str(path), *numbers],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        **options,
    )


def acknowledged(writer: subprocess.Popen[str]) -> list[int]:
    """Wait for a writer's end; returns what it acknowledged."""
    output, errors = writer.communicate(timeout=60)
    assert writer.returncode in {0, -signal.SIGKILL}, errors
    return [int(line) for line in output.splitlines() if line.isdigit()]


@pytest.mark.parametrize("kills", [KILLS, pytest.param(200, marks=pytest.mark.once)])
def test_a_killed_writer_loses_nothing_that_was_acknowledged(tmp_path: Path, kills: int) -> None:
    """Killed at random again and again, and then left to finish: as if never killed."""
    path = tmp_path / "killed.db"
    chance = random.Random(2)
    size, sealed = 40, 0
    for _ in range(kills):
        writer = start_writer(path, first=sealed, batches=60, size=size)
        assert writer.stdout is not None
        assert writer.stdout.readline() == "open\n"
        time.sleep(chance.uniform(0, 0.08))
        writer.send_signal(signal.SIGKILL)
        done = max([sealed, *acknowledged(writer)])
        report = audited(path)
        sealed = report.size
        assert sealed >= done
        assert sealed % size == 0  # a batch is sealed whole or not at all
        assert report.outcome is (Outcome.INTACT if sealed else Outcome.INCOMPLETE)
    last = acknowledged(start_writer(path, first=sealed, batches=2, size=size))[-1]
    undisturbed = make(tmp_path / "undisturbed.db", [records(last)])
    assert evidence(path) == evidence(undisturbed)


ERASER = """
import sys
from tests.ledger_support import *
with Ledger.open(sys.argv[1]) as ledger:
    print("open", flush=True)
    erase(ledger, 3)
    print("erased", flush=True)
"""


def test_a_redaction_killed_at_any_moment_is_whole_or_not_there(tmp_path: Path) -> None:
    """And the same again, or clearing what it left, leaves no byte of the payload."""
    chance = random.Random(4)
    secret = chance.randbytes(300).hex().encode()
    batch = records(2000)
    batch[3] = batch[3]._replace(payload=batch[3].payload + secret)
    base = make(tmp_path / "base.db", [batch])
    for number in range(6):
        path = copy(base, tmp_path / f"killed-{number}.db")
        eraser = subprocess.Popen(
            [sys.executable, "-c", ERASER, str(path)], stdout=subprocess.PIPE, text=True, cwd=ROOT
        )
        assert eraser.stdout is not None
        assert eraser.stdout.readline() == "open\n"
        time.sleep(chance.uniform(0, 0.06))
        eraser.kill()
        said, _ = eraser.communicate(timeout=60)
        report = audited(path)
        assert report.outcome is Outcome.INTACT
        assert report.redacted in ((), (3,))
        assert report.redacted == (3,) or "erased" not in said
        with Ledger.open(path) as ledger:
            erase(ledger, *({3} - set(report.redacted)))
        left = b"".join(each.read_bytes() for each in tmp_path.glob(f"killed-{number}.db*"))
        assert not any(secret[at : at + 20] in left for at in range(0, len(secret) - 20, 10))
        assert audited(path).redacted == (3,)


def test_a_creation_killed_at_any_moment_can_be_repeated(tmp_path: Path) -> None:
    path = tmp_path / "killed.db"
    for delay in (0.1, 0.13, 0.16, 0.2, 0.25):
        writer = start_writer(path, batches=0, size=1)
        time.sleep(delay)
        writer.kill()
        writer.communicate()
    with Ledger.create(path, origin="tests", now=NOW, exist_ok=True) as ledger:
        append(ledger, records(3))
        assert audit(ledger).outcome is Outcome.INTACT


def test_several_writers_at_once_lose_nothing_and_tear_nothing(tmp_path: Path) -> None:
    """They begin with the creation itself; two of them offer the same records."""
    path = tmp_path / "shared.db"
    firsts = (0, 0, 10_000)
    writers = [start_writer(path, first=first, batches=25, size=20) for first in firsts]
    for writer in writers:
        assert len(acknowledged(writer)) == 25
    report = audited(path)
    assert (report.outcome, report.size) == (Outcome.INTACT, 2 * 25 * 20)


def test_writers_in_one_process_see_each_others_entries(tmp_path: Path) -> None:
    path = make(tmp_path / "shared.db", [records(10)])
    with Ledger.open(path) as one, Ledger.open(path) as other:
        for start in range(10, 400, 10):
            writer, reader = (one, other) if start % 20 else (other, one)
            admitted = append(writer, records(10, start=start))
            assert admitted == tuple(Admit(i) for i in range(start, start + 10))
            assert reader.size == start + 10
        assert append(one, records(400)) == append(other, records(400))
        assert audit(one).outcome is Outcome.INTACT


def test_readers_are_not_in_the_way_of_a_writer(tmp_path: Path) -> None:
    path = make(tmp_path / "shared.db", [records(100)])
    with Ledger.open(path, readonly=True) as reader, Ledger.open(path) as writer:
        reading = reader.entries()
        first = next(reading)
        append(writer, records(100, start=100))
        assert [first.header.index, *(entry.header.index for entry in reading)] == list(range(100))
        assert reader.size == 200


def test_an_audit_during_an_append_sees_one_moment(tmp_path: Path) -> None:
    path = make(tmp_path / "shared.db", [records(100, start=i) for i in range(0, 1000, 100)])
    with Ledger.open(path) as writer, Ledger.open(path, readonly=True) as reader:
        done = iter(range(1000, 9000, 10))

        def interfere(_done: int, _total: int) -> None:
            append(writer, records(10, start=next(done)))
            writer.checkpoint(NOW)

        report = audit(reader, progress=interfere)
        assert (report.outcome, report.size) == (Outcome.INTACT, 1000)
        assert writer.size == 1100


def test_a_writer_that_never_ends_is_a_busy_ledger(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "BUSY_SECONDS", 0.2)
    path = make(tmp_path / "busy.db", [records(3)])
    other = sqlite3.connect(str(path), isolation_level=None)
    try:
        other.execute("BEGIN IMMEDIATE")
        with Ledger.open(path) as ledger:
            with pytest.raises(LedgerBusyError) as raised:
                append(ledger, records(3, start=3))
            assert raised.value.path == path
            assert len(list(ledger.entries())) == 3
            other.execute("ROLLBACK")
            append(ledger, records(3, start=3))
            assert audit(ledger).size == 6
    finally:
        other.close()


def test_a_waiting_writer_builds_on_what_the_other_sealed(tmp_path: Path) -> None:
    path = make(tmp_path / "waiting.db", [records(3)])
    with Ledger.open(path) as ledger:
        with ledger.rows.connection.writing():
            waiting = threading.Thread(target=append_elsewhere, args=(path,))
            waiting.start()
            time.sleep(0.1)
        waiting.join(timeout=30)
        assert ledger.size == 6
        assert audit(ledger).outcome is Outcome.INTACT


def append_elsewhere(path: Path) -> None:
    with Ledger.open(path) as ledger:
        append(ledger, records(3, start=3))


@contextmanager
def small_disk(directory: Path) -> Iterator[Path]:
    """A file system of one megabyte."""
    directory.mkdir()
    mount = shutil.which("mount")
    if mount is None or os.geteuid():
        pytest.skip("a small file system takes the right to mount one")
    made = subprocess.run(
        [mount, "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(directory)],
        capture_output=True,
        text=True,
        check=False,
    )
    if made.returncode:
        pytest.skip(f"no small file system: {made.stderr.strip()}")
    try:
        yield directory
    finally:
        subprocess.run(["umount", str(directory)], check=True)


def fill(ledger: Ledger) -> int:
    """Append until there is no room; returns what was acknowledged."""
    noise = random.Random(5)
    for start in range(0, 10_000, 20):
        batch = [
            each._replace(payload=each.payload + noise.randbytes(2000))
            for each in records(20, start=start)
        ]
        try:
            append(ledger, batch)
        except LedgerUnwritableError:
            return start
    raise AssertionError


def test_a_full_disk_is_an_error_and_the_ledger_is_whole(tmp_path: Path) -> None:
    with small_disk(tmp_path / "small") as directory:
        path = directory / "full.db"
        with Ledger.create(path, origin="tests", now=NOW) as ledger:
            done = fill(ledger)
            assert done > 0
            with pytest.raises(LedgerFullError) as raised:
                append(ledger, [each._replace(payload=os.urandom(1 << 20)) for each in records(1)])
            assert raised.value.path == path
            report = audit(ledger)
            assert (report.outcome, report.size) == (Outcome.INTACT, done)
        assert audited(path).outcome is Outcome.INTACT


def test_a_ledger_that_finds_no_room_to_begin_is_an_error(tmp_path: Path) -> None:
    with small_disk(tmp_path / "small") as directory:
        (directory / "filler").write_bytes(bytes(1 << 20))
        with pytest.raises(LedgerUnwritableError):
            Ledger.create(directory / "full.db", origin="tests", now=NOW)


PRELUDE = """
import os
import resource
import sys
import pytest
from ledger.errors import *
from ledger.report import Outcome
from tests.ledger_support import *
from tests.faults.test_machine import fill
path = Path(sys.argv[1])
"""

LIMITED = """
resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, 400_000))
with Ledger.create(path, origin="tests", now=NOW) as ledger:
    print(fill(ledger))
"""


def test_a_file_that_may_not_grow_is_an_error_and_the_ledger_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "limited.db"
    done = run(LIMITED, path)
    report = audited(path)
    assert (report.outcome, report.size) == (Outcome.INTACT, int(done))
    assert report.size > 0


def run(code: str, path: Path) -> str:
    """Run code in another process; returns what it printed."""
    done = subprocess.run(
        [sys.executable, "-c", PRELUDE + code, str(path)],
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=False,
    )
    assert not done.returncode, done.stderr
    return done.stdout


UNPRIVILEGED = """
if not os.geteuid():  # permissions do not count for root; all is imported by now
    os.setgroups([])
    os.setgid(65534)
    os.setuid(65534)
"""

READER = """
for readonly in (True, False):
    with Ledger.open(path, readonly=readonly) as ledger:
        assert audit(ledger).outcome is Outcome.INTACT
        assert len(list(ledger.entries())) == 30
        with pytest.raises(LedgerReadOnlyError):
            append(ledger, records(1, start=900))
        with pytest.raises(LedgerReadOnlyError):
            ledger.checkpoint(NOW)
        assert audit(ledger).size == 30
"""


@pytest.fixture
def readable(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A directory that other users can reach."""
    directory = tmp_path_factory.mktemp("readable")
    parents = [directory, *directory.parents]
    for parent in parents:
        if parent.stat().st_uid == os.geteuid() and str(parent).startswith("/tmp/"):  # noqa: S108
            parent.chmod(parent.stat().st_mode | 0o055)
    yield directory
    directory.chmod(0o755)
    shutil.rmtree(directory)


@pytest.mark.parametrize(
    "protect",
    [
        lambda path: path.parent.chmod(0o555),
        lambda path: path.chmod(0o444),
        lambda path: (path.chmod(0o444), path.parent.chmod(0o555)),
    ],
    ids=["directory", "file", "both"],
)
def test_what_is_read_only_is_read_and_not_written(
    readable: Path, protect: Callable[[Path], object]
) -> None:
    path = readable / "test.db"
    with Ledger.create(path, origin="tests", now=NOW) as ledger:
        append(ledger, records(30))
    for each in (readable, path):
        each.chmod(0o777)
    protect(path)
    run(UNPRIVILEGED + READER, path)


CREATOR = """
with pytest.raises(LedgerReadOnlyError):
    Ledger.create(path, origin="tests", now=NOW)
"""


def test_no_ledger_is_made_in_a_read_only_directory(readable: Path) -> None:
    readable.chmod(0o555)
    run(UNPRIVILEGED + CREATOR, readable / "new.db")


UNREADABLE = """
with pytest.raises(UnreadableError, match="permission denied"):
    Ledger.open(path)
"""


def test_a_file_that_may_not_be_read_says_so(readable: Path) -> None:
    path = make(readable / "test.db", [records(3)])
    path.chmod(0o000)
    run(UNPRIVILEGED + UNREADABLE, path)


PENDING = """
with pytest.raises(UnreadableError, match="wal"):
    Ledger.open(path)
"""


def test_a_pending_log_that_cannot_be_read_is_not_passed_over(readable: Path) -> None:
    """Reading the file without its log would show an older ledger and call it intact."""
    path = make(readable / "test.db", [records(3)])
    with Ledger.open(path) as ledger:
        append(ledger, records(3, start=3))
        for name in ("test.db", "test.db-wal"):
            shutil.copyfile(readable / name, readable / f"copy-{name}")
    copied = readable / "copy-test.db"
    readable.chmod(0o555)
    run(UNPRIVILEGED + PENDING, copied)


def test_a_ledger_is_whole_together_with_its_log(tmp_path: Path) -> None:
    """What a kill leaves: a file and its log, and no process that knows of them."""
    path = make(tmp_path / "test.db", [records(3)])
    with Ledger.open(path) as ledger:
        append(ledger, records(3, start=3))
        for name in ("test.db", "test.db-wal"):
            shutil.copyfile(tmp_path / name, tmp_path / f"copy-{name}")
    report = audited(tmp_path / "copy-test.db")
    assert (report.outcome, report.size) == (Outcome.INTACT, 6)


def test_the_limits_of_this_process_are_as_they_were() -> None:
    assert resource.getrlimit(resource.RLIMIT_FSIZE)[0] == resource.RLIM_INFINITY


def test_errors_of_the_ledger_are_one_tree() -> None:
    assert issubclass(LedgerFullError, LedgerUnwritableError)
    assert issubclass(LedgerReadOnlyError, LedgerUnwritableError)
    assert issubclass(LedgerUnwritableError, LedgerError)
