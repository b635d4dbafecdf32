"""Sealing from S3 on a cluster: the same shards as from a folder, and no request too many."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest

from analyzer.fleet.filling import Filling
from analyzer.fleet.fleet import Fleet
from analyzer.s3.access import Access, Remote
from analyzer.s3.layout import Selection
from analyzer.spark.engine import Engine
from analyzer.spark.sealing import seal
from tests.fleets import SEED, STORIES
from tests.s3.store import ENVIRONMENT, Store, served
from tests.spark.cluster import Cluster
from tests.warehoused import NOW

pytestmark = pytest.mark.long

STORY = STORIES / "audit-snapshots-wiped"
OTHER = STORIES / "payroll-key-deleted"


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with served() as found:
        yield found


@pytest.fixture
def store(
    url: str, cluster: Cluster, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Store]:
    """A bucket with the log files of two accounts; nothing but options leads to its server."""
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(cluster.folder / "credentials"))
    for name in ("AWS_PROFILE", "AWS_ENDPOINT_URL"):
        monkeypatch.delenv(name, raising=False)
    made = Store.made(url, f"b{abs(hash(request.node.name))}")
    for story in (STORY, OTHER):
        for path in sorted((story / "AWSLogs").rglob("*.json.gz")):
            if "CloudTrail-Digest" not in str(path):
                made.put(path.relative_to(story).as_posix(), path.read_bytes())
    made.disturb()
    yield made
    made.disturb()
    made.close()


def _how(store: Store, fleet: Path, **options: Any) -> Filling:
    remote = Remote(access=Access(endpoint=store.url, profile="audit"), **options)
    return Filling(fleet=fleet, now=NOW, chance=SEED[:16], remote=remote)


def _roots(done: dict[str, Any]) -> dict[str, tuple[int, str]]:
    return {one["shard"]: (one["size"], one["root"]) for one in done["shards"]}


def test_shards_are_those_of_the_same_files_on_disk_and_nothing_is_read_twice(
    engine: Engine, store: Store, tmp_path: Path
) -> None:
    far = seal(engine, f"{store.address}/AWSLogs", _how(store, tmp_path / "far"))
    keys = {one["key"].split("/")[0] for one in store.asked(method="GET")}
    assert keys == {"AKIAAUDIT"}
    logs = tmp_path / "logs"
    for story in (STORY, OTHER):
        for path in (story / "AWSLogs").rglob("*.json.gz"):
            if "CloudTrail-Digest" not in str(path):
                copy = logs / path.relative_to(story)
                copy.parent.mkdir(parents=True, exist_ok=True)
                copy.write_bytes(path.read_bytes())
    near = seal(engine, str(logs), _how(store, tmp_path / "near"))
    assert _roots(far) == _roots(near)
    assert sorted(_roots(far)) == ["111122223333/us-east-1", "444455556666/eu-west-1"]
    assert not any(one["failed"] or one["error"] for one in far["shards"])
    with Fleet.open(tmp_path / "far") as fleet:
        assert fleet.custody.audit().document()["outcome"] == "intact"
    store.disturb()
    again = seal(engine, f"{store.address}/AWSLogs", _how(store, tmp_path / "far"))
    assert store.downloads() == []
    assert (again["totals"]["appended"], _roots(again)) == (0, _roots(far))


def test_only_what_is_asked_for_is_listed_and_read(
    engine: Engine, store: Store, tmp_path: Path
) -> None:
    whole = seal(engine, store.address, _how(store, tmp_path / "whole"))
    [name] = [one for one in _roots(whole) if one.startswith("444455556666")]
    everything = [one for one in store.downloads() if "/444455556666/" in one]
    chosen = Selection(accounts=frozenset({"444455556666"}), regions=frozenset({"eu-west-1"}))
    store.disturb()
    one = seal(engine, store.address, _how(store, tmp_path / "one", selection=chosen))
    assert _roots(one) == {name: _roots(whole)[name]}
    assert not any("111122223333/" in prefix for prefix in store.listed())
    assert sorted(store.downloads()) == sorted(everything)

    [first, *_, last] = sorted(map(_day, everything))
    within = replace(chosen, since=_moment(first), until=_moment(first))
    store.disturb()
    seal(engine, store.address, _how(store, tmp_path / "some", selection=within))
    near = {first, first + timedelta(days=1)}  # what is delivered late lies in the day after
    assert set(map(_day, store.downloads())) == near & set(map(_day, everything))
    assert last not in near


def test_an_account_that_may_not_be_listed_stops_no_other(
    engine: Engine, store: Store, tmp_path: Path
) -> None:
    store.disturb({"kind": "denied", "times": 99, "query": "prefix=AWSLogs/111122223333/"})
    done = seal(engine, store.address, _how(store, tmp_path / "fleet"))
    [failed] = [one for shard in done["shards"] for one in shard["failed"]]
    assert failed["source"].endswith("AWSLogs/111122223333/")
    assert "AccessDenied" in failed["error"]
    [whole] = [one for one in done["shards"] if one["shard"] == "444455556666/eu-west-1"]
    assert whole["size"] == whole["appended"] > 0
    assert whole["error"] is None


def _day(key: str) -> date:
    """Return the day of the folder in which an object lies."""
    return date.fromisoformat("-".join(key.split("/")[-4:-1]))


def _moment(day: date) -> int:
    return int(datetime.combine(day, time(), UTC).timestamp()) * 1_000_000
