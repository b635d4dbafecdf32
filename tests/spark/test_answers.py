"""Answers of a cluster: row by row those of one machine, and of a fleet that is damaged as well."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from analyzer import catalogue
from analyzer.fleet.fleet import Fleet
from analyzer.spark.engine import Engine
from analyzer.warehouse.asking import spelled
from analyzer.warehouse.errors import UntranslatableError
from analyzer.warehouse.pieces import FROM_FACTS
from analyzer.warehouse.rows import plain
from analyzer.warehouse.session import Session
from analyzer.warehouse.views import USAGE_BY_MINUTE
from tests.fleets import OURS, damage, fleet_of_stories
from tests.spark.cluster import PATIENCE, Cluster
from tests.spark.needed import MISSING, NOT_ASKED
from tests.warehoused import NOW, TYPED

if MISSING is not None:  # these modules cannot even be loaded without it
    pytest.skip(MISSING, allow_module_level=True)

from analyzer.spark.asking import ask
from analyzer.spark.replaying import WRITTEN, replay
from analyzer.spark.tables import Tables

pytestmark = pytest.mark.long

AT = "2026-03-11"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return fleet_of_stories(tmp_path_factory.mktemp("stories") / "fleet")


@pytest.fixture(scope="module")
def fleet(folder: Path) -> Iterator[Fleet]:
    with Fleet.open(folder) as opened:
        yield opened


@pytest.fixture(scope="module")
def tables(fleet: Fleet, engine: Engine) -> Tables:
    """The tables as a cluster has them, the records read once for all questions."""
    made = Tables(engine, _session(fleet))
    made.frame("FROM records")
    engine.session.table("records").persist()
    return made


def _session(fleet: Fleet, at: str = AT) -> Session:
    return fleet.session(at=at, known_at=None, rules=None, now=NOW)


def _typed(name: str) -> dict[str, str]:
    wanted = [one.name for one in catalogue.query(name).parameters]
    return {one: TYPED[one] for one in wanted if one in TYPED}


@pytest.mark.parametrize("name", sorted(set(catalogue.names()) - set(NOT_ASKED)))
def test_a_cluster_answers_a_question_as_one_machine_does(
    name: str, fleet: Fleet, tables: Tables
) -> None:
    sql, given = spelled(tables.session, name, _typed(name))
    found = tables.done(tables.frame(sql, given).toArrow)
    with fleet.query(name, _typed(name), at=AT, now=NOW) as rows:
        assert _rows(found) == list(rows)


def test_columns_that_nobody_named_are_called_as_on_one_machine(
    fleet: Fleet, engine: Engine
) -> None:
    sql = "SELECT account, count(*), max(event_time) FROM events GROUP BY account ORDER BY account"
    rows = ask(engine, _session(fleet), sql, {})
    with fleet.query(sql, {}, at=AT, now=NOW) as expected:
        assert (rows.columns, rows.types) == (expected.columns, expected.types)
        assert list(rows) == list(expected)


@pytest.mark.parametrize("name", NOT_ASKED)
def test_what_has_no_equal_in_spark_is_refused_with_a_reason(name: str, tables: Tables) -> None:
    with pytest.raises(UntranslatableError, match=NOT_ASKED[name]):
        tables.frame(catalogue.query(name).sql)


@pytest.mark.parametrize("name", sorted(WRITTEN))
def test_what_a_replay_writes_is_what_one_machine_derives(
    name: str, fleet: Fleet, written: Path
) -> None:
    sql = {**WRITTEN, "usage_by_minute": USAGE_BY_MINUTE}[name]
    with fleet.query(sql, {}, at=AT, now=NOW) as rows:
        expected = list(rows)
    found = pq.read_table(written / name)
    assert found.schema.names == list(expected[0]) if expected else found.num_rows == 0
    assert _sorted(_rows(found)) == _sorted(expected)


@pytest.fixture(scope="module")
def written(fleet: Fleet, engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("replayed") / "out"
    done = replay(engine, _session(fleet), out)
    assert {one["table"] for one in done["tables"]} > {table.name for table in FROM_FACTS}
    return out


@pytest.mark.parametrize(
    ("lane", "sql"),
    [(0, "SELECT name, key_arn FROM databases"), (1, "SELECT count(*) AS n FROM usage")],
)
def test_a_shard_that_turns_out_to_be_damaged_is_left_out_and_the_rest_answers(
    lane: int, sql: str, engine: Engine, tmp_path: Path
) -> None:
    folder = fleet_of_stories(tmp_path / "fleet")
    damage(folder / f"{OURS}.db", lane)
    with Fleet.open(folder, reads=False) as opened:
        assert not opened.lost
        rows = opened.ask(lambda case: list(ask(engine, _session_of(case), sql, {})))
        assert [one.name for one in opened.lost] == [OURS]
    (folder / f"{OURS}.db").unlink()
    with Fleet.open(folder) as rest, rest.query(sql, {}, at=AT, now=NOW) as expected:
        assert _sorted(rows) == _sorted(list(expected))


def test_a_worker_killed_in_a_replay_changes_no_row(
    folder: Path, engine: Engine, cluster: Cluster, written: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"

    def run() -> None:
        with Fleet.open(folder, reads=False) as opened:  # a ledger is used in one thread
            replay(engine, _session(opened), out)

    with ThreadPoolExecutor(1) as aside:
        running = aside.submit(run)
        until = time.monotonic() + PATIENCE
        while not (out / "subjects").exists() and time.monotonic() < until:
            assert not running.done()
            time.sleep(0.01)
        cluster.kill_worker()
        cluster.add_worker()
        running.result()
    for name in WRITTEN:
        found, calm = (_rows(pq.read_table(one / name)) for one in (out, written))
        assert _sorted(found) == _sorted(calm)


def _session_of(case: Any) -> Session:
    session: Session = case.session(at=AT, known_at=None, rules=None, now=NOW)
    return session


def _rows(found: Any) -> list[dict[str, Any]]:
    names = found.schema.names
    columns = [column.to_pylist() for column in found.columns]
    return [dict(zip(names, map(plain, row), strict=True)) for row in zip(*columns, strict=True)]


def _sorted(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    key: Callable[[dict[str, Any]], str] = repr
    return sorted(rows, key=key)
