"""Archive: the ledgers that answers rest on, asked as one: one alone, or the shards of a fleet."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from analyzer import place
from analyzer.lost import Lost
from analyzer.moment import Moment
from analyzer.volume import Volume
from ledger.entry import Entry
from ledger.store import Ledger

Cut = tuple[int, ...]
"""How many entries of each volume are taken into account, in the order of the volumes."""


class Archive:
    """Volumes, in the order of their shards."""

    def __init__(
        self, volumes: Sequence[Volume], *, path: Path, origin: str, lost: tuple[Lost, ...] = ()
    ) -> None:
        """Take open ledgers.

        Args:
            volumes: what there is.
            path: beside which files lie that are made from them.
            origin: tells this archive from all others.
            lost: the shards that cannot be taken into account.
        """
        self.volumes = tuple(volumes)
        self.path = path
        self.origin = origin
        self.lost = lost

    @classmethod
    def of(cls, ledger: Ledger) -> Archive:
        """Return one ledger alone."""
        return cls([Volume(ledger)], path=ledger.path, origin=ledger.origin)

    @property
    def is_fleet(self) -> bool:
        """Whether its volumes are shards: they are numbered, and have no order among each other."""
        return not self.volumes or self.volumes[0].shard > 0

    def sizes(self) -> Cut:
        """Return how many entries there are."""
        return tuple(volume.size for volume in self.volumes)

    def cut(self, cut: Cut) -> Iterator[tuple[Volume, int]]:
        """Yield each volume with how many of its entries count."""
        return zip(self.volumes, cut, strict=True)

    def sources(self) -> Iterator[tuple[str, str, Moment]]:
        """Yield every name under which a source was met: its digest in hex, the name, and when."""
        for volume in self.volumes:
            for one in volume.ledger.sources():
                yield one.digest.hex(), one.name, one.recorded_at

    def place(self, number: int) -> tuple[Volume, int]:
        """Return where the entry of a number lies; raises IndexError where nothing does."""
        shard, index = place.split(number)
        for volume in self.volumes:
            if volume.shard == shard:
                return volume, index
        raise IndexError(number)

    def entry(self, number: int) -> Entry:
        """Return the entry of a number; raises IndexError where there is none."""
        volume, index = self.place(number)
        return volume.entry(index)
