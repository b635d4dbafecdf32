"""What must hold for any input: codecs, admission, batches."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from contextlib import suppress
from itertools import pairwise
from pathlib import Path

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.admission import Admit, Candidate, Conflict, Duplicate
from ledger.audit import audit
from ledger.columns import Columns
from ledger.entry import MAX_NUMBER, MAX_STEPS, Header, Kind, Step
from ledger.errors import MalformedError
from ledger.hashing import Digest, sha256
from ledger.packed import Packed
from ledger.segment import (
    pack_columns,
    pack_frames,
    pack_numbers,
    unpack_columns,
    unpack_frame,
    unpack_numbers,
)
from ledger.store import Ledger
from tests.ledger_support import NOW, append, content, identify, record

digests = st.binary(min_size=32, max_size=32).map(Digest)
numbers = st.integers(0, MAX_NUMBER)
steps = st.lists(st.sampled_from(Step), max_size=MAX_STEPS).map(tuple)
lanes = st.integers(0, 255)
headers = st.builds(
    Header,
    index=numbers,
    previous=digests,
    kind=st.sampled_from(Kind),
    lane=lanes,
    unwrapping=steps,
    sealed_at=numbers,
    source=digests,
    position=numbers,
    offset=numbers,
    length=numbers,
    payload=digests,
)


@given(headers)
def test_a_header_decodes_to_itself(header: Header) -> None:
    assert Header.decode(header.encode()) == header


@given(headers, headers)
def test_two_headers_are_never_spelled_alike(one: Header, other: Header) -> None:
    assert (one == other) == (one.encode() == other.encode()) == (one.leaf == other.leaf)


@given(headers, st.integers(0, 153), st.integers(1, 255))
def test_a_changed_byte_is_another_header_or_none(header: Header, place: int, change: int) -> None:
    encoded = bytearray(header.encode())
    encoded[place] ^= change
    try:
        decoded = Header.decode(bytes(encoded))
    except MalformedError:
        return
    assert decoded != header
    assert decoded.encode() == encoded


@given(st.binary(max_size=200))
def test_what_decodes_is_spelled_as_it_was(encoded: bytes) -> None:
    with suppress(MalformedError):
        assert Header.decode(encoded).encode() == encoded


entries = st.lists(
    st.tuples(
        st.sampled_from(Kind), lanes, numbers, numbers, st.binary(max_size=40), st.integers(0, 3)
    ),
    min_size=1,
    max_size=50,
)


@given(entries)
def test_columns_and_frames_are_read_as_they_were_written(
    rows: list[tuple[Kind, int, int, int, bytes, int]],
) -> None:
    kinds, in_lanes, positions, offsets, payloads, source = zip(*rows, strict=True)
    run = Columns(
        kinds=np.array(kinds, np.uint8),
        lanes=np.array(in_lanes, np.uint8),
        steps=np.array([Step.GZIP << 56] * len(rows), np.uint64),
        sources=tuple(sha256(bytes([i])) for i in range(4)),
        source=np.array(source, np.uint32),
        positions=np.array(positions, np.uint64),
        offsets=np.array(offsets, np.uint64),
        lengths=np.array([len(payload) for payload in payloads], np.uint64),
    ).at(slice(0, len(rows)))
    read = unpack_columns(pack_columns(run), len(rows))
    for name in ("kinds", "lanes", "steps", "source", "positions", "offsets", "lengths"):
        assert getattr(read, name).tolist() == getattr(run, name).tolist()
    assert read.sources == run.sources
    frames = pack_frames(run.lanes, Packed.of(payloads), np.arange(len(payloads)))
    inflated = {lane: unpack_frame(frame, read, lane) for lane, frame in frames.items()}
    for lane, start, payload in zip(in_lanes, read.starts().tolist(), payloads, strict=True):
        assert inflated[lane][start : start + len(payload)] == payload


@given(st.lists(st.integers(0, 2**64 - 1), max_size=50))
def test_numbers_are_read_as_they_were_written(row: list[int]) -> None:
    packed = pack_numbers(np.array(row, np.uint64))
    assert unpack_numbers(packed, len(row), np.uint64).tolist() == row


payloads = st.builds(
    lambda name, value: f"{name}|{value}".encode(),
    st.sampled_from("abcd"),
    st.sampled_from(["1", " 1", "2", "2 ", "3"]),
)
offers = st.lists(
    st.builds(
        lambda payload, lane, position, is_reject: record(
            payload, lane=lane, position=position
        )._replace(kind=Kind.REJECT if is_reject else Kind.RECORD),
        payloads,
        st.integers(0, 2),
        st.integers(0, 1),
        st.booleans(),
    ),
    max_size=25,
)


def naive(offered: Sequence[Candidate]) -> list[Admit | Duplicate | Conflict]:
    """Admission as one would write it down: compare with everything sealed, in order."""
    sealed: list[Candidate] = []
    answers: list[Admit | Duplicate | Conflict] = []
    for candidate in offered:
        same = [i for i, other in enumerate(sealed) if is_same(other, candidate)]
        equal = [i for i in same if says(sealed[i]) == says(candidate)]
        verbatim = [i for i in same if sealed[i].payload == candidate.payload]
        if equal:
            answers.append(Duplicate((verbatim or equal)[0]))
            continue
        answers.append(Conflict(len(sealed), same[0]) if same else Admit(len(sealed)))
        sealed.append(candidate)
    return answers


def is_same(one: Candidate, other: Candidate) -> bool:
    if one.kind is not other.kind:
        return False
    if one.kind is Kind.RECORD:
        return identify(one.payload) == identify(other.payload)
    return (one.position, one.payload) == (other.position, other.payload)


def says(candidate: Candidate) -> bytes:
    return content(candidate.payload)


@settings(deadline=None, max_examples=60)
@given(offers, st.lists(st.integers(0, 25), max_size=4))
def test_any_split_into_batches_seals_what_one_comparison_after_another_would(
    offered: list[Candidate], cuts: list[int]
) -> None:
    with tempfile.TemporaryDirectory() as directory:
        places = sorted({0, len(offered), *(cut for cut in cuts if cut < len(offered))})
        with Ledger.create(Path(directory) / "split.db", origin="tests", now=NOW) as ledger:
            answers: list[Admit | Duplicate | Conflict] = []
            for start, stop in pairwise(places):
                answers += append(ledger, offered[start:stop])
            assert answers == naive(offered)
            split = [entry.header for entry in ledger.entries()]
            assert audit(ledger).breaks == ()
        with Ledger.create(Path(directory) / "whole.db", origin="tests", now=NOW) as ledger:
            assert list(append(ledger, offered)) == answers
            assert [entry.header for entry in ledger.entries()] == split
            admitted = [i for i, answer in enumerate(answers) if not isinstance(answer, Duplicate)]
            assert [entry.payload for entry in ledger.entries()] == [
                offered[i].payload for i in admitted
            ]
