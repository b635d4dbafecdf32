"""What became of a batch is what was decided, and for all others that they are new."""

import numpy as np
import pytest

from ledger.admission import Admission, Admit, Conflict, Duplicate
from ledger.admissions import Admissions

TOLD: tuple[Admission, ...] = (
    Admit(7), Duplicate(2), Admit(8), Conflict(9, against=3), Duplicate(9), Admit(10),
)  # fmt: skip


def made() -> Admissions:
    looked_at = {place: TOLD[place] for place in (1, 3, 4)}
    return Admissions(7, len(TOLD), looked_at)


def test_those_that_nobody_looked_at_are_numbered_between_the_others() -> None:
    admissions = made()
    assert admissions == TOLD
    assert list(admissions) == list(TOLD)
    assert admissions[1:4] == TOLD[1:4]
    assert admissions[-1] == TOLD[-1]
    assert (hash(admissions), repr(admissions)) == (hash(TOLD), repr(TOLD))
    assert admissions != TOLD[:-1]
    with pytest.raises(IndexError):
        admissions[6]


def test_a_stretch_is_counted() -> None:
    everything = np.ones(6, bool)
    assert made().counted(everything, 0) == (3, 2, 1)
    assert made().counted(everything[:2], 3) == (0, 1, 1)
    assert made().counted(~everything, 0) == (0, 0, 0)
    assert Admissions(0, 0, {}).counted(everything[:0], 0) == (0, 0, 0)
