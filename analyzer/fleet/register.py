"""Register: the fleet's own ledger, `fleet.db`, in which every checkpoint of its shards is sealed.

Its tree is the Merkle tree over the shards' checkpoints, its checkpoint is the fleet's. It grows by
an entry for each shard that has grown, so that a fleet has a past like a ledger has.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self
from uuid import UUID

from analyzer.cloudtrail.record import content, identify
from analyzer.moment import Moment
from analyzer.proof.shard_head import ShardHead
from ledger.admission import Admit, Candidate
from ledger.entry import OWN_LANE, Entry, Kind
from ledger.errors import LedgerMissingError, MalformedError
from ledger.hashing import sha256
from ledger.store import Ledger

FILE: Final = "fleet.db"
"""The name of the file, in the fleet's folder."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SealedHead:
    """A head of a shard that the fleet sealed.

    Attributes:
        entry: where, in the fleet's own ledger.
        head: what it says.
    """

    entry: int
    head: ShardHead


class Register:
    """An open fleet ledger, and what it says of the shards."""

    def __init__(self, ledger: Ledger) -> None:
        """Take the open ledger and read it; raises BrokenError."""
        self.ledger = ledger
        self.sealed: tuple[SealedHead, ...] = ()
        self._read()

    @classmethod
    def open(cls, folder: Path) -> Self | None:
        """Open that of a folder; None where no checkpoint of the fleet was ever made."""
        try:
            return cls(Ledger.open(folder / FILE))
        except LedgerMissingError:
            return None

    @classmethod
    def create(cls, folder: Path, now: Moment, chance: bytes) -> Self:
        """Open that of a folder, or make it.

        Args:
            folder: of the fleet.
            now: the present.
            chance: 16 random bytes, for an origin that no other fleet has.
        """
        origin = f"keyledger-fleet/{UUID(bytes=chance, version=4)}"
        return cls(Ledger.create(folder / FILE, origin=origin, now=now, exist_ok=True))

    def names(self) -> tuple[str, ...]:
        """Return the names of all shards, in the order in which they were sealed first.

        A shard's number is its place in it, from 1; so it stays what it is when others come.
        """
        return tuple(dict.fromkeys(one.head.name for one in self.sealed))

    def heads(self, name: str) -> tuple[SealedHead, ...]:
        """Return every head of a shard, oldest first."""
        return tuple(one for one in self.sealed if one.head.name == name)

    def add(self, heads: Iterable[ShardHead], now: Moment) -> int:
        """Seal heads, those that are sealed already once; returns how many are new."""
        candidates = [_candidate(head.encode()) for head in heads]
        if not candidates:
            return 0
        admissions = self.ledger.append(
            candidates, sealed_at=now, identify=identify, content=content
        )
        self._read()
        return sum(isinstance(one, Admit) for one in admissions)

    def _read(self) -> None:
        found = (
            (entry.header.index, _head(entry)) for entry in self.ledger.entries(lanes={OWN_LANE})
        )
        self.sealed = tuple(
            SealedHead(entry=index, head=head) for index, head in found if head is not None
        )


def _candidate(payload: bytes) -> Candidate:
    return Candidate(
        kind=Kind.SEAL,
        source=sha256(payload),
        position=0,
        offset=0,
        payload=payload,
        lane=OWN_LANE,
    )


def _head(entry: Entry) -> ShardHead | None:
    """Return the head of a shard in an entry; None where it is something else, such as a key."""
    if entry.header.kind is not Kind.SEAL or entry.payload is None:
        return None
    try:
        return ShardHead.decode(entry.payload)
    except MalformedError:
        return None
