"""Room: the folder in which a benchmark runs: the trail, the ledger made of it, and scratch."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import msgspec

SEED: Final = 1
_LIST: Final = msgspec.json.Decoder(dict[str, list[msgspec.Raw]])


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """One trail of a size, and what is made of it.

    Attributes:
        folder: everything lies in it.
    """

    folder: Path

    @property
    def trail(self) -> Path:
        """The trail's folder."""
        return self.folder / "trail"

    @property
    def more(self) -> Path:
        """A thousand records that come later, of the same accounts."""
        return self.folder / "more.jsonl"

    @property
    def ledger(self) -> Path:
        """The ledger of the whole trail; not to be written by a task."""
        return self.folder / "trail.db"

    def scratch(self, name: str) -> Path:
        """Return where a file may be made, gone if it was there."""
        folder = self.folder / "scratch"
        folder.mkdir(exist_ok=True)
        for old in folder.glob(f"{name}*"):
            old.unlink()
        return folder / name

    def files(self) -> list[Path]:
        """Return the trail's CloudTrail files, in order."""
        return sorted(self.trail.rglob("*.json.gz"))

    def payloads(self) -> Iterator[list[bytes]]:
        """Yield the records of each file, verbatim."""
        for path in self.files():
            records = _LIST.decode(gzip.decompress(path.read_bytes()))["Records"]
            yield [bytes(record) for record in records]

    @property
    def compressed(self) -> int:
        """Bytes of the trail as it lies on disk."""
        return sum(path.stat().st_size for path in self.trail.rglob("*") if path.is_file())


def prepare(
    folder: Path, events: int, keys: int | None = None, databases: int | None = None
) -> Room:
    """Make the trail and its ledger, or take those that are there already."""
    from tests.bench.ours import seal
    from tests.simulator.trail import write_trail

    named = "-".join(str(one) for one in (events, keys, databases) if one is not None)
    room = Room(folder=folder / named)
    done = room.folder / "done"
    if done.exists():
        return room
    room.folder.mkdir(parents=True, exist_ok=True)
    write_trail(room.trail, records=events, seed=SEED, keys=keys, databases=databases)
    room.more.write_bytes(_later(room))
    for suffix in ("", "-wal", "-shm"):
        Path(f"{room.ledger}{suffix}").unlink(missing_ok=True)
    seal(room.ledger, room.trail)
    done.touch()
    return room


def _later(room: Room) -> bytes:
    """Return a thousand records of the last file as if they had come again, a year later."""
    payloads = next(iter(Room(folder=room.folder).payloads()))
    lines = []
    for number, payload in enumerate(payloads[:1000]):
        record = json.loads(payload)
        year = int(record["eventTime"][:4]) + 1
        record["eventTime"] = f"{year}-02-01T{number // 60 % 24:02d}:{number % 60:02d}:00Z"
        record["eventID"] = f"later-{number}"
        lines.append(json.dumps(record).encode())
    return b"\n".join(lines) + b"\n"
