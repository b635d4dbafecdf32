"""Fleets in a few words: records split by account and Region, and what a fleet says of them."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

from analyzer.case import Case
from analyzer.fleet.fleet import Fleet
from ledger.segment import deflate, inflate
from tests.golden import ROOT
from tests.ledger_support import sqlite3
from tests.simulator.actors import role
from tests.simulator.world import AwsSimulator
from tests.warehoused import NOW

STORIES: Final = ROOT / "samples/stories"
SEED: Final = bytes(range(32))
DAY: Final = timedelta(days=1)
OURS, THEIRS, AWAY = "111122223333/us-east-1", "999988887777/us-east-1", "111122223333/eu-west-1"

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


def estate() -> AwsSimulator:
    """A database under a key of another account, which is deleted; a copy in another Region."""
    aws = AwsSimulator(seed=11)
    theirs = aws.create_key("shared", at=0, account="999988887777")
    own = aws.create_key("own", at=0, region="eu-west-1")
    orders = aws.create_db_instance("orders", theirs, at=DAY, retention=0)
    ledgers = aws.create_db_instance("books", theirs, at=DAY, retention=0)
    snapshot = aws.create_db_snapshot(ledgers, "before", at=2 * DAY)
    aws.copy_db_snapshot(snapshot, "far", own, at=3 * DAY, region="eu-west-1")
    aws.decrypt(theirs, at=3 * DAY, context=orders.context)
    aws.schedule_key_deletion(
        theirs, 7, at=4 * DAY, actor=role("cleanup", "pat", account="999988887777")
    )
    aws.delete_key(theirs, at=12 * DAY, account="999988887777")
    return aws


@contextmanager
def forged(path: Path) -> Iterator[Any]:
    """A ledger's file, without its guards."""
    with closing(sqlite3.connect(path)) as conn, conn:
        for (name,) in conn.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'"):
            conn.execute(f"DROP TRIGGER {name}")
        yield conn


def damage(path: Path, lane: int) -> None:
    """Change a letter in the payloads of a lane."""
    with forged(path) as conn:
        rows = conn.execute("SELECT first, payloads FROM frames WHERE lane = ?", (lane,)).fetchall()
        for first, frame in rows:
            raw = inflate(bytes(frame), at_most=1 << 24)
            changed = deflate(raw.replace(b"eventName", b"eventNamf", 1))
            conn.execute(
                "UPDATE frames SET payloads = ? WHERE first = ? AND lane = ?",
                (changed, first, lane),
            )


def explained(folder: Path, name: str) -> dict[str, Any]:
    with Fleet.open(folder) as fleet:
        return fleet.told(fleet.ask(lambda case: case.explain(name, "end", None, NOW)))


def outcome(folder: Path, **options: Any) -> dict[str, Any]:
    with Fleet.open(folder) as fleet:
        return fleet.custody.audit(**options).document()
