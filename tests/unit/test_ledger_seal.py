"""Seals: rows under a root of their own, one of them shown without the others."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from ledger.admission import Candidate
from ledger.entry import OWN_LANE, Kind
from ledger.errors import MalformedError, ProofError
from ledger.exhibit import Exhibit
from ledger.hashing import EMPTY_ROOT, Digest, sha256
from ledger.proving import prove
from ledger.seal import Row, Seal, prove_row, seal_of
from ledger.spelling import Json, read_json, spell_json
from ledger.store import Ledger
from ledger.verification import Validity, verify_proof
from tests.independent.tree import path_of, root_of
from tests.ledger_support import NOW, append, records

ROWS = [f'{{"row":{number}}}'.encode() for number in range(300)]


def sealed(rows: list[bytes]) -> Seal:
    return seal_of(rows, projection="p", code="c 1", size=7, question={"at": "noon", "era": None})


def test_the_order_of_rows_does_not_matter() -> None:
    assert sealed(ROWS) == sealed(ROWS[::-1])
    assert sealed(ROWS) != sealed(ROWS[1:])
    assert (sealed([]).rows, sealed([]).root) == (0, EMPTY_ROOT)


@pytest.mark.parametrize("count", [1, 2, 3, 256, 257, 300])
def test_every_row_is_proved_alone_and_as_the_specification_recurses(count: int) -> None:
    rows = ROWS[:count]
    ordered = sorted(rows)
    seal = sealed(rows)
    assert seal.root == root_of(ordered)
    for index in {0, 1, count // 2, count - 1} & set(range(count)):
        found = prove_row(rows, ordered[index])
        assert (found.index, list(found.hashes)) == (index, path_of(index, ordered))
        found.check(seal)
        for other in (
            replace(found, row=found.row + b" "),
            replace(found, index=found.index + 1),
            replace(found, hashes=(*found.hashes, sha256(b""))),
        ):
            with pytest.raises(ProofError):
                other.check(seal)


def test_what_is_no_row_is_not_proved() -> None:
    with pytest.raises(ValueError, match="no such row"):
        prove_row(ROWS, b"{}")


def test_a_seal_and_a_row_are_read_back() -> None:
    seal, row = sealed(ROWS), prove_row(ROWS, ROWS[7])
    assert Seal.decode(seal.encode()) == seal
    assert Row.of(read_json(spell_json(row.document()))) == row


@pytest.mark.parametrize(
    ("member", "value"),
    [
        ("seal", 2),
        ("seal", True),
        ("projection", None),
        ("size", -1),
        ("size", True),
        ("rows", -1),
        ("rows", "1"),
        ("root", "00"),
        ("root", "zz" * 32),
        ("root", "AA" * 32),
        ("question", []),
        ("more", 1),
    ],
)
def test_any_other_seal_is_refused(member: str, value: Json) -> None:
    document = read_json(sealed(ROWS).encode())
    assert isinstance(document, dict)
    with pytest.raises(MalformedError):
        Seal.decode(spell_json({**document, member: value}))


@pytest.mark.parametrize(
    ("member", "value"),
    [("row", None), ("row", "!"), ("index", True), ("index", "1"), ("hashes", [1]), ("more", 1)],
)
def test_any_other_row_is_refused(member: str, value: Json) -> None:
    document = {**prove_row(ROWS, ROWS[7]).document(), member: value}
    with pytest.raises(MalformedError):
        Row.of(document)


def test_a_row_travels_with_the_proof_of_its_seal(tmp_path: Path) -> None:
    payload = sealed(ROWS).encode()
    candidate = Candidate(
        kind=Kind.SEAL,
        source=sha256(payload),
        position=0,
        offset=0,
        payload=payload,
        lane=OWN_LANE,
    )
    row = prove_row(ROWS, ROWS[7])
    with Ledger.create(tmp_path / "test.db", origin="tests", now=NOW) as ledger:
        append(ledger, [*records(10), candidate])
        kept = ledger.checkpoint(NOW)
        proof = prove(ledger, 10, row=row)
        elsewhere = prove(ledger, 3, row=row)
    assert verify_proof(str(proof), kept, None).outcome is Validity.VALID
    exhibit = Exhibit.decode(proof.extra or b"")
    assert exhibit.row == row
    for forged in (
        replace(row, row=b'{"row":"another"}'),
        replace(row, index=8),
        replace(row, hashes=tuple(Digest(node) for node in row.hashes[::-1])),
    ):
        extra = replace(exhibit, row=forged).encode()
        verified = verify_proof(str(replace(proof, extra=extra)), kept, None)
        assert verified.outcome is Validity.BROKEN
    assert verify_proof(str(elsewhere), kept, None).outcome is Validity.BROKEN
