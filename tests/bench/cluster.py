"""What a cluster takes: `python -m tests.bench.cluster --events 1000000 --folder bench`.

Seals, replays and asks one trail on this machine alone, on one worker of a core, and on two; and on
two the same trail with half of all records in one shard, and half of all usage on one key. What
comes out has to be the same everywhere: each shard's root, each row of each table, and the answer.
"""

from __future__ import annotations

import argparse
import gzip
import re
import shutil
import sys
from collections.abc import Iterable, Mapping
from hashlib import sha256
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
from tests.bench.stages import Place, Stages
from tests.simulator.trail import write_trail
from tests.spark.cluster import CONF, Cluster
from tests.warehoused import NOW

QUESTION: Final = "busiest_principals"
SETTINGS: Final = {
    # Queries are planned as whoever asks a cluster finds them planned, not as tests want it.
    **{name: value for name, value in CONF.items() if not name.startswith("spark.sql.")},
    "spark.executor.memory": "1g",
}
_KEY = re.compile(rb'arn:aws:kms:[^"]*:key/[^"]*')
_USES = re.compile(rb'"eventName":\s*"(?:Decrypt|GenerateDataKey)')

Sum = tuple[int, str]
"""How many rows, and a digest of them that does not depend on their order."""


def main() -> None:
    """Measure, print a row for each stage, then what follows from them."""
    asked = argparse.ArgumentParser(description="Measure a cluster against one machine.")
    asked.add_argument("--events", type=int, default=300_000)
    asked.add_argument("--folder", type=Path, required=True)
    given = asked.parse_args()
    folder = given.folder.absolute() / f"cluster-{given.events}"
    even, skewed = folder / "even", folder / "skewed"
    if not skewed.exists():
        write_trail(even, records=given.events, seed=1)
        skew(even, skewed)
    stages = Stages(given.events)
    for trail in (even, skewed):
        truth = _alone(trail, folder, stages)
        for workers in (1, 2) if trail is even else (2,):
            _compare(truth, _on_cluster(trail, folder, workers, stages), trail, workers)
    stages.conclude(even.name, skewed.name)


def _compare(truth: Mapping[str, Any], found: Mapping[str, Any], trail: Path, workers: int) -> None:
    """End with an error where a cluster says anything else than one machine."""
    others = [name for name, value in truth.items() if found[name] != value]
    where = str(Place(trail=trail.name, workers=workers))
    if others:
        sys.exit(f"{where} is not what one machine says: {', '.join(others)}")
    rows = sum(truth[name][0] for name in WRITTEN)
    shown = f"{len(truth['roots'])} roots, {rows} rows of {len(WRITTEN)} tables and the answer"
    sys.stdout.write(f"{where}: {shown} are those of one machine\n")


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


def _alone(trail: Path, folder: Path, stages: Stages) -> dict[str, Any]:
    fleet, out = folder / "alone", folder / "out"
    how, place = _how(fleet), Place(trail=trail.name)
    _empty(out)
    with stages.measured("seal", place):
        sources = list(find_sources([str(trail)]))
        names = {
            argument_of(one): names_in(one, how.remote.access)
            for one in sources
            if told(one) is None
        }
        made = [fill(one, how) for one in shares(sources, names)]
    stages.weighed("gzip", place, trail.rglob("*.json.gz"))
    stages.weighed("ledgers", place, fleet.rglob("*.db"))
    with Fleet.open(fleet) as opened:
        with stages.measured("replay", place):
            for name, sql in WRITTEN.items():
                with opened.query(sql, {}, now=NOW) as rows, (out / name).open("wb") as file:
                    file.writelines(rows.parquet())
        stages.weighed("warehouse", place, [opened.warehouse()])
        with stages.measured("query", place), opened.query(QUESTION, {}, now=NOW) as rows:
            answer = list(rows)
    roots = sorted((one["shard"], one["root"]) for one in made)
    return {"roots": roots, "answer": answer, **{name: _summed(out / name) for name in WRITTEN}}


def _on_cluster(trail: Path, folder: Path, workers: int, stages: Stages) -> dict[str, Any]:
    fleet, out, room = folder / "fleet", folder / "out", folder / f"logs-{workers}"
    how, place = _how(fleet), Place(trail=trail.name, workers=workers)
    _empty(out)
    room.mkdir(exist_ok=True)
    cluster = Cluster(room, workers=workers)
    try:
        with Engine.start(cluster.url, SETTINGS) as engine:
            with stages.measured("start", place, cluster.spent):
                engine.each(list(range(workers)), abs)
            with stages.measured("seal", place, cluster.spent):
                done = seal(engine, str(trail), how)
            with Fleet.open(fleet, reads=False) as opened:
                session = opened.session(at="end", known_at=None, rules=None, now=NOW)
                with stages.measured("replay", place, cluster.spent):
                    replay(engine, session, out)
                with stages.measured("query", place, cluster.spent):
                    answer = list(ask(engine, session, QUESTION, {}))
        stages.weighed("Parquet", place, out.rglob("*.parquet"))
    finally:
        cluster.close()
    roots = sorted((one["shard"], one["root"]) for one in done["shards"])
    return {"roots": roots, "answer": answer, **{name: _summed(out / name) for name in WRITTEN}}


def _empty(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)


def _summed(path: Path) -> Sum:
    """Sum up a table by digests of its rows: a million rows need no memory to be compared."""
    files = sorted(path.rglob("*.parquet")) if path.is_dir() else [path]
    rows = total = 0
    for file in files:
        for batch in pq.ParquetFile(file).iter_batches(65_536):
            digests = [_digest(row.items()) for row in batch.to_pylist()]
            rows, total = rows + len(digests), total + sum(digests)
    return rows, f"{total % 2**256:x}"


def _digest(cells: Iterable[tuple[str, Any]]) -> int:
    row = repr([(name, plain(value)) for name, value in cells])
    return int.from_bytes(sha256(row.encode(errors="surrogatepass")).digest())


if __name__ == "__main__":
    main()
