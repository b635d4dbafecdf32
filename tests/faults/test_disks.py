"""Disks that are full, files that may not grow."""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from ledger.audit import audit
from ledger.errors import LedgerError, LedgerFullError, LedgerReadOnlyError, LedgerUnwritableError
from ledger.report import Outcome
from ledger.store import Ledger
from tests.faults.machine import fill, run
from tests.ledger_support import NOW, append, audited, records


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


def test_the_limits_of_this_process_are_as_they_were() -> None:
    assert resource.getrlimit(resource.RLIMIT_FSIZE)[0] == resource.RLIM_INFINITY


def test_errors_of_the_ledger_are_one_tree() -> None:
    assert issubclass(LedgerFullError, LedgerUnwritableError)
    assert issubclass(LedgerReadOnlyError, LedgerUnwritableError)
    assert issubclass(LedgerUnwritableError, LedgerError)
