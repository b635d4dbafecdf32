"""Admissions: what became of each candidate of a batch. Pure.

Nearly all are new, and nobody looks at each of them: what is said of those follows from how many
there were before. So they are not kept one by one, and made only when somebody asks.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import overload

import numpy as np
import numpy.typing as npt

from ledger.admission import Admission, Admit, Conflict, Duplicate


class Admissions(Sequence[Admission]):
    """One admission per candidate, in order.

    Attributes:
        is_new: which candidates are sealed.
        is_conflict: which of them contradict what is sealed.
    """

    def __init__(self, size: int, count: int, decided: Mapping[int, Admission]) -> None:
        """Take what was decided, by place of the candidate; all others are admitted.

        Args:
            size: entries sealed before.
            count: of the candidates.
            decided: the admissions of those candidates that were looked at.
        """
        self._size = size
        self._decided = decided
        self.is_new = np.ones(count, bool)
        self.is_new[_places(decided, Duplicate)] = False
        self.is_conflict = np.zeros(count, bool)
        self.is_conflict[_places(decided, Conflict)] = True
        self._indexes: npt.NDArray[np.int64] = size + np.cumsum(self.is_new) - 1

    def __len__(self) -> int:
        """How many candidates there were."""
        return len(self.is_new)

    @overload
    def __getitem__(self, place: int) -> Admission: ...

    @overload
    def __getitem__(self, place: slice) -> tuple[Admission, ...]: ...

    def __getitem__(self, place: int | slice) -> Admission | tuple[Admission, ...]:
        """What became of one candidate, or of some."""
        if isinstance(place, slice):
            return tuple(self._at(one) for one in range(len(self))[place])
        return self._at(range(len(self))[place])

    def __iter__(self) -> Iterator[Admission]:
        """What became of each of them."""
        return map(self._at, range(len(self)))

    def __eq__(self, other: object) -> bool:
        """Whether another row says the same of each candidate."""
        return isinstance(other, Sequence) and tuple(self) == tuple(other)

    def __hash__(self) -> int:
        """Agree with the tuple that it equals."""
        return hash(tuple(self))

    def __repr__(self) -> str:
        """Spell it as the tuple that it equals."""
        return repr(tuple(self))

    def counted(self, among: npt.NDArray[np.bool_], start: int) -> tuple[int, int, int]:
        """Count what is new and agrees, what was met before, and what contradicts.

        Args:
            among: which candidates count, of a stretch of them,
            start: and at which place this begins.
        """
        stretch = slice(start, start + len(among))
        new = int(np.count_nonzero(self.is_new[stretch] & among))
        conflicts = int(np.count_nonzero(self.is_conflict[stretch] & among))
        return new - conflicts, int(np.count_nonzero(among)) - new, conflicts

    def _at(self, place: int) -> Admission:
        return self._decided.get(place) or Admit(int(self._indexes[place]))


def _places(decided: Mapping[int, Admission], kind: type[Admission]) -> list[int]:
    return [place for place, admission in decided.items() if isinstance(admission, kind)]
