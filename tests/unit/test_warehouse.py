"""The warehouse: it says what the ledger says, however it came to be, and nothing else."""

from __future__ import annotations

import os
import shutil
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import duckdb
import pytest

from analyzer.case import Case
from analyzer.warehouse import build
from analyzer.warehouse.engine import Engine
from analyzer.warehouse.errors import ForeignFileError
from analyzer.warehouse.store import discard
from analyzer.warehouse.tables import TABLES
from tests.golden import ROOT
from tests.ingested import record
from tests.simulator.reading import delivered
from tests.warehoused import NOW, asked, sealed, spelled, story

PAYROLL = "payroll-key-deleted"
ASKED = [*(table.name for table in TABLES), "events", "usage", "copies", "grants"]


def _dump(ledger: Path) -> dict[str, list[tuple[object, ...]]]:
    """Return all rows of all tables and views of a ledger's warehouse, once it was asked."""
    asked(ledger, "SELECT 1")
    with duckdb.connect(ledger.with_suffix(".duckdb"), read_only=True) as file:
        return {name: file.sql(f"FROM {name} ORDER BY ALL").fetchall() for name in ASKED}


def test_what_was_added_bit_by_bit_equals_what_was_loaded_at_once(tmp_path: Path) -> None:
    payloads = delivered(ROOT / "samples/stories" / PAYROLL)
    for part in (payloads[:90], payloads[90:91], payloads[91:]):
        ledger = sealed(tmp_path, part)
        grown = _dump(ledger)
    ledger.with_suffix(".duckdb").unlink()
    whole = _dump(ledger)
    for name in ASKED:
        assert grown[name] == whole[name], name


def test_only_what_is_new_is_read_again(tmp_path: Path) -> None:
    ledger = sealed(tmp_path, [spelled(record(number)) for number in range(50)])
    seen: list[tuple[int, int]] = []
    for added in ([], [spelled(record(60))]):
        sealed(tmp_path, added)
        with Case.open(ledger) as case:
            case.warehouse(lambda done, of: seen.append((done, of)))
        with Case.open(ledger) as case, duckdb.connect(case.warehouse(), read_only=True) as file:
            file.execute("SELECT 1")
    assert seen == [(50, 50), (51, 51)]


def test_a_ledger_of_another_origin_at_the_same_place_is_read_anew(tmp_path: Path) -> None:
    ledger = sealed(tmp_path, [spelled(record(1)), spelled(record(2))])
    assert asked(ledger, "SELECT count(*) AS n FROM events") == [{"n": 2}]
    ledger.unlink()
    sealed(tmp_path, [spelled(record(number)) for number in (7, 8, 9)])
    ids = asked(ledger, "SELECT event_id FROM events ORDER BY entry_index")
    assert [row["event_id"][-1] for row in ids] == ["7", "8", "9"]


@pytest.mark.parametrize("where", [0, 5_000, 300_000, -4_000])
def test_a_damaged_file_is_made_anew(tmp_path: Path, where: int) -> None:
    ledger = story(tmp_path, PAYROLL)
    expected = _dump(ledger)
    path = ledger.with_suffix(".duckdb")
    raw = bytearray(path.read_bytes())
    raw[where : where + 3_000 if where >= 0 else None] = os.urandom(3_000)
    path.write_bytes(raw)
    for name in ASKED:
        rows = asked(ledger, f"FROM {name} ORDER BY ALL")
        assert len(rows) == len(expected[name])


def test_an_empty_or_cut_file_is_made_anew(tmp_path: Path) -> None:
    ledger = story(tmp_path, PAYROLL)
    expected = _dump(ledger)
    path = ledger.with_suffix(".duckdb")
    for kept in (0, 4_096, 100_000):
        path.write_bytes(path.read_bytes()[:kept])
        assert _dump(ledger) == expected


def test_a_database_of_somebody_else_is_left_alone(tmp_path: Path) -> None:
    ledger = story(tmp_path, PAYROLL)
    path = ledger.with_suffix(".duckdb")
    with duckdb.connect(path) as theirs:
        theirs.execute("CREATE TABLE mine AS SELECT 1 AS one")
    before = path.read_bytes()
    with pytest.raises(ForeignFileError):
        asked(ledger, "SELECT 1")
    assert path.read_bytes() == before


def test_two_at_once_get_the_same_answer_and_leave_one_file(tmp_path: Path) -> None:
    ledger = story(tmp_path, PAYROLL)
    with ThreadPoolExecutor(4) as pool:
        counts = list(pool.map(lambda _: asked(ledger, "SELECT count(*) n FROM events"), range(4)))
    assert {row["n"] for [row] in counts} == {280}
    assert sorted(path.suffix for path in tmp_path.iterdir()) == [".db", ".duckdb"]


def test_a_reader_is_not_disturbed_by_a_ledger_that_grows(tmp_path: Path) -> None:
    ledger = sealed(tmp_path, [spelled(record(number)) for number in range(3)])
    with Case.open(ledger) as case, case.query("SELECT * FROM events", {}, now=NOW) as rows:
        sealed(tmp_path, [spelled(record(9))])
        assert asked(ledger, "SELECT count(*) AS n FROM events") == [{"n": 4}]
        assert len(list(rows)) == 3


