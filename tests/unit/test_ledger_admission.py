from __future__ import annotations

import pytest

from ledger.admission import Admit, Candidate, Conflict, Duplicate, Known, decide, full_identity
from ledger.entry import Kind
from ledger.hashing import sha256
from tests.ledger_support import SOURCE, content, record


def test_the_first_of_an_identity_is_admitted() -> None:
    assert decide([], record(b"a|1"), at=9, content=content) == Admit(9)


def test_the_same_bytes_are_a_duplicate_without_asking_what_they_say() -> None:
    def unasked(_payload: bytes) -> bytes:
        raise AssertionError

    assert decide([Known(2, b"a|1")], record(b"a|1"), at=9, content=unasked) == Duplicate(2)


def test_another_spelling_of_the_same_value_is_a_duplicate() -> None:
    assert decide([Known(2, b"a|1 2")], record(b"a|12"), at=9, content=content) == Duplicate(2)


def test_another_value_is_a_conflict_with_the_oldest() -> None:
    known = [Known(2, b"a|1"), Known(5, b"a|2")]
    assert decide(known, record(b"a|3"), at=9, content=content) == Conflict(9, against=2)


def test_a_conflict_met_again_is_a_duplicate_of_that_conflict() -> None:
    known = [Known(2, b"a|1"), Known(5, b"a|2")]
    assert decide(known, record(b"a| 2"), at=9, content=content) == Duplicate(5)


def _identity(kind: Kind, *, identity: bytes = b"a", offset: int = 0, payload: bytes) -> bytes:
    return full_identity(
        kind, identity, source=SOURCE, position=0, offset=offset, payload=sha256(payload)
    )


def test_a_conflict_has_the_identity_of_a_record_whatever_its_bytes() -> None:
    assert _identity(Kind.RECORD, payload=b"1") == _identity(Kind.CONFLICT, payload=b"2")


def test_rejects_are_told_apart_by_their_place_and_their_bytes() -> None:
    reject = _identity(Kind.REJECT, payload=b"1")
    assert reject == _identity(Kind.REJECT, identity=b"ignored", payload=b"1")
    assert reject != _identity(Kind.REJECT, offset=1, payload=b"1")
    assert reject != _identity(Kind.REJECT, payload=b"2")


@pytest.mark.parametrize("kind", [Kind.DIGEST, Kind.KEY, Kind.SEAL, Kind.REDACTION])
def test_other_kinds_are_told_apart_by_their_bytes_alone(kind: Kind) -> None:
    here, there = (_identity(kind, offset=at, payload=b"1") for at in (0, 1))
    assert here == there != _identity(kind, payload=b"2")


def test_no_identity_of_a_record_is_that_of_another_kind() -> None:
    for kind in set(Kind) - {Kind.RECORD, Kind.CONFLICT}:
        other = _identity(kind, payload=b"1")
        assert _identity(Kind.RECORD, identity=other[1:], payload=b"1") != other


def test_a_candidate_is_a_plain_tuple_of_what_was_given() -> None:
    made = Candidate(kind=Kind.REJECT, source=SOURCE, position=1, offset=2, payload=b"?")
    assert made == (3, SOURCE, 1, 2, b"?", b"", (), None, 0, None)
