"""Delivery: from records to files as CloudTrail leaves them in S3: unsorted, late, or twice."""

from __future__ import annotations

import zlib
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from tests.simulator.ids import Ids
from tests.simulator.recorder import spelled

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from tests.simulator.recorder import Json, Recorder

_HEADER: Final = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\xff"
"""gzip: deflate, no name, no time of day, so that the same records give the same bytes."""

Batch = tuple[str, str, datetime]
"""What shares a file: account, Region and the moment of delivery."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Habits:
    """How CloudTrail delivers.

    Attributes:
        every: files are written at multiples of this.
        lag: seconds from a call to its delivery, from and to.
        late: share of records that come hours late.
        twice: share of records that come in a second file too.
        arrivals: by event id, seconds from call to delivery; several mean so many files.
    """

    every: timedelta = timedelta(minutes=5)
    lag: tuple[int, int] = (90, 540)
    late: float = 0.03
    twice: float = 0.02
    arrivals: Mapping[str, tuple[int, ...]] = field(default_factory=dict)


def deliver(aws: Recorder, directory: Path, *, habits: Habits | None = None) -> tuple[Path, ...]:
    """Write everything that *aws* holds below *directory*; return the files, sorted.

    Trail files lie in CloudTrail's S3 layout; native events stand in one JSON Lines file for an
    account, as a rule of EventBridge with a stream behind it keeps them, the first of them twice.
    """
    ids = Ids(f"{aws.seed} delivery")
    written = [
        write_trail_file(directory, batch, records, suffix=ids.suffix())
        for batch, records in sorted(_batches(aws.records, ids, habits or Habits()).items())
    ]
    accounts = sorted({event["account"] for event in aws.notifications})
    for account in accounts:
        events = [event for event in aws.notifications if event["account"] == account]
        path = directory / "EventBridge" / f"{account}_events.jsonl"
        path.parent.mkdir(parents=True, exist_ok=True)
        by_time = sorted(events, key=lambda event: str(event["time"]))
        lines = [spelled(event) + b"\n" for event in [by_time[0], *by_time]]
        path.write_bytes(b"".join(lines))
        written.append(path)
    return tuple(sorted(written))


def _batches(records: Iterable[Json], ids: Ids, habits: Habits) -> Mapping[Batch, Sequence[Json]]:
    batches: dict[Batch, list[Json]] = {}
    lags: dict[Batch, int] = {}
    for record in records:
        at = datetime.fromisoformat(record["eventTime"])
        place = (record["recipientAccountId"], record["awsRegion"])
        # What happens within one period travels together, stragglers aside.
        lag = lags.setdefault(
            (*place, _rounded_up(at, habits.every)), ids.random.randint(*habits.lag)
        )
        if ids.random.random() < habits.late:
            lag = ids.random.randint(3600, 7 * 3600)
        arrivals = [lag]
        if ids.random.random() < habits.twice:
            arrivals.append(lag + ids.random.randint(300, 3600))
        for seconds in habits.arrivals.get(record["eventID"], arrivals):
            moment = _rounded_up(at + timedelta(seconds=seconds), habits.every)
            batches.setdefault((*place, moment), []).append(record)
    for together in batches.values():
        ids.random.shuffle(together)
    return batches


def _rounded_up(moment: datetime, step: timedelta) -> datetime:
    midnight = moment.replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight - -(moment - midnight) // step * step


def write_trail_file(
    directory: Path, batch: Batch, records: Sequence[Json], *, suffix: str
) -> Path:
    """Write one `{"Records": …}` file where and as CloudTrail would; return its path."""
    document = b'{"Records":[' + b",".join(spelled(record) for record in records) + b"]}"
    path = directory / trail_key(batch, suffix)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(gzipped(document))
    return path


def trail_key(batch: Batch, suffix: str) -> str:
    """Return the S3 key of a trail file, without prefix."""
    account, region, moment = batch
    folder = f"AWSLogs/{account}/CloudTrail/{region}/{moment:%Y/%m/%d}"
    return f"{folder}/{account}_CloudTrail_{region}_{moment:%Y%m%dT%H%MZ}_{suffix}.json.gz"


def gzipped(document: bytes, level: int = 9) -> bytes:
    """Compress a document; the header does not tell which Python did it, as gzip's own would."""
    deflate = zlib.compressobj(level, zlib.DEFLATED, -zlib.MAX_WBITS)
    body = deflate.compress(document) + deflate.flush()
    size = len(document) & 0xFFFFFFFF
    return _HEADER + body + zlib.crc32(document).to_bytes(4, "little") + size.to_bytes(4, "little")
