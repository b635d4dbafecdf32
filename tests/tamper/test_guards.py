"""The seat belt: what the triggers refuse, and that an audit sees when they were taken off."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlite_utils import Database

from ledger.errors import BrokenError
from ledger.schema import EVIDENCE
from ledger.store import Ledger
from tests.ledger_support import append, audited, copy, erase, evidence, make, records, sqlite3

TABLES = ("meta", "segments", "frames", "tiles", "checkpoints", "redactions")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three segments, three checkpoints, two full tiles and one that is begun; one redaction."""
    path = tmp_path_factory.mktemp("guards") / "made.db"
    make(path, [records(299)])
    with Ledger.open(path) as ledger:
        erase(ledger, 7)
    return make(path, [records(300, start=300), records(10, start=600)])


@pytest.fixture
def path(made: Path, tmp_path: Path) -> Path:
    return copy(made, tmp_path / "test.db")


@pytest.fixture(params=[True, False], ids=["recursive triggers", "plain"])
def conn(path: Path, request: pytest.FixtureRequest) -> Iterator[Any]:
    """Somebody else's connection, with and without the pragma that the ledger sets."""
    with closing(sqlite3.connect(str(path), isolation_level=None)) as connection:
        connection.execute(f"PRAGMA recursive_triggers = {request.param}")
        yield connection


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("verb", ["UPDATE", "UPDATE OR REPLACE", "DELETE"])
def test_nothing_is_updated_or_deleted(conn: Any, table: str, verb: str) -> None:
    columns = [row[1] for row in conn.execute(f"PRAGMA table_info({table})")]
    statements = [f"DELETE FROM {table}", f"DELETE FROM {table} WHERE {columns[0]} > 0"]
    if verb != "DELETE":
        statements = [f"{verb} {table} SET {column} = {column}" for column in columns]
    for statement in statements:
        with pytest.raises(sqlite3.IntegrityError, match="only grows"):
            conn.execute(statement)


INSERTS = {
    "a second meta row": "INTO meta SELECT 2, origin, created_at, digest FROM meta",
    "the meta row again": "INTO meta SELECT * FROM meta",
    "the first segment again": "INTO segments SELECT * FROM segments WHERE first = 0",
    "the last segment again": "INTO segments SELECT * FROM segments WHERE first = 600",
    "a segment with a gap": (
        "INTO segments SELECT 611, count, sealed_at, link, link, columns"
        " FROM segments WHERE first = 600"
    ),
    "a segment that overlaps": (
        "INTO segments SELECT 609, count, sealed_at, link, link, columns"
        " FROM segments WHERE first = 600"
    ),
    "a segment that is not linked": (
        "INTO segments SELECT 610, count, sealed_at, previous, link, columns"
        " FROM segments WHERE first = 600"
    ),
    "a segment without a key": (
        "INTO segments SELECT NULL, count, sealed_at, link, link, columns"
        " FROM segments WHERE first = 600"
    ),
    "a frame again": "INTO frames SELECT * FROM frames WHERE first = 600 AND lane = 0",
    "a frame of an older segment": "INTO frames VALUES (300, 9, x'00')",
    "a frame of no segment": "INTO frames VALUES (610, 0, x'00')",
    "a tile again": "INTO tiles SELECT * FROM tiles WHERE level = 0 AND n = 0",
    "the begun tile again": "INTO tiles SELECT * FROM tiles WHERE level = 0 AND n = 2",
    "a tile behind a begun one": "INTO tiles SELECT 0, 3, nodes FROM tiles WHERE n = 0",
    "a redaction again": "INTO redactions SELECT * FROM redactions",
    "a redaction that nothing orders": "INTO redactions VALUES (5, 0, 600, 0)",
    "a redaction by an entry of another segment": "INTO redactions VALUES (5, 0, 299, 0)",
    "a redaction that is done": "INTO redactions VALUES (5, 0, 610, 1)",
    "a checkpoint again": "INTO checkpoints SELECT * FROM checkpoints WHERE size = 299",
    "the last checkpoint again": "INTO checkpoints SELECT * FROM checkpoints WHERE size = 610",
    "a checkpoint between": "INTO checkpoints VALUES (450, 0, '')",
    "a checkpoint without a key": "INTO checkpoints VALUES (NULL, 0, '')",
    "a checkpoint beyond": "INTO checkpoints VALUES (611, 0, '')",
}


