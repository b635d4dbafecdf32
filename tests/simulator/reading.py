"""Reading: from delivered files back to payloads, so that tests need not trust the product."""

from __future__ import annotations

import gzip
import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from tests.simulator.recorder import spelled

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.simulator.recorder import Json


def trail_files(directory: Path) -> Iterator[tuple[Path, list[Json]]]:
    """Yield every trail file below *directory* with its records, in the order of the paths."""
    for path in sorted(directory.rglob("*_CloudTrail_*.json.gz")):
        yield path, json.loads(gzip.decompress(path.read_bytes()))["Records"]


def delivered_records(directory: Path) -> list[Json]:
    """Return the CloudTrail records below *directory*, twice where they lie twice."""
    return [record for _, records in trail_files(directory) for record in records]


def delivery_time(path: Path) -> datetime:
    """Return the moment in a trail file's name: when it was delivered."""
    return datetime.strptime(path.name.split("_")[3], "%Y%m%dT%H%MZ").replace(tzinfo=UTC)


def delivered_events(directory: Path) -> list[Json]:
    """Return the native events of every EventBridge file below *directory*."""
    return [
        json.loads(line)
        for path in sorted(directory.rglob("*.jsonl"))
        for line in path.read_bytes().splitlines()
    ]


def delivered(directory: Path) -> list[bytes]:
    """Return the payloads of everything below *directory*, byte for byte as they were spelled."""
    return [spelled(one) for one in (*delivered_records(directory), *delivered_events(directory))]
