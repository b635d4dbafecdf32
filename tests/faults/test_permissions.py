"""Files and folders that may not be written, or not be read."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ledger.store import Ledger
from tests.faults.machine import run
from tests.ledger_support import NOW, append, make, records

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
