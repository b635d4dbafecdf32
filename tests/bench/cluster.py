"""What a cluster takes: `python -m tests.bench.cluster --events 300000 --folder bench`.

Seals, replays and asks one trail on this machine alone, on one worker of a core, and on two; and on
two the same trail with half of all records in one shard, and half of all usage on one key. What
comes out has to be the same everywhere. Processor time is that of the workers and what they start.
"""

from __future__ import annotations

import argparse
import gzip
import re
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import pyarrow.parquet as pq

from analyzer.cloudtrail.sources import find_sources
from analyzer.fleet.filling import Filling, fill
from analyzer.fleet.fleet import Fleet
from analyzer.ingest.belonging import names_in
from analyzer.ingest.shares import argument_of, shares, told
from analyzer.spark.asking import ask
from analyzer.spark.engine import Engine
from analyzer.spark.replaying import WRITTEN, replay
from analyzer.spark.sealing import seal
from analyzer.warehouse.rows import plain
from tests.spark.cluster import CONF, Cluster
from tests.warehoused import NOW

QUESTION: Final = "busiest_principals"
_KEY = re.compile(rb'arn:aws:kms:[^"]*:key/[^"]*')
_USES = re.compile(rb'"eventName":\s*"(?:Decrypt|GenerateDataKey)')


def main() -> None:
    """Measure, and print a row for each."""
    asked = argparse.ArgumentParser(description="Measure a cluster against one machine.")
    asked.add_argument("--events", type=int, default=300_000)
    asked.add_argument("--folder", type=Path, required=True)
    given = asked.parse_args()
    folder = given.folder.absolute() / f"cluster-{given.events}"
    even, skewed = folder / "even", folder / "skewed"
    if not skewed.exists():
        from tests.simulator.trail import write_trail

        write_trail(even, records=given.events, seed=1)
        skew(even, skewed)
    _say("measure", "where", "wall s", "cpu s", "cpu s a million")
    truth = {trail: _alone(trail, folder, given.events) for trail in (even, skewed)}
    for workers in (1, 2):
        for trail in (even, skewed) if workers == 2 else (even,):
            found = _on_cluster(trail, folder, workers, given.events)
            if found != truth[trail]:
                sys.exit(f"{trail.name} on {workers} workers is not what one machine says")


def skew(trail: Path, target: Path) -> None:
    """Write the same trail with half of its shards in one, and all usage there on one key."""
    places = sorted(trail.glob("AWSLogs/*/CloudTrail/*"))
    into = places[0].relative_to(trail)
    for number, place in enumerate(places):
        for path in sorted(place.rglob("*.json.gz")):
            home = place.relative_to(trail) if number > len(places) // 2 else into
            made = target / home / f"{number}-{path.name}"
            made.parent.mkdir(parents=True, exist_ok=True)
            text = gzip.decompress(path.read_bytes())
            if number <= len(places) // 2:
                text = _on_one_key(text)
            made.write_bytes(gzip.compress(text, 3))
    shutil.copytree(trail / "EventBridge", target / "EventBridge")


def _on_one_key(text: bytes) -> bytes:
    first = _KEY.search(text)
    key = b"arn:aws:kms:us-east-1:111122223333:key/00000000-0000-4000-8000-000000000000"
    if first is None:
        return text
    head, *records = text.split(b'{"eventVersion"')
    return b'{"eventVersion"'.join(
        [head, *(_KEY.sub(key, one) if _USES.search(one) else one for one in records)]
    )


def _how(fleet: Path) -> Filling:
    shutil.rmtree(fleet, ignore_errors=True)
    return Filling(fleet=fleet, now=NOW, chance=bytes(16))


def _alone(trail: Path, folder: Path, events: int) -> dict[str, Any]:
    where, fleet = f"{trail.name}, alone", folder / "alone"
    how = _how(fleet)
    with _measured("seal", where, events, _own):
        sources = list(find_sources([str(trail)]))
        names = {
            argument_of(one): names_in(one, how.remote.access)
            for one in sources
            if told(one) is None
        }
        made = [fill(one, how) for one in shares(sources, names)]
    with Fleet.open(fleet) as opened:
        with _measured("replay", where, events, _own):
            rows = {name: _sorted(list(_asked(opened, sql))) for name, sql in WRITTEN.items()}
        with _measured("query, warm", where, events, _own):
            list(_asked(opened, QUESTION))
    return {"roots": sorted((one["shard"], one["root"]) for one in made), **rows}


def _asked(fleet: Fleet, sql: str) -> Iterator[dict[str, Any]]:
    with fleet.query(sql, {}, now=NOW) as rows:
        yield from rows


def _on_cluster(trail: Path, folder: Path, workers: int, events: int) -> dict[str, Any]:
    where, fleet, out = f"{trail.name}, {workers} workers", folder / "fleet", folder / "out"
    how = _how(fleet)
    room = folder / f"logs-{workers}"
    room.mkdir(exist_ok=True)
    cluster = Cluster(room, workers=workers)
    try:
        with Engine.start(cluster.url, {**CONF, "spark.executor.memory": "1g"}) as engine:
            with _measured("start", where, events, cluster.spent):
                engine.each(list(range(workers)), abs)
            with _measured("seal", where, events, cluster.spent):
                done = seal(engine, str(trail), how)
            with Fleet.open(fleet, reads=False) as opened:
                session = opened.session(at="end", known_at=None, rules=None, now=NOW)
                with _measured("replay", where, events, cluster.spent):
                    replay(engine, session, out)
                with _measured("query", where, events, cluster.spent):
                    list(ask(engine, session, QUESTION, {}))
    finally:
        cluster.close()
    roots = sorted((one["shard"], one["root"]) for one in done["shards"])
    return {"roots": roots, **{name: _sorted(_read(out / name)) for name in WRITTEN}}


def _read(path: Path) -> list[dict[str, Any]]:
    return [{name: plain(value) for name, value in row.items()}
            for row in pq.read_table(path).to_pylist()]  # fmt: skip


def _sorted(rows: list[dict[str, Any]]) -> list[str]:
    return sorted(map(repr, rows))


@contextmanager
def _measured(what: str, where: str, events: int, spent: Callable[[], float]) -> Iterator[None]:
    wall, cpu = time.perf_counter(), spent()
    yield
    took = spent() - cpu
    _say(
        what,
        where,
        f"{time.perf_counter() - wall:.1f}",
        f"{took:.1f}",
        f"{took / events * 1e6:.1f}",
    )


def _own() -> float:
    return time.process_time()


def _say(*cells: str) -> None:
    sys.stdout.write(f"| {' | '.join(cells)} |\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
