"""Columns: what the headers of a run say beside its payloads, one array per field. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import compress
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from ledger.entry import MAX_STEPS
from ledger.hashing import Digest

_U32: Final = np.dtype("<u4")
_U64: Final = np.dtype("<u8")

Numbers = npt.NDArray[np.unsignedinteger[Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """What differs from header to header in a run, one array per field.

    Attributes:
        kinds: of the entries.
        lanes: in which their payloads lie.
        steps: their unwrapping steps, eight bytes read as a big-endian number.
        sources: the distinct sources of the run, in the order in which they appear.
        source: which of them, per entry.
        positions: ordinals within the sources.
        offsets: byte offsets within the sources.
        lengths: payload bytes.
    """

    kinds: Numbers
    lanes: Numbers
    steps: Numbers
    sources: tuple[Digest, ...]
    source: Numbers
    positions: Numbers
    offsets: Numbers
    lengths: Numbers

    def __len__(self) -> int:
        """Entries in the run."""
        return len(self.kinds)

    def at(self, places: slice | npt.NDArray[Any]) -> Columns:
        """The columns of some of the entries, given by a slice, a mask, or places."""
        chosen = self.source[places]
        is_used = np.zeros(len(self.sources), bool)
        is_used[chosen] = True
        return Columns(
            kinds=self.kinds[places],
            lanes=self.lanes[places],
            steps=self.steps[places],
            sources=tuple(compress(self.sources, is_used.tolist())),
            source=(np.cumsum(is_used) - 1)[chosen].astype(_U32),
            positions=self.positions[places],
            offsets=self.offsets[places],
            lengths=self.lengths[places],
        )

    @classmethod
    def joined(cls, runs: Sequence[Columns]) -> Columns:
        """The columns of runs one behind the other."""
        distinct = {source: 0 for run in runs for source in run.sources}
        which = {source: place for place, source in enumerate(distinct)}
        return cls(
            kinds=np.concatenate([run.kinds for run in runs]),
            lanes=np.concatenate([run.lanes for run in runs]),
            steps=np.concatenate([run.steps for run in runs]),
            sources=tuple(distinct),
            source=np.concatenate(
                [np.array([which[one] for one in run.sources], _U32)[run.source] for run in runs]
            ),
            positions=np.concatenate([run.positions for run in runs]),
            offsets=np.concatenate([run.offsets for run in runs]),
            lengths=np.concatenate([run.lengths for run in runs]),
        )

    def starts(self) -> Numbers:
        """Where each payload begins in the inflated frame of its lane."""
        starts = np.zeros(len(self), _U64)
        for lane in np.flatnonzero(np.bincount(self.lanes)).tolist():
            mask = self.lanes == lane
            lengths = self.lengths[mask]
            starts[mask] = np.cumsum(lengths) - lengths
        return starts


def steps_number(encoded: bytes) -> int:
    """Eight bytes of unwrapping steps as the number that a column holds."""
    return int.from_bytes(encoded)


def steps_bytes(number: int) -> bytes:
    """The number of a column as eight bytes of unwrapping steps."""
    return number.to_bytes(MAX_STEPS)


def distinct(numbers: Numbers) -> list[int]:
    """Return small numbers each once, ascending; `np.unique` would load much of numpy for that."""
    return np.flatnonzero(np.bincount(numbers)).tolist()
