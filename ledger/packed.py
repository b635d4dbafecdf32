"""Packed: byte strings that lie end to end, so that thousands travel and move as one. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from ledger.columns import Numbers

_U64 = np.dtype("<u8")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Packed:
    """Byte strings, which are cut out only when they are asked for.

    Attributes:
        data: all of them, end to end.
        ends: where each of them ends in it.
    """

    data: bytes
    ends: Numbers

    @classmethod
    def of(cls, parts: Sequence[bytes]) -> Packed:
        """Pack byte strings."""
        lengths = np.fromiter(map(len, parts), _U64, len(parts))
        return cls(data=b"".join(parts), ends=np.cumsum(lengths, dtype=_U64))

    @classmethod
    def joined(cls, packs: Sequence[Packed]) -> Packed:
        """Put packs one behind the other."""
        starts = np.cumsum([0, *(len(pack.data) for pack in packs)], dtype=_U64)
        shifted = [pack.ends + start for pack, start in zip(packs, starts, strict=False)]
        return cls(data=b"".join([pack.data for pack in packs]), ends=np.concatenate(shifted))

    def __len__(self) -> int:
        """How many there are."""
        return len(self.ends)

    @property
    def lengths(self) -> Numbers:
        """How many bytes each of them has."""
        return np.diff(self.ends, prepend=np.zeros(1, _U64))

    def __getitem__(self, place: int) -> bytes:
        """One of them."""
        return self.data[int(self.ends[place - 1]) if place else 0 : int(self.ends[place])]

    def picked(self, places: npt.NDArray[np.integer[Any]]) -> bytes:
        """Some of them end to end; what lies together is copied together.

        Args:
            places: which, ascending.
        """
        view = memoryview(self.data)
        return b"".join([view[start:end] for start, end in self._stretches(places)])

    def _stretches(self, places: npt.NDArray[np.integer[Any]]) -> Iterator[tuple[int, int]]:
        if not len(places):
            return iter(())
        turns = np.flatnonzero(np.diff(places) != 1)
        firsts = places[np.concatenate([[0], turns + 1])]
        lasts = places[np.concatenate([turns, [len(places) - 1]])]
        starts = np.concatenate([np.zeros(1, _U64), self.ends])[firsts]
        return zip(starts.tolist(), self.ends[lasts].tolist(), strict=True)
