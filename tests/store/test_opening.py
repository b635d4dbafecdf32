"""Ledgers are made, opened, and refused."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from ledger.audit import audit
from ledger.errors import (
    LedgerExistsError,
    LedgerMissingError,
    LedgerReadOnlyError,
    LedgerUnwritableError,
    MalformedError,
    NotALedgerError,
)
from ledger.store import Ledger
from tests.ledger_support import NOW, append, make, records, sqlite3


def test_there_is_one_ledger_per_path(path: Path, ledger: Ledger) -> None:
    append(ledger, records(3))
    with pytest.raises(LedgerExistsError):
        Ledger.create(path, origin="tests", now=NOW)
    with Ledger.create(path, origin="another", now=NOW, exist_ok=True) as same:
        assert (same.size, same.origin) == (3, "tests")


def test_a_creation_that_was_killed_half_way_is_completed(path: Path) -> None:
    path.touch()
    with pytest.raises(NotALedgerError):
        Ledger.open(path)
    with Ledger.create(path, origin="tests", now=NOW) as ledger:
        append(ledger, records(3))


@pytest.mark.parametrize("origin", ["", "two\nlines", "\x1b[31mred", "\ud800"])
def test_an_origin_is_one_line_of_printable_text(path: Path, origin: str) -> None:
    with pytest.raises(MalformedError):
        Ledger.create(path, origin=origin, now=NOW)
    assert not path.exists()


def test_nothing_at_the_path_is_a_missing_ledger(path: Path) -> None:
    with pytest.raises(LedgerMissingError):
        Ledger.open(path)
    assert not path.exists()
    path.symlink_to("nowhere")
    with pytest.raises(LedgerMissingError):
        Ledger.open(path)


def test_a_ledger_in_a_missing_directory_cannot_be_made(tmp_path: Path) -> None:
    with pytest.raises(LedgerUnwritableError, match="no directory"):
        Ledger.create(tmp_path / "a" / "b.db", origin="tests", now=NOW)


def _another_database(path: Path) -> None:
    with closing(sqlite3.connect(str(path))) as connection:
        connection.execute("CREATE TABLE segments (first INTEGER PRIMARY KEY)")


@pytest.mark.parametrize(
    "prepare_path",
    [
        lambda path: path.write_bytes(b""),
        lambda path: path.write_bytes(b"SQLite format 3\0"),
        lambda path: path.write_bytes(bytes(range(256)) * 100),
        lambda path: path.write_text('{"Records": []}'),
        lambda path: path.mkdir(),
        lambda path: path.symlink_to("/dev/null"),
        _another_database,
    ],
    ids=["empty", "cut header", "random bytes", "text", "directory", "device", "other database"],
)
def test_something_else_at_the_path_is_not_a_ledger(
    path: Path, prepare_path: Callable[[Path], object]
) -> None:
    prepare_path(path)
    before = path.read_bytes() if path.is_file() else None
    for readonly in (True, False):
        with pytest.raises(NotALedgerError) as raised:
            Ledger.open(path, readonly=readonly)
        assert raised.value.path == path
    if before:  # an empty file may become a ledger: a killed creation leaves one
        with pytest.raises(NotALedgerError):
            Ledger.create(path, origin="tests", now=NOW, exist_ok=True)
    assert before is None or path.read_bytes() == before


def test_a_ledger_of_a_later_format_is_not_read(path: Path, ledger: Ledger) -> None:
    ledger.rows.connection.execute("PRAGMA user_version = 2")
    with pytest.raises(NotALedgerError, match="its format is 2"):
        Ledger.open(path)


@pytest.mark.parametrize("readonly", [True, False])
def test_reading_leaves_the_file_as_it_is(tmp_path: Path, *, readonly: bool) -> None:
    path = make(tmp_path / "test.db", [records(100)])
    before = path.read_bytes()
    with Ledger.open(path, readonly=readonly) as ledger:
        assert len(list(ledger.entries())) == 100
        assert audit(ledger).outcome == "intact"
    assert path.read_bytes() == before
    assert [each.name for each in tmp_path.iterdir()] == ["test.db"]


def test_a_pending_log_is_read_and_left_alone(tmp_path: Path) -> None:
    path = make(tmp_path / "test.db", [records(100)])
    with Ledger.open(path) as ledger:
        append(ledger, records(100, start=100))
        copied = [
            shutil.copyfile(tmp_path / f"test.db{end}", tmp_path / f"copy.db{end}")
            for end in ("", "-wal")
        ]
    before = [each.read_bytes() for each in copied]
    with Ledger.open(copied[0], readonly=True) as ledger:
        assert audit(ledger).size == 200
    assert [each.read_bytes() for each in copied] == before


def test_a_ledger_opened_for_reading_refuses_every_write(path: Path, ledger: Ledger) -> None:
    append(ledger, records(3))
    with Ledger.open(path, readonly=True) as reader:
        with pytest.raises(LedgerReadOnlyError):
            append(reader, records(3, start=3))
        with pytest.raises(LedgerReadOnlyError):
            reader.checkpoint(NOW)
        assert reader.size == 3


def test_the_file_name_may_hold_anything(tmp_path: Path) -> None:
    path = make(tmp_path / "a?mode=memory#%41 ü\udcff.db", [records(2)])
    assert path.exists()
    with Ledger.open(path) as ledger:
        assert ledger.size == 2


def test_closing_twice_is_harmless(ledger: Ledger) -> None:
    ledger.close()
    ledger.close()
