"""Sieve: which numbers may be among very many, in some four bytes for each of them. Pure.

Made from sorted 64-bit numbers that are spread evenly, as hashes are. They are divided by their
first bits into buckets of about sixteen; of each the next 32 bits are kept, in their order. A
number that was never there passes once in 2^28 times.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from ledger.columns import Numbers

_CROWD: Final = 5
"""Buckets have between 2^4 and 2^5 numbers on average."""
_KEPT: Final = np.uint64(32)
_LOW: Final = np.uint64(0xFFFFFFFF)


class Sieve:
    """What is kept of sorted numbers."""

    def __init__(self, numbers: Numbers) -> None:
        """Take at least one number; nothing of the array itself is kept."""
        bits = max(len(numbers).bit_length() - _CROWD, 1)
        self._bucket_shift = np.uint64(64 - bits)
        self._kept_shift = self._bucket_shift - _KEPT
        counts = np.bincount(self._buckets(numbers), minlength=1 << bits)
        self._starts = np.zeros(len(counts) + 1, np.uint32)
        np.cumsum(counts, out=self._starts[1:])
        self._kept = self._keep(numbers)

    @property
    def nbytes(self) -> int:
        """Bytes of memory that it takes."""
        return self._starts.nbytes + self._kept.nbytes

    def passing(self, numbers: Numbers) -> npt.NDArray[np.intp]:
        """Places of those of some numbers that may be among those it was made from."""
        buckets, wanted = self._buckets(numbers), self._keep(numbers)
        low, stop = self._starts[buckets].astype(np.intp), self._starts[buckets + 1].astype(np.intp)
        high, last = stop, len(self._kept) - 1
        for _ in range(int((high - low).max(initial=0)).bit_length()):
            middle = (low + high) >> 1
            is_below = (low < high) & (self._kept[np.minimum(middle, last)] < wanted)
            low = np.where(is_below, middle + 1, low)
            high = np.where(is_below, high, np.maximum(middle, low))
        return np.flatnonzero((low < stop) & (self._kept[np.minimum(low, last)] == wanted))

    def _buckets(self, numbers: Numbers) -> npt.NDArray[np.intp]:
        return (numbers >> self._bucket_shift).astype(np.intp)

    def _keep(self, numbers: Numbers) -> npt.NDArray[np.uint32]:
        return ((numbers >> self._kept_shift) & _LOW).astype(np.uint32)
