"""Questions to the warehouse: what SQL may reach, how long it may take, of which moment it is."""

from __future__ import annotations

import json
from pathlib import Path

import duckdb
import pytest

from analyzer.case import Case
from analyzer.warehouse.errors import QueryFailedError, QueryTimeoutError
from tests.ingested import record
from tests.warehoused import NOW, asked, sealed, spelled, story

PAYROLL = "payroll-key-deleted"


@pytest.fixture(scope="module")
def one_record(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A ledger of one record."""
    return sealed(tmp_path_factory.mktemp("one"), [spelled(record(1))])


REFUSED = [
    "SELECT * FROM read_text('/etc/passwd')",
    "SELECT * FROM '/etc/passwd'",
    "SELECT * FROM glob('*')",
    "SELECT * FROM read_csv('http://localhost/x')",
    "SELECT * FROM duckdb_secrets()",
    "COPY events TO 'out.csv'",
    "EXPORT DATABASE 'out'",
    "ATTACH 'other.db'",
    "INSTALL httpfs",
    "LOAD httpfs",
    "SET memory_limit = '100GB'",
    "SET enable_external_access = true",
    "RESET lock_configuration",
    "CREATE TABLE mine (i INTEGER)",
    "CREATE TEMPORARY TABLE mine (i INTEGER)",
    "DROP TABLE records",
    "DELETE FROM records",
    "INSERT INTO scope VALUES (NULL, 1)",
    "UPDATE stamp SET size = 0",
    "PRAGMA database_list",
    "FORCE CHECKPOINT",
    "SELECT 1; SELECT 2",
    "",
    "SELEC 1",
    "SELECT * FROM tables_of_this_process",
]


@pytest.mark.parametrize("sql", REFUSED)
def test_sql_reaches_nothing_but_the_warehouse_and_changes_nothing(
    one_record: Path, monkeypatch: pytest.MonkeyPatch, sql: str
) -> None:
    monkeypatch.chdir(one_record.parent)
    tables_of_this_process = duckdb.sql("SELECT 1")  # what DuckDB might find
    with pytest.raises(QueryFailedError):
        asked(one_record, sql)
    assert tables_of_this_process
    assert asked(one_record, "SELECT count(*) AS n FROM events") == [{"n": 1}]
    assert {path.suffix for path in one_record.parent.iterdir()} == {".db", ".duckdb", ".jsonl"}


def test_a_runaway_query_is_stopped(tmp_path: Path) -> None:
    ledger = sealed(tmp_path, [spelled(record(1))])
    endless = (
        "SELECT count(*) FROM range(10000000) a, range(10000000) b WHERE a.range + b.range = 3"
    )
    with pytest.raises(QueryTimeoutError):
        asked(ledger, endless, seconds=0.3)


def test_a_query_has_a_limit_of_memory_and_spills_nothing_to_disk(one_record: Path) -> None:
    settings = "current_setting('memory_limit') AS most, current_setting('temp_directory') AS spill"
    assert asked(one_record, f"SELECT {settings}") == [{"most": "953.6 MiB", "spill": ""}]


def test_what_was_known_earlier_is_asked_of_the_first_entries_only(tmp_path: Path) -> None:
    ledger = story(tmp_path, PAYROLL)
    part = tmp_path / "part"
    part.mkdir()
    sealed(part, [])
    with Case.open(ledger) as case:
        payloads = [entry.payload or b"" for entry in case.ledger.entries(0, 120)]
    early = sealed(part, payloads)
    for name in ("events", "key_spans", "database_spans", "copies", "usage", "grants", "scope"):
        columns = "* EXCLUDE (sealed_at, source)" if name == "events" else "*"
        query = f"SELECT {columns} FROM {name} ORDER BY ALL"
        assert asked(ledger, query, known_at="#120") == asked(early, query), name


def test_the_moment_asked_about_is_the_newest_event_unless_said_otherwise(tmp_path: Path) -> None:
    ledger = story(tmp_path, PAYROLL)
    query = "SELECT verdict FROM database_state_at(asked_at()) WHERE name = 'payroll'"
    assert asked(ledger, query) == [{"verdict": "unrecoverable"}]
    assert asked(ledger, query, at="2026-03-04") == [{"verdict": "recoverable-with-action"}]


def test_findings_are_those_of_the_moment_asked_about(tmp_path: Path) -> None:
    ledger = story(tmp_path, PAYROLL)
    query = "SELECT rule, is_open, entry_index, entries FROM findings ORDER BY ALL"
    for at in ("end", "2026-03-04", "2026-03-03T17:00:00Z"):
        with Case.open(ledger) as case:
            found = case.findings(at, None, NOW)
        expected = [
            (one.rule, one.is_open, one.evidence[0].entry, [by.entry for by in one.evidence])
            for one in found
        ]
        assert [tuple(row.values()) for row in asked(ledger, query, at=at)] == sorted(expected)
        assert expected


def test_rows_are_json_values_whatever_their_type(one_record: Path) -> None:
    [row] = asked(
        one_record,
        "SELECT TIMESTAMP '2026-01-08 03:00:00.5' AS t, DATE '2026-01-08' AS d, 1.5 AS x, 2.0 AS y,"
        " INTERVAL 90 SECOND AS i, '\\xFF'::BLOB AS b, [1, NULL] AS l, {'a': 1} AS s,"
        " MAP {'k': 2} AS m,"
        " TIMESTAMPTZ '2026-01-08 03:00:00+00' AS z, 1::HUGEINT AS h, NULL AS n, 3 AS n",
    )
    assert json.loads(json.dumps(row)) == {
        "t": "2026-01-08T03:00:00.5Z", "d": "2026-01-08", "x": 1.5, "y": 2, "i": 90.0, "b": "ff",
        "l": [1, None], "s": {"a": 1}, "m": [["k", 2]], "z": "2026-01-08T03:00:00Z", "h": 1,
        "n": None, "n_2": 3,
    }  # fmt: skip
