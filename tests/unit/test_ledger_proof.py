"""Proofs to carry away: what they show, and everything that is almost a proof."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from ledger.checkpoint import Checkpoint
from ledger.entry import Kind
from ledger.errors import BrokenError, ForkError, MalformedError
from ledger.exhibit import Exhibit
from ledger.hashing import sha256
from ledger.keys import PrivateKey
from ledger.proof import MAX_HASHES, Proof
from ledger.proving import prove
from ledger.spelling import Json, read_json, spell_json
from ledger.store import Ledger
from ledger.verification import Finding, Validity, Verification, verify_checkpoint, verify_proof
from tests.ledger_support import NOW, append, attacker, make, records

KEY = PrivateKey(name="tests", seed=bytes(32))
OTHER = PrivateKey(name="tests", seed=bytes(31) + b"x")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return make(tmp_path / "test.db", [records(300), records(100, start=300)])


@pytest.fixture
def ledger(path: Path) -> Iterator[Ledger]:
    with Ledger.open(path) as opened:
        yield opened


def found(verification: Verification) -> dict[str, Finding]:
    return {check.name: check.finding for check in verification.checks}


def signed(proof: Proof, key: PrivateKey = KEY) -> Proof:
    return replace(proof, checkpoint=proof.checkpoint.signed(key))


def test_a_proof_holds_against_a_checkpoint_that_was_kept(ledger: Ledger) -> None:
    kept = ledger.checkpoints()[-1]
    for index in (0, 299, 300, 399):
        verified = verify_proof(str(prove(ledger, index)), kept, None)
        assert verified.outcome is Validity.VALID
        assert set(found(verified)) == {"payload", "inclusion", "checkpoint"}
        assert verified.exhibit is not None
        assert verified.exhibit.payload == ledger.entry(index).payload


def test_a_proof_holds_against_a_key(ledger: Ledger) -> None:
    verified = verify_proof(str(signed(prove(ledger, 7))), None, KEY.public())
    assert verified.outcome is Validity.VALID
    assert found(verified)["signature"] is Finding.HOLDS


def test_a_proof_that_nobody_vouches_for_is_incomplete(ledger: Ledger) -> None:
    verified = verify_proof(str(signed(prove(ledger, 7))), None, None)
    assert verified.outcome is Validity.INCOMPLETE
    assert found(verified)["checkpoint"] is Finding.UNCHECKED


def test_an_unsigned_checkpoint_does_not_satisfy_who_gives_a_key(ledger: Ledger) -> None:
    proof = prove(ledger, 7)
    for kept in (None, proof.checkpoint):
        verified = verify_proof(str(proof), kept, KEY.public())
        assert found(verified)["signature"] is Finding.UNCHECKED
        assert verified.outcome is Validity.INCOMPLETE
    vouched = verify_proof(str(proof), proof.checkpoint.signed(KEY), KEY.public())
    assert vouched.outcome is Validity.VALID


def test_another_key_of_the_same_name_is_not_the_one_asked_for(ledger: Ledger) -> None:
    verified = verify_proof(str(signed(prove(ledger, 7), OTHER)), None, KEY.public())
    assert verified.outcome is Validity.INCOMPLETE


def test_a_signature_under_something_else_contradicts(ledger: Ledger) -> None:
    proof = prove(ledger, 7)
    foreign = replace(proof.checkpoint, size=399).signed(KEY).signatures
    forged = replace(proof, checkpoint=replace(proof.checkpoint, signatures=foreign))
    verified = verify_proof(str(forged), None, KEY.public())
    assert found(verified)["signature"] is Finding.CONTRADICTS
    assert verified.outcome is Validity.BROKEN


def test_a_proof_leads_to_the_checkpoint_that_somebody_kept(ledger: Ledger) -> None:
    old = ledger.checkpoints()[0]
    proof = prove(ledger, 17, against=old)
    assert proof.checkpoint == old
    assert verify_proof(str(proof), old, None).outcome is Validity.VALID
    newest = prove(ledger, 17)
    assert verify_proof(str(newest), old, None).outcome is Validity.INCOMPLETE
    with pytest.raises(IndexError):
        prove(ledger, 300, against=old)


def test_no_proof_against_what_the_ledger_does_not_extend(ledger: Ledger) -> None:
    old = ledger.checkpoints()[0]
    for forged in (
        replace(old, root=sha256(b"")),
        replace(old, size=299),
        replace(old, size=401),
        replace(old, origin="other"),
    ):
        with pytest.raises(ForkError):
            prove(ledger, 17, against=forged)


def test_what_was_sealed_since_the_last_checkpoint_can_be_proved(ledger: Ledger) -> None:
    append(ledger, records(5, start=400))
    proof = prove(ledger, 402)
    assert proof.checkpoint == Checkpoint(origin="tests", size=405, root=ledger.head().root)
    assert len(ledger.checkpoints()) == 2


def test_a_ledger_whose_tree_was_edited_proves_nothing(path: Path) -> None:
    with attacker(path) as conn:
        conn.execute("UPDATE tiles SET nodes = zeroblob(32) WHERE level = 1")
    with Ledger.open(path) as ledger, pytest.raises((BrokenError, ForkError)):
        prove(ledger, 17)


def test_every_other_checkpoint_contradicts_or_is_not_comparable(ledger: Ledger) -> None:
    proof = prove(ledger, 7)
    checkpoint = proof.checkpoint
    for kept, finding in (
        (replace(checkpoint, root=sha256(b"")), Finding.CONTRADICTS),
        (replace(checkpoint, origin="other"), Finding.CONTRADICTS),
        (replace(checkpoint, size=401), Finding.UNCHECKED),
        (ledger.checkpoints()[0], Finding.UNCHECKED),
    ):
        verified = verify_proof(str(proof), kept, None)
        assert found(verified)["checkpoint"] is finding
        assert verified.outcome is not Validity.VALID


def test_whatever_is_changed_in_an_entry_contradicts(ledger: Ledger) -> None:
    proof = prove(ledger, 7)
    kept = proof.checkpoint
    shown = Exhibit.decode(proof.extra or b"")
    header = shown.header
    changed = [
        replace(shown, payload=b"id-00007|value 50"),
        replace(shown, header=replace(header, sealed_at=NOW + 1)),
        replace(shown, header=replace(header, source=sha256(b"other"))),
        replace(shown, header=replace(header, kind=Kind.REJECT)),
        replace(shown, header=replace(header, index=8)),
        replace(shown, header=replace(header, length=header.length + 1)),
        replace(shown, header=replace(header, payload=sha256(b"x")), payload=b"x"),
    ]
    for exhibit in changed:
        verified = verify_proof(str(replace(proof, extra=exhibit.encode())), kept, None)
        assert verified.outcome is Validity.BROKEN
    for other in (
        replace(proof, index=8),
        replace(proof, hashes=proof.hashes[:-1]),
        replace(proof, hashes=(*proof.hashes, sha256(b""))),
        replace(proof, hashes=(sha256(b""), *proof.hashes[1:])),
    ):
        assert verify_proof(str(other), kept, None).outcome is Validity.BROKEN


def test_an_erased_payload_and_a_bare_path_are_incomplete(ledger: Ledger) -> None:
    proof = prove(ledger, 7)
    erased = replace(Exhibit.decode(proof.extra or b""), payload=None)
    verified = verify_proof(str(replace(proof, extra=erased.encode())), proof.checkpoint, None)
    assert found(verified)["payload"] is Finding.UNCHECKED
    assert found(verified)["inclusion"] is Finding.HOLDS
    assert verified.outcome is Validity.INCOMPLETE
    bare = verify_proof(str(replace(proof, extra=None)), proof.checkpoint, None)
    assert bare.outcome is Validity.INCOMPLETE


def test_provenance_travels_along(ledger: Ledger) -> None:
    steps: tuple[dict[str, Json], ...] = ({"step": "file", "name": "a\ud800é"}, {"step": "digest"})
    proof = prove(ledger, 7, provenance=steps)
    verified = verify_proof(str(proof), proof.checkpoint, None)
    assert verified.exhibit is not None
    assert verified.exhibit.provenance == steps


def test_every_flipped_character_of_a_proof_is_noticed(ledger: Ledger) -> None:
    proof = prove(ledger, 7)
    text = str(signed(proof))
    for place in range(len(text)):
        flipped = text[:place] + chr(ord(text[place]) ^ 1) + text[place + 1 :]
        verified = verify_proof(flipped, proof.checkpoint, KEY.public())
        assert verified.outcome is not Validity.VALID, flipped[max(place - 20, 0) : place + 20]


def test_nothing_is_no_proof_and_no_checkpoint() -> None:
    assert verify_proof("", None, None).outcome is Validity.BROKEN
    assert verify_checkpoint("", None, None).outcome is Validity.BROKEN
    assert Verification(checks=()).outcome is Validity.INCOMPLETE


def test_a_checkpoint_alone_is_verified_too(ledger: Ledger) -> None:
    kept = ledger.checkpoints()[0].signed(KEY)
    assert verify_checkpoint(str(kept), None, KEY.public()).outcome is Validity.VALID
    assert verify_checkpoint(str(kept), None, None).outcome is Validity.INCOMPLETE
    assert verify_checkpoint(kept.text, kept, None).outcome is Validity.VALID
    moved = str(kept).replace("\n300\n", "\n301\n")
    assert verify_checkpoint(moved, None, KEY.public()).outcome is Validity.BROKEN


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("c2sp.org/tlog-proof@v1", "c2sp.org/tlog-proof@v2"),
        ("c2sp.org", " c2sp.org"),
        ("\nextra ", "\nextra  "),
        ("\nextra ", "\nextra\n"),
        ("\nindex 7\n", "\nindex 07\n"),
        ("\nindex 7\n", "\nindex +7\n"),
        ("\nindex 7\n", "\nindex  7\n"),
        ("\nindex 7\n", "\n"),
        ("\nindex 7\n", "\nindex 7\nindex 7\n"),
        ("\nindex 7\n", "\nindex 7\n\n"),
        ("=\n\n", "=\n"),
        ("=\n\n", "=\n\n\n"),
        ("=\n\n", "\n\n"),
        ("\n400\n", "\n0400\n"),
    ],
)
def test_any_other_spelling_of_a_proof_is_refused(ledger: Ledger, old: str, new: str) -> None:
    text = str(prove(ledger, 7))
    assert old in text
    with pytest.raises(MalformedError):
        Proof.parse(text.replace(old, new, 1))


def test_a_proof_has_an_end(ledger: Ledger) -> None:
    proof = prove(ledger, 7)
    endless = replace(proof, hashes=(sha256(b""),) * (MAX_HASHES + 1))
    with pytest.raises(MalformedError):
        Proof.parse(str(endless))


@pytest.mark.parametrize(
    ("member", "value"),
    [
        ("exhibit", 2),
        ("exhibit", True),
        ("exhibit", None),
        ("header", ""),
        ("header", None),
        ("payload", 1),
        ("payload", "!"),
        ("provenance", None),
        ("provenance", [1]),
        ("more", 1),
    ],
)
def test_any_other_exhibit_is_refused(ledger: Ledger, member: str, value: Json) -> None:
    shown = read_json(prove(ledger, 7).extra or b"")
    assert isinstance(shown, dict)
    with pytest.raises(MalformedError):
        Exhibit.decode(spell_json({**shown, member: value}))
