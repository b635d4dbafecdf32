"""Leaves of a run, hashed by columns, are those of its headers."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.columns import Columns, steps_number
from ledger.entry import MAX_LANE, MAX_NUMBER, Header, Kind, Step, encode_steps
from ledger.hashing import LEAF_PREFIX, NO_LINK, Digest, sha256
from ledger.leaves import INPUT_BYTES, chain, each_of, hashed, moved, spelled, with_payload_of

NUMBERS = st.integers(0, MAX_NUMBER)
DIGESTS = st.binary(min_size=32, max_size=32).map(Digest)


@st.composite
def linked_headers(draw: st.DrawFn) -> list[Header]:
    """Headers of entries that follow on each other."""
    headers: list[Header] = []
    first, sealed_at = draw(st.integers(0, 1 << 60)), draw(NUMBERS)
    previous = draw(DIGESTS)
    for index in range(first, first + draw(st.integers(1, 6))):
        header = Header(
            index=index,
            previous=previous,
            kind=draw(st.sampled_from(Kind)),
            lane=draw(st.integers(0, MAX_LANE)),
            unwrapping=tuple(draw(st.lists(st.sampled_from(Step), max_size=8))),
            sealed_at=sealed_at,
            source=draw(st.sampled_from([sha256(b"one"), sha256(b"two")]) | DIGESTS),
            position=draw(NUMBERS),
            offset=draw(NUMBERS),
            length=draw(NUMBERS),
            payload=draw(DIGESTS),
        )
        headers.append(header)
        previous = header.leaf
    return headers


def columns_of(headers: list[Header]) -> Columns:
    sources = tuple(dict.fromkeys(header.source for header in headers))
    return Columns(
        kinds=np.array([header.kind for header in headers], np.uint8),
        lanes=np.array([header.lane for header in headers], np.uint8),
        steps=np.array([steps_number(encode_steps(one.unwrapping)) for one in headers], np.uint64),
        sources=sources,
        source=np.array([sources.index(header.source) for header in headers], np.uint32),
        positions=np.array([header.position for header in headers], np.uint64),
        offsets=np.array([header.offset for header in headers], np.uint64),
        lengths=np.array([header.length for header in headers], np.uint64),
    )


def inputs_of(headers: list[Header], previous: bytes | None = None) -> bytes:
    return spelled(
        [header.index for header in headers],
        headers[0].sealed_at,
        columns_of(headers),
        b"".join(header.payload for header in headers),
        previous,
    )


@given(linked_headers())
def test_a_chain_gives_the_leaves_of_linked_headers(headers: list[Header]) -> None:
    assert chain(inputs_of(headers), headers[0].previous) == [header.leaf for header in headers]


@given(linked_headers())
def test_with_their_previous_leaves_they_are_spelled_as_headers_are(headers: list[Header]) -> None:
    inputs = inputs_of(headers, b"".join(header.previous for header in headers))
    assert inputs == b"".join(LEAF_PREFIX + header.encode() for header in headers)
    assert hashed(inputs) == [header.leaf for header in headers]
    assert [Header.decode(one.removeprefix(LEAF_PREFIX)) for one in each_of(inputs)] == headers


@given(linked_headers(), linked_headers())
def test_an_entry_at_another_place_or_with_other_bytes(
    ones: list[Header], others: list[Header]
) -> None:
    [one, *_], [other, *_] = each_of(inputs_of(ones)), each_of(inputs_of(others))
    there = inputs_of([replace(ones[0], index=others[0].index)])
    assert moved(one, others[0].index) == there
    swapped = replace(ones[0], length=others[0].length, payload=others[0].payload)
    assert with_payload_of(one, other) == inputs_of([swapped])


@pytest.mark.parametrize("previous", [None, NO_LINK])
def test_the_previous_leaf_is_zeros_until_it_is_known(previous: bytes | None) -> None:
    header = Header(
        index=0, previous=NO_LINK, kind=Kind.RECORD, lane=0, unwrapping=(), sealed_at=1,
        source=sha256(b"source"), position=0, offset=0, length=5, payload=sha256(b"bytes"),
    )  # fmt: skip
    inputs = inputs_of([header], previous)
    assert len(inputs) == INPUT_BYTES
    assert inputs == LEAF_PREFIX + header.encode()
