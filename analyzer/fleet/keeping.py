"""Keeping: what can be looked at of a fleet as evidence: its shards, their heads, their entries."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from analyzer import place
from analyzer.answers.shape import Document, time
from analyzer.archive import Archive
from analyzer.cloudtrail.record import Lane
from analyzer.export.sealed import Sealed, Selection, selected
from analyzer.fleet.auditing import FleetAudit, audit_fleet
from analyzer.fleet.register import Register
from analyzer.fleet.shard import Shard
from analyzer.keeping import Kept
from analyzer.knowledge import Knowledge
from analyzer.proof.proving import read_checkpoint, read_key
from analyzer.proof.signing import described
from analyzer.sealed import Extent, extent, reject, sealed
from analyzer.volume import Volume
from ledger.entry import Kind


class FleetKeeping(Kept):
    """The chain of custody of a fleet, as far as it is only looked at."""

    def __init__(
        self,
        archive: Archive,
        shards: Sequence[Shard],
        register: Register | None,
        knowledge: Knowledge,
    ) -> None:
        """Take the open shards, all shards, the fleet's own ledger, and what they say together."""
        super().__init__(knowledge)
        self._archive = archive
        self._shards = shards
        self._register = register

    def audit(
        self,
        on_progress: Callable[[int, int], None] | None = None,
        *,
        against: Path | None = None,
        key: str | None = None,
    ) -> FleetAudit:
        """Recompute every hash; see `analyzer.fleet.auditing`.

        Args:
            on_progress: told the entries gone through, shard by shard.
            against: a file with a checkpoint of the fleet that was kept elsewhere.
            key: the fleet's public key, or a file that holds it.

        Raises:
            MisspelledError: a file is not at all what it ought to be.
        """
        kept = None if against is None else read_checkpoint(against)
        public = None if key is None else read_key(key)
        return audit_fleet(self._shards, self._register, on_progress, against=kept, key=public)

    def roll(self) -> Document:
        """Return which shards there are, and which of them are lost."""
        lost = {one.number for one in self._archive.lost}
        return {
            "origin": None if self._register is None else self._register.ledger.origin,
            "shards": [
                {"number": one.number, "name": one.name, "lost": one.number in lost}
                for one in self._shards
            ],
            "lost": [one.document() for one in self._archive.lost],
        }

    def extent(self) -> Extent:
        """Return how much the shards hold, before anything of them is read."""
        parts = [extent(volume.ledger) for volume in self._archive.volumes]
        return Extent(
            size=sum(one.size for one in parts),
            start=min((one.start for one in parts if one.start is not None), default=None),
            end=max((one.end for one in parts if one.end is not None), default=None),
        )

    def holdings(self) -> Document:
        """Return what there is, in the shape of a ledger's own, and the shards in `shards`."""
        own = None if self._register is None else self._register.ledger
        head = None if own is None else own.head()
        heads = () if own is None else own.checkpoints()
        return {
            "origin": self._archive.origin if own is None else own.origin,
            "size": sum(self._archive.sizes()),
            "root": None if head is None else head.root.hex(),
            "link": None if head is None else head.link.hex(),
            "checkpoints": [{"size": one.size, "root": one.root.hex()} for one in heads],
            "sources": [row for one in self._archive.volumes for row in _sources(one)],
            "rejects": list(self.rejects()),
            "shards": self.roll()["shards"],
        }

    def newest_checkpoint(self) -> Document | None:
        """Return the newest checkpoint of the fleet; None where none was ever made."""
        stored = () if self._register is None else self._register.ledger.checkpoints()
        return described(stored[-1]) if stored else None

    def rejects(self) -> Iterator[Document]:
        """Yield the records that could not be admitted, shard by shard, kept verbatim."""
        for volume in self._archive.volumes:
            yield from _rejects(volume)

    def selected(
        self, selection: Selection, on_progress: Callable[[int, int], None]
    ) -> Iterator[Sealed]:
        """Yield what is selected, shard by shard, under its number."""
        before = 0
        for volume, size in self._archive.cut(selection.cut):
            told = partial(_onwards, on_progress, before, selection.size)
            with volume.reading():
                for one in selected(volume.ledger, replace(selection, size=size), told):
                    yield replace(one, entry=volume.base + one.entry)
            before += size

    def made_from(self) -> Document:
        """Return how far each shard goes by now, to be kept beside what is made from them."""
        return {"shards": [_head(volume) for volume in self._archive.volumes]}

    def sealed(self, entry: int) -> Document:
        """Return an entry as it is sealed, under its number; raises IndexError, ShardError."""
        volume, index = self._archive.place(entry)
        found = sealed(volume.entry(index), _names(volume))
        return {**found, "entry": place.base_of(volume.shard) + index}


def _onwards(
    on_progress: Callable[[int, int], None], before: int, total: int, done: int, _of: int
) -> None:
    """Tell the progress in one shard as that in all of them."""
    on_progress(before + done, total)


def _head(volume: Volume) -> Document:
    with volume.reading():
        head = volume.ledger.head()
    return {"name": volume.name, "size": head.size, "root": head.root.hex()}


def _names(volume: Volume) -> dict[bytes, str]:
    with volume.reading():
        return {source.digest: source.name for source in reversed(volume.ledger.sources())}


def _sources(volume: Volume) -> Iterator[Document]:
    with volume.reading():
        for one in volume.ledger.sources():
            yield {
                "source": one.name,
                "sha256": one.digest.hex(),
                "recorded_at": time(one.recorded_at),
            }


def _rejects(volume: Volume) -> Iterator[Document]:
    names, reasons = _names(volume), volume.ledger.notes()
    for number, entry in volume.entries(0, volume.size, {Lane.REJECTS}):
        if entry.header.kind is Kind.REJECT:
            row = reject(entry, names, reasons.get(entry.header.index))
            yield {**row, "entry": number}