@pytest.mark.parametrize("statement", INSERTS.values(), ids=INSERTS.keys())
@pytest.mark.parametrize("verb", ["INSERT", "INSERT OR REPLACE", "REPLACE", "INSERT OR IGNORE"])
def test_no_insert_replaces_anything_or_lies_beside_the_end(
    conn: Any, verb: str, statement: str
) -> None:
    with pytest.raises(sqlite3.IntegrityError, match="only grows"):
        conn.execute(f"{verb} {statement}")


def test_an_upsert_does_not_update(conn: Any) -> None:
    with pytest.raises(sqlite3.IntegrityError, match="only grows"):
        conn.execute(
            "INSERT INTO checkpoints VALUES (610, 0, '')"
            " ON CONFLICT (size) DO UPDATE SET note = excluded.note"
        )


LONGER = "CAST(nodes || zeroblob(32) AS BLOB)"
GROWTHS = {
    "shorter": "substr(nodes, 1, 32)",
    "changed": "zeroblob(length(nodes) + 32)",
    "as it was": "nodes",
    "nothing": "NULL",
}


@pytest.mark.parametrize("nodes", GROWTHS.values(), ids=GROWTHS.keys())
def test_a_tile_only_grows_at_its_end(conn: Any, nodes: str) -> None:
    with pytest.raises(sqlite3.IntegrityError):
        conn.execute(f"UPDATE tiles SET nodes = {nodes} WHERE n = 2")
    conn.execute(f"UPDATE tiles SET nodes = {LONGER} WHERE n = 2")


def test_a_tile_does_not_move_while_it_grows(conn: Any) -> None:
    with pytest.raises(sqlite3.IntegrityError):
        conn.execute(f"UPDATE tiles SET n = 3, nodes = {LONGER} WHERE n = 2")


def test_sqlite_utils_upserts_are_refused(path: Path) -> None:
    with closing(Database(path)) as database:
        row = dict(next(iter(database["checkpoints"].rows)))
        checkpoints = database.table("checkpoints")
        changed = row | {"note": "x"}
        with pytest.raises(sqlite3.IntegrityError, match="only grows"):
            checkpoints.insert(changed, pk="size", replace=True)
        with pytest.raises(sqlite3.IntegrityError, match="only grows"):
            checkpoints.insert(changed, pk="size", ignore=True)
        with pytest.raises(sqlite3.IntegrityError, match="only grows"):
            checkpoints.upsert(changed, pk="size")
    assert audited(path).outcome == "intact"


@pytest.mark.parametrize("name", [name for name in EVIDENCE if name not in TABLES])
def test_a_dropped_trigger_is_a_broken_schema(path: Path, name: str) -> None:
    before = evidence(path)
    with closing(sqlite3.connect(str(path))) as conn:
        conn.execute(f"DROP TRIGGER {name}")
    report = audited(path)
    assert [(found.index, found.kind, found.detail) for found in report.breaks] == [
        (None, "schema", f"{name} is missing")
    ]
    assert evidence(path) == before
    with Ledger.open(path) as ledger, pytest.raises(BrokenError):
        append(ledger, records(1, start=900))


def test_a_transform_by_sqlite_utils_is_a_broken_schema(path: Path) -> None:
    with closing(Database(path)) as database:
        database.table("checkpoints").transform(rename={"note": "text"})
    kinds = {found.kind.value for found in audited(path).breaks}
    assert "schema" in kinds


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TRIGGER extra AFTER INSERT ON segments BEGIN SELECT 1; END",
        "CREATE INDEX extra ON frames (lane)",
        "ALTER TABLE meta ADD COLUMN extra ANY",
        """DROP TRIGGER tiles_update;
        CREATE TRIGGER tiles_update BEFORE UPDATE ON tiles BEGIN SELECT 1; END""",
    ],
)
def test_an_edited_schema_is_broken(path: Path, statement: str) -> None:
    with closing(sqlite3.connect(str(path))) as conn:
        conn.executescript(statement)
    report = audited(path)
    assert {(found.index, found.kind.value) for found in report.breaks} == {(None, "schema")}


