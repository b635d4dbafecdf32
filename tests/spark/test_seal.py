"""Sealing on a cluster: what one machine would have sealed, whatever dies in between."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from analyzer.case import Case
from analyzer.fleet.filling import Filling
from analyzer.fleet.fleet import Fleet
from analyzer.spark.engine import Engine
from analyzer.spark.sealing import seal
from tests.fleets import OURS, SEED, STORIES, split, told
from tests.simulator.trail import write_trail
from tests.spark.cluster import PATIENCE, Cluster
from tests.warehoused import NOW, story

pytestmark = pytest.mark.long


def _how(fleet: Path) -> Filling:
    return Filling(fleet=fleet, now=NOW, chance=SEED[:16])


def _roots(done: dict[str, Any]) -> dict[str, tuple[int, str]]:
    return {one["shard"]: (one["size"], one["root"]) for one in done["shards"]}


def test_the_fleet_says_what_one_ledger_says_and_doing_it_again_adds_nothing(
    engine: Engine, tmp_path: Path
) -> None:
    done = seal(engine, str(STORIES), _how(tmp_path / "fleet"))
    assert len(done["shards"]) == 4
    assert not any(one["failed"] or one["error"] for one in done["shards"])
    names = [one.name for one in STORIES.iterdir()]
    with Fleet.open(tmp_path / "fleet") as fleet, Case.open(story(tmp_path, *names)) as case:
        assert fleet.custody.audit().document()["outcome"] == "intact"
        assert fleet.size == case.ledger.size
        assert dict(told(fleet)) == dict(told(case))
    again = seal(engine, str(STORIES), _how(tmp_path / "fleet"))
    assert again["totals"]["appended"] == 0
    assert _roots(again) == _roots(done)


def test_records_of_a_file_whose_place_says_nothing_go_where_they_belong(
    engine: Engine, tmp_path: Path
) -> None:
    [source] = sorted(STORIES.glob("payroll-key-deleted/EventBridge/*"))[:1]
    ours = source.read_bytes().splitlines()
    theirs = [line.replace(b"111122223333", b"999988887777") for line in ours]
    folder = tmp_path / "logs"
    folder.mkdir()
    (folder / "mixed.jsonl").write_bytes(b"\n".join((*ours, *theirs, b'{"Records": [{}]}')))
    done = seal(engine, str(folder), _how(tmp_path / "fleet"))
    sealed = {one["shard"]: one for one in done["shards"]}
    other = OURS.replace("111122223333", "999988887777")
    assert set(sealed) == {OURS, other, "unplaced"}
    for name in (OURS, other):
        assert sealed[name]["appended"] == sealed[name]["size"] > 0
        assert sealed[name]["appended"] + sealed[name]["duplicates"] == len(ours)
    assert (sealed["unplaced"]["rejected"], sealed["unplaced"]["size"]) == (1, 1)
    with Case.open(tmp_path / "fleet" / f"{other}.db") as case:
        payloads = [one.payload for one in case.ledger.entries()]
    assert set(split(filter(None, payloads))) == {other}


def test_a_worker_killed_on_the_way_changes_nothing(
    engine: Engine, cluster: Cluster, tmp_path: Path
) -> None:
    write_trail(tmp_path / "trail", records=60_000, seed=3)
    calm = seal(engine, str(tmp_path / "trail"), _how(tmp_path / "calm"))
    fleet = tmp_path / "fleet"
    with ThreadPoolExecutor(1) as aside:
        running = aside.submit(seal, engine, str(tmp_path / "trail"), _how(fleet))
        until = time.monotonic() + PATIENCE
        while len(list(fleet.glob("*/.sealing-*"))) < 2 and time.monotonic() < until:
            assert not running.done()
            time.sleep(0.01)
        cluster.kill_worker()
        cluster.add_worker()
        done = running.result()
    assert _roots(done) == _roots(calm)
    assert len(done["shards"]) > 4
    assert not list(fleet.glob("*/.sealing-*"))
    with Fleet.open(fleet) as opened:
        assert opened.custody.audit().document()["outcome"] == "intact"