@pytest.mark.skipif(os.geteuid() == 0, reason="root writes everywhere")
def test_beside_a_ledger_that_cannot_be_written_the_file_lies_in_the_cache(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    folder = tmp_path / "sealed"
    folder.mkdir()
    ledger = story(folder, PAYROLL)
    folder.chmod(stat.S_IRUSR | stat.S_IXUSR)
    try:
        assert asked(ledger, "SELECT count(*) AS n FROM events") == [{"n": 280}]
        with Case.open(ledger) as case:
            assert case.warehouse().is_relative_to(tmp_path / "cache")
    finally:
        folder.chmod(stat.S_IRWXU)


def test_uses_that_are_counted_in_parts_add_up_to_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    payloads = delivered(ROOT / "samples/stories" / PAYROLL)
    for start in range(3):  # each key's uses lie in all parts
        ledger = sealed(tmp_path, payloads[start::3])
    texts = ("SELECT * FROM usage ORDER BY ALL", "SELECT * FROM rejects ORDER BY ALL")
    at_once = [asked(ledger, text) for text in texts]
    parts = "SELECT count(*) AS n FROM usage_parts"
    [whole] = asked(ledger, parts)
    ledger.with_suffix(".duckdb").unlink()
    monkeypatch.setattr(build, "BATCH", 1)
    monkeypatch.setattr(build, "_COUNTED", 1)
    assert [asked(ledger, text) for text in texts] == at_once
    assert asked(ledger, parts)[0]["n"] > whole["n"] > 0


def draft(ledger: Path, name: str, seconds: int = 0) -> Path:
    """Make a folder as somebody leaves it who is killed, touched so long ago."""
    folder = ledger.with_name(f".case.duckdb.{name}.part")
    (folder / "draft.duckdb.spilled").mkdir(parents=True)
    file = folder / "draft.duckdb"
    file.write_bytes(b"half of it")
    for path in (*folder.iterdir(), folder):
        then = path.stat().st_mtime - seconds
        os.utime(path, (then, then))
    return folder


def test_what_was_left_half_done_a_day_ago_is_removed_and_what_is_under_way_is_not(
    tmp_path: Path,
) -> None:
    ledger = story(tmp_path, PAYROLL)
    old, new = draft(ledger, "1-1", seconds=90_000), draft(ledger, "2-2", seconds=80_000)
    asked(ledger, "SELECT 1")
    assert (old.exists(), new.exists()) == (False, True)
    assert (new / "draft.duckdb").read_bytes() == b"half of it"


def test_what_is_to_be_known_no_more_is_not_left_in_a_draft_either(tmp_path: Path) -> None:
    ledger = story(tmp_path, PAYROLL)
    asked(ledger, "SELECT 1")
    left = draft(ledger, "2-2")
    with Case.open(ledger) as case:
        discard(case.ledger)
    assert not left.exists()
    assert not ledger.with_suffix(".duckdb").exists()


def test_what_memory_cannot_hold_lies_beside_the_draft_and_nowhere_else(tmp_path: Path) -> None:
    with Engine.writing(tmp_path / "draft.duckdb") as engine:
        [(place,)] = engine.rows("SELECT current_setting('temp_directory')")
    assert Path(place) == tmp_path / "draft.duckdb.spilled"


def test_the_file_is_readable_by_whoever_may_read_the_ledger_and_nobody_else(
    tmp_path: Path,
) -> None:
    ledger = story(tmp_path, PAYROLL)
    ledger.chmod(0o600)
    asked(ledger, "SELECT 1")
    assert stat.S_IMODE(ledger.with_suffix(".duckdb").stat().st_mode) == 0o600


def test_everything_there_is_to_ask_is_described_in_the_catalogue_of_the_file(
    tmp_path: Path,
) -> None:
    ledger = story(tmp_path, PAYROLL)
    undescribed = asked(
        ledger,
        "SELECT table_name AS name FROM duckdb_tables() WHERE comment IS NULL UNION ALL"
        " SELECT view_name FROM duckdb_views() WHERE comment IS NULL AND NOT internal UNION ALL"
        " SELECT function_name FROM duckdb_functions() WHERE comment IS NULL AND NOT internal"
        " UNION ALL SELECT table_name || '.' || column_name FROM duckdb_columns()"
        " WHERE comment IS NULL AND NOT internal"
        " AND table_name NOT IN ('usage_parts', 'stamp')",
    )
    assert undescribed == []


def test_the_file_opens_in_duckdb_itself_under_any_name(tmp_path: Path) -> None:
    ledger = story(tmp_path, PAYROLL)
    with Case.open(ledger) as case:
        path = case.warehouse()
    copy = tmp_path / "a copy's name.duckdb"
    shutil.copy(path, copy)
    with duckdb.connect(copy, read_only=True) as file:
        [[known]] = file.execute("SELECT known_at FROM scope").fetchall()
        states = file.execute("SELECT state FROM key_state_at('2026-03-05')").fetchall()
    assert known == 280
    assert len(states) == 7