def test_a_table_that_is_read_from_anothers_pages_is_a_broken_schema(path: Path) -> None:
    """Checkpoints that seem to be none at all would contradict nothing."""
    with closing(sqlite3.connect(str(path), isolation_level=None)) as conn:
        conn.execute("PRAGMA writable_schema = ON")
        conn.execute(
            "UPDATE sqlite_master SET rootpage = (SELECT rootpage FROM sqlite_master"
            " WHERE name = 'derived_notes') WHERE name = 'checkpoints'"
        )
    report = audited(path)
    assert (report.checkpoints_checked, report.outcome) == (0, "broken")
    assert {(found.index, found.kind.value) for found in report.breaks} == {(None, "schema")}


def test_a_changed_origin_is_a_broken_schema(path: Path) -> None:
    with closing(sqlite3.connect(str(path))) as conn:
        [(trigger,)] = conn.execute("SELECT sql FROM sqlite_master WHERE name = 'meta_update'")
        conn.executescript("DROP TRIGGER meta_update; UPDATE meta SET origin = 'another'")
        conn.executescript(trigger)
    assert [(found.index, found.kind.value) for found in audited(path).breaks] == [(None, "schema")]


def test_somebodys_own_tables_are_no_business_of_the_audit(path: Path) -> None:
    with closing(sqlite3.connect(str(path))) as conn:
        conn.execute("CREATE TABLE theirs (x)")
        conn.execute("ANALYZE")
    assert audited(path).outcome == "intact"


REWRITE = "UPDATE frames SET payloads = payloads WHERE first = {} AND lane = {}"


@pytest.fixture
def opened(path: Path) -> Iterator[Any]:
    """A bare connection in the middle of a redaction of entry 300: its order is the last entry."""
    with Ledger.open(path) as ledger:
        erase(ledger, 300)
    with closing(sqlite3.connect(str(path), isolation_level=None)) as connection:
        [(update, done)] = connection.execute(
            "SELECT a.sql, b.sql FROM sqlite_master a, sqlite_master b"
            " WHERE a.name = 'redactions_update' AND b.name = 'frames_erased'"
        )
        connection.execute("DROP TRIGGER redactions_update")
        connection.execute("UPDATE redactions SET is_done = 0 WHERE ordered_by = 610")
        connection.execute(update)
        assert done
        yield connection


def test_the_door_lets_one_rewrite_of_the_ordered_frame_through_and_shuts(opened: Any) -> None:
    for first, lane in ((0, 0), (0, 1), (300, 1), (600, 0), (610, 255)):
        with pytest.raises(sqlite3.IntegrityError, match="only grows"):
            opened.execute(REWRITE.format(first, lane))
    opened.execute(REWRITE.format(300, 0))
    with pytest.raises(sqlite3.IntegrityError, match="only grows"):
        opened.execute(REWRITE.format(300, 0))


@pytest.mark.parametrize("change", ["lane = 3", "first = 600", "first = 610, lane = 255"])
def test_a_frame_does_not_move_through_the_door(opened: Any, change: str) -> None:
    with pytest.raises(sqlite3.IntegrityError):
        opened.execute(f"UPDATE frames SET {change} WHERE first = 300 AND lane = 0")


def test_nothing_is_appended_while_the_door_stands_open(opened: Any) -> None:
    following = (
        "INSERT INTO segments SELECT first + count, count, sealed_at, link, link, columns"
        " FROM segments WHERE first = 610"
    )
    with pytest.raises(sqlite3.IntegrityError, match="only grows"):
        opened.execute(following)
    opened.execute(REWRITE.format(300, 0))
    opened.execute(following)
