"""Fleets in a few words: records split by account and Region, and what a fleet says of them."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from analyzer.case import Case
from analyzer.fleet.fleet import Fleet
from tests.golden import ROOT
from tests.warehoused import NOW

STORIES: Final = ROOT / "samples/stories"
SEED: Final = bytes(range(32))

_NUMBERS: Final = {
    "by", "digest_entry", "entry", "known_at", "provenance", "shard", "shard_entry", "twins",
}  # fmt: skip
_SAID: Final = re.compile(r"[Ee]ntry (\d+#)?\d+|#(\d+#)?\d+")


def shard_of(payload: bytes) -> str:
    """Return the name of the shard to which a record belongs."""
    body = json.loads(payload)
    account = body.get("recipientAccountId") or body.get("account")
    return f"{account}/{body.get('awsRegion') or body.get('region')}"


def split(payloads: Iterable[bytes]) -> dict[str, list[bytes]]:
    """Return records by shard."""
    parts: dict[str, list[bytes]] = defaultdict(list)
    for payload in payloads:
        parts[shard_of(payload)].append(payload)
    return dict(parts)


def seal(path: Path, sources: Iterable[Path]) -> None:
    """Seal files in the ledger at a path."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with Case.open_or_create(path, NOW) as case:
        case.ingest([str(source) for source in sources], clock=lambda: NOW)


def fleet_of(folder: Path, parts: Mapping[str, Iterable[bytes]]) -> Path:
    """Return a fleet of these records by shard; a shard that is there already grows."""
    for name, payloads in parts.items():
        source = folder.parent / f"{folder.name}.{name.replace('/', '-')}.jsonl"
        source.write_bytes(b"".join(payload + b"\n" for payload in payloads))
        seal(folder / f"{name}.db", [source])
    return folder


def fleet_of_stories(folder: Path) -> Path:
    """Return a fleet of all stories, by account and Region, their digest files included."""
    for name, sources in files_of_stories().items():
        seal(folder / f"{name}.db", sources)
    return folder


def files_of_stories() -> dict[str, list[Path]]:
    """Return the files of the stories by shard; the events of a story go where its trail goes."""
    found: dict[str, list[Path]] = defaultdict(list)
    for story in sorted(STORIES.iterdir()):
        places = sorted(story.glob("AWSLogs/*/CloudTrail*/*"))
        for place in places:
            found[f"{place.parent.parent.name}/{place.name}"].append(place)
        [home] = {f"{place.parent.parent.name}/{place.name}" for place in places}
        found[home].append(story / "EventBridge")
    return dict(found)


def sealed(folder: Path, *, signs: bool = False) -> dict[str, Any]:
    """Make a checkpoint of a fleet."""
    with Fleet.found(folder, NOW, SEED[:16]) as fleet:
        if signs:
            fleet.start_signing(None, NOW, SEED)
        return fleet.checkpoint(None, None, NOW)


def told(fleet: Fleet | Case) -> Iterator[tuple[str, Any]]:
    """Yield every answer about everything, without the numbers of entries."""
    whole = fleet.state(None, "end", None, NOW)
    yield "state", without_numbers(whole)
    for row in whole["databases"]:
        told = fleet.explain(row["resource_id"] or row["arn"], "end", None, NOW)
        yield row["arn"], without_numbers(told)
    for row in (*whole["keys"], *whole["databases"]):
        yield (
            f"timeline {row['arn']}",
            without_numbers(fleet.timeline(row["arn"], "end", None, NOW)),
        )
    yield "gaps", without_numbers(fleet.gaps("end", None, NOW))
    yield "find", without_numbers(fleet.find("end", None, NOW, is_whole=True))


def without_numbers(value: Any) -> Any:
    """Leave out the numbers of entries, which differ; sentences cite them too."""
    if isinstance(value, dict):
        return {name: without_numbers(one) for name, one in value.items() if name not in _NUMBERS}
    if isinstance(value, str):
        return _SAID.sub("entry", value)
    return [without_numbers(one) for one in value] if isinstance(value, list) else value
