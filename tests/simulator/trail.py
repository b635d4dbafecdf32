"""A big trail on disk: `python -m tests.simulator.trail --records 200000 --out DIR --seed 1`.

Almost all of it is usage (Decrypt, GenerateDataKey), mostly by services, as in a real trail; a few
records in a thousand make, change and delete keys and databases. Several accounts and Regions,
unsorted files, one record in a hundred comes twice.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final

from tests.simulator import estate
from tests.simulator.bulk import Bulk
from tests.simulator.delivery import gzipped, trail_key
from tests.simulator.ids import Ids
from tests.simulator.recorder import spelled

if TYPE_CHECKING:
    import random
    from collections.abc import Iterator, Sequence

    from tests.simulator.estate import Place

RECORDS_A_FILE: Final = 2000
FEWEST: Final = 100
_TWICE: Final = 0.01
_LATE: Final = 0.02
_FAST: Final = 3
"""zlib level: a 1.3 kB record to about 130 bytes, three times as fast as level 9."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What a trail holds, so that an ingest can be checked against it.

    Attributes:
        records: in all trail files, those that come twice included.
        control: distinct records that make, change or delete something.
        usage: distinct calls of KMS that only use a key.
        unrelated: distinct records of other services.
        duplicates: records that come a second time.
        events: native EventBridge events, in files beside the trail.
        files: trail files.
    """

    records: int
    control: int
    usage: int
    unrelated: int
    duplicates: int
    events: int
    files: int


@dataclass(slots=True, kw_only=True)
class _Desk:
    """Where the records of one place are put into files, one period after the other."""

    place: Place
    control: list[list[bytes]]
    bulk: Bulk
    draw: random.Random
    others: float
    seen: list[bytes] = field(default_factory=list)


def write_trail(
    directory: Path,
    *,
    records: int,
    seed: int = 1,
    others: float = 0.1,
    keys: int | None = None,
    databases: int | None = None,
) -> Written:
    """Write a trail below *directory*.

    Args:
        directory: new or empty.
        records: how many.
        seed: the same one writes the same bytes.
        others: share of other services.
        keys: how many in all; None for as many as fit to the records, at most 5,000.
        databases: how many in all; None for as many as fit to the records, at most 600.
    """
    files = -(-records // RECORDS_A_FILE)
    places = estate.build(
        seed=seed,
        places=min(9, files),
        keys=keys or min(5000, max(4, records // 100)),
        databases=databases or min(600, max(2, records // 800)),
    )
    ids, counts = Ids(f"{seed} trail"), Counter[str]()
    desks = [
        _desk(place, _share(files, len(places), number), ids, others)
        for number, place in enumerate(places)
    ]
    for number in range(files):
        desk, turn = desks[number % len(desks)], number // len(desks)
        payloads = list(_fill(desk, turn, _share(records, files, number), counts))
        ids.random.shuffle(payloads)
        _write_file(directory, desk, turn, ids.suffix(), payloads)
        counts["records"] += len(payloads)
    return _written(counts, files, _write_events(directory, places))


def _desk(place: Place, files: int, ids: Ids, others: float) -> _Desk:
    control = _periods(place, files)
    return _Desk(place=place, control=control, bulk=Bulk(place), draw=ids.random, others=others)


def _write_file(
    directory: Path, desk: _Desk, turn: int, suffix: str, payloads: list[bytes]
) -> None:
    moment = _end(desk, turn) + timedelta(minutes=5)
    batch = (desk.place.aws.account, desk.place.aws.region, moment)
    path = directory / trail_key(batch, suffix)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(gzipped(b'{"Records":[' + b",".join(payloads) + b"]}", _FAST))


def _written(counts: Counter[str], files: int, events: int) -> Written:
    told = {name: counts[name] for name in ("records", "control", "usage", "unrelated")}
    return Written(**told, duplicates=counts["duplicates"], events=events, files=files)


def _share(total: int, parts: int, number: int) -> int:
    return total // parts + (number < total % parts)


def _periods(place: Place, periods: int) -> list[list[bytes]]:
    control: list[list[bytes]] = [[] for _ in range(periods)]
    for record in place.aws.records:
        since = datetime.fromisoformat(record["eventTime"]) - place.aws.start
        control[min(periods - 1, int(since / estate.SPAN * periods))].append(spelled(record))
    return control


def _end(desk: _Desk, turn: int) -> datetime:
    return desk.place.aws.start + estate.SPAN * (turn + 1) / len(desk.control)


def _fill(desk: _Desk, turn: int, room: int, counts: Counter[str]) -> Iterator[bytes]:
    """Yield the records of one period: control, some of the period before again, and usage."""
    control = desk.control[turn]
    counts["control"] += len(control)
    yield from control
    left = max(room - len(control), 0)
    again = min(len(desk.seen), int(left * _TWICE))
    counts["duplicates"] += again
    yield from desk.seen[:again]
    unrelated = int(left * desk.others)
    counts["unrelated"] += unrelated
    usage = left - again - unrelated
    counts["usage"] += usage
    width = int(estate.SPAN.total_seconds()) / len(desk.control)
    for number in range(unrelated + usage):
        # A straggler was called one period before it is delivered.
        period = max(0, turn - (desk.draw.random() < _LATE))
        seconds = int(width * (period + desk.draw.random()))
        make = desk.bulk.unrelated if number < unrelated else desk.bulk.usage
        payload = make(desk.draw, seconds)
        if number == unrelated:
            desk.seen = control[:3]
        if unrelated <= number < unrelated + RECORDS_A_FILE * _TWICE:
            desk.seen.append(payload)
        yield payload


def _write_events(directory: Path, places: Sequence[Place]) -> int:
    total = 0
    for place in places:
        events = place.aws.notifications
        if not events:
            continue
        path = directory / "EventBridge" / f"{place.aws.account}_{place.aws.region}_events.jsonl"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"".join(spelled(event) + b"\n" for event in events))
        total += len(events)
    return total


def main(arguments: Sequence[str] | None = None) -> int:
    """Write a trail and print what it holds as JSON."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--records", type=int, required=True, help="at least 100")
    parser.add_argument("--out", type=Path, required=True, help="a new or empty directory")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--others", type=float, default=0.1, help="share of other services")
    asked = parser.parse_args(arguments)
    if asked.records < FEWEST:
        parser.error(f"--records must be at least {FEWEST}")
    if asked.out.exists() and any(asked.out.iterdir()):
        parser.error(f"{asked.out} is not empty")
    written = write_trail(asked.out, records=asked.records, seed=asked.seed, others=asked.others)
    sys.stdout.write(json.dumps(asdict(written)) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
