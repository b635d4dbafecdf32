"""Packed: byte strings that lie end to end, so that thousands travel and move as one. Pure."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

import numpy as np
import numpy.typing as npt

from ledger.columns import Numbers

_U64 = np.dtype("<u8")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Packed:
    """Byte strings, which are cut out only when they are asked for.

    Attributes:
        parts: all of them, end to end, in parts: joining packs copies nothing.
        bounds: where each part begins, counted in bytes of all, and where the last one ends.
        ends: where each byte string ends, counted in the same way.
    """

    parts: Sequence[bytes]
    bounds: Sequence[int]
    ends: Numbers

    @classmethod
    def of(cls, strings: Sequence[bytes]) -> Packed:
        """Pack byte strings."""
        lengths = np.fromiter(map(len, strings), _U64, len(strings))
        part = b"".join(strings)
        return cls(parts=(part,), bounds=(0, len(part)), ends=np.cumsum(lengths, dtype=_U64))

    @classmethod
    def joined(cls, packs: Sequence[Packed]) -> Packed:
        """Put packs one behind the other."""
        starts = np.cumsum([0, *(pack.size for pack in packs)], dtype=_U64)
        shifted = [pack.ends + start for pack, start in zip(packs, starts, strict=False)]
        parts = tuple(part for pack in packs for part in pack.parts)
        bounds = tuple(accumulate(map(len, parts), initial=0))
        return cls(parts=parts, bounds=bounds, ends=np.concatenate(shifted))

    def __len__(self) -> int:
        """How many there are."""
        return len(self.ends)

    @property
    def size(self) -> int:
        """How many bytes they have together."""
        return self.bounds[-1]

    @property
    def lengths(self) -> Numbers:
        """How many bytes each of them has."""
        return np.diff(self.ends, prepend=np.zeros(1, _U64))

    def __getitem__(self, place: int) -> bytes:
        """One of them."""
        at = range(len(self))[place]
        start = int(self.ends[at - 1]) if at else 0
        return b"".join(self._pieces([(start, int(self.ends[at]))]))

    def picked(self, places: npt.NDArray[np.integer[Any]]) -> bytes:
        """Some of them end to end; what lies together is copied together.

        Args:
            places: which, ascending.
        """
        if not len(places):
            return b""
        turns = np.flatnonzero(np.diff(places) != 1)
        lasts = places[np.append(turns, len(places) - 1)]
        firsts = places[np.insert(turns + 1, 0, 0)]
        starts = np.append(np.zeros(1, _U64), self.ends)[firsts]
        stretches = zip(starts.tolist(), self.ends[lasts].tolist(), strict=True)
        return b"".join(self._pieces(stretches))

    def _pieces(self, stretches: Iterable[tuple[int, int]]) -> Iterator[memoryview]:
        """Yield what lies in stretches, part by part."""
        for start, end in stretches:
            which, at = bisect_right(self.bounds, start) - 1, start
            while at < end:
                base = self.bounds[which]
                yield memoryview(self.parts[which])[at - base : end - base]
                which += 1
                at = self.bounds[which]
