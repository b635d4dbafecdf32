"""Byte strings that lie end to end are those that were packed."""

import pickle

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from ledger.packed import Packed

PARTS = st.lists(st.binary(max_size=5), max_size=20)


@given(PARTS)
def test_what_was_packed_is_there(parts: list[bytes]) -> None:
    packed = pickle.loads(pickle.dumps(Packed.of(parts)))  # noqa: S301 - as between processes
    assert [packed[place] for place in range(len(packed))] == parts
    assert packed.lengths.tolist() == [len(part) for part in parts]


@given(st.lists(PARTS, min_size=1, max_size=4), st.data())
def test_packs_are_joined_in_their_order(packs: list[list[bytes]], data: st.DataObject) -> None:
    joined, strings = (
        Packed.joined(list(map(Packed.of, packs))),
        [one for each in packs for one in each],
    )
    assert [joined[place] for place in range(len(joined))] == strings
    assert (joined.size, joined.lengths.tolist()) == (
        sum(map(len, strings)),
        list(map(len, strings)),
    )
    places = np.flatnonzero(np.array([data.draw(st.booleans()) for _ in strings], bool))
    assert joined.picked(places) == b"".join(strings[place] for place in places)
