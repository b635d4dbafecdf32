"""What the ledger writes, a second implementation reads, and the other way round."""

from __future__ import annotations

import json
from base64 import b64decode
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pymerkle import InmemoryTree  # type: ignore[import-untyped]

from ledger.checkpoint import Checkpoint
from ledger.entry import Header
from ledger.exhibit import Exhibit
from ledger.hashing import Digest
from ledger.keyfile import KeyFile
from ledger.keys import PrivateKey, PublicKey
from ledger.merkle import verify_consistency
from ledger.proof import Proof
from ledger.proving import prove
from ledger.signing import introduce, signer
from ledger.store import Ledger
from ledger.verification import Validity, verify_checkpoint, verify_proof
from tests.independent import ed25519
from tests.independent.notes import (
    Key,
    ReadProof,
    checkpoint_text,
    is_signed_by,
    proof_text,
    read_checkpoint,
    signed_note,
)
from tests.independent.tree import path_of, root_of
from tests.ledger_support import NOW, append, content, identify, records

SEED = bytes(range(32))


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    made = Ledger.create(tmp_path / "test.db", origin="ledger.example/one", now=NOW)
    append(made, records(20))
    keys = KeyFile(tmp_path / "test.db.key")
    introduce(made, keys, seed=SEED, now=NOW, identify=identify, content=content)
    append(made, records(300, start=20))
    made.checkpoint(NOW, signer(made, keys))
    return made


@pytest.fixture
def headers(ledger: Ledger) -> list[bytes]:
    return [entry.header.encode() for entry in ledger.entries()]


def test_a_key_is_spelled_alike() -> None:
    ours = PrivateKey(name="ledger.example/one", seed=SEED).public()
    assert str(ours) == Key.of("ledger.example/one", SEED).spell()
    assert Key.read(str(ours)).point == ours.point


def test_our_checkpoints_are_theirs(ledger: Ledger, headers: list[bytes]) -> None:
    [made] = ledger.checkpoints()
    key = Key.of("ledger.example/one", SEED)
    assert is_signed_by(str(made), key)
    assert not is_signed_by(str(made).replace("321", "322"), key)
    assert read_checkpoint(str(made)) == ("ledger.example/one", 321, root_of(headers))


def test_their_checkpoints_are_ours(ledger: Ledger, headers: list[bytes]) -> None:
    key = Key.of("ledger.example/one", SEED)
    text = checkpoint_text("ledger.example/one", len(headers), root_of(headers))
    note = signed_note(text, key, SEED)
    assert note == str(ledger.checkpoints()[0])
    assert verify_checkpoint(note, None, PublicKey.parse(key.spell())).outcome is Validity.VALID


@pytest.mark.parametrize("index", [0, 1, 19, 20, 255, 256, 319, 320])
def test_our_proofs_are_theirs(ledger: Ledger, headers: list[bytes], index: int) -> None:
    proof = ReadProof.read(str(prove(ledger, index)))
    assert proof.leads_from(headers[index])
    assert not proof.leads_from(headers[index - 1])
    assert is_signed_by(proof.checkpoint, Key.of("ledger.example/one", SEED))
    assert proof.path == path_of(index, headers)
    exhibit = json.loads(proof.extra)
    assert b64decode(exhibit["header"]) == headers[index]
    assert b64decode(exhibit["payload"]) == ledger.entry(index).payload


@pytest.mark.parametrize("index", [0, 20, 256, 320])
def test_their_proofs_are_ours(ledger: Ledger, headers: list[bytes], index: int) -> None:
    key = Key.of("ledger.example/one", SEED)
    text = checkpoint_text("ledger.example/one", len(headers), root_of(headers))
    header = Header.decode(headers[index])
    exhibit = Exhibit(header=header, payload=ledger.entry(index).payload).encode()
    note = signed_note(text, key, SEED)
    theirs = proof_text(index, path_of(index, headers), note, exhibit)
    assert theirs == str(prove(ledger, index))
    assert verify_proof(theirs, None, PublicKey.parse(key.spell())).outcome is Validity.VALID


def test_our_proofs_are_pymerkles(ledger: Ledger, headers: list[bytes]) -> None:
    tree = InmemoryTree()
    for header in headers:
        tree.append_entry(header)
    assert tree.get_root() == ledger.head().root
    for index in (0, 77, 320):
        leaf, *path = tree.prove_inclusion(index + 1).path
        assert (leaf, tuple(path)) == (ledger.entry(index).header.leaf, prove(ledger, index).hashes)


def test_a_tree_extends_another_for_both(headers: list[bytes]) -> None:
    old, new = root_of(headers[:256]), root_of(headers[:512])
    verify_consistency(
        256,
        len(headers),
        old_root=old,
        new_root=new,
        proof=(Digest(root_of(headers[256:])),),
    )


@settings(max_examples=20, deadline=None)
@given(seed=st.binary(min_size=32, max_size=32), message=st.binary(max_size=200))
def test_signatures_are_the_same_to_the_bit(seed: bytes, message: bytes) -> None:
    key = PrivateKey(name="x", seed=seed)
    signature = key.sign(message)
    assert signature == ed25519.sign(seed, message)
    assert ed25519.is_signed(key.public().point, message, signature)
    assert not ed25519.is_signed(key.public().point, message + b"x", signature)


def test_proofs_are_spelled_alike(ledger: Ledger) -> None:
    text = str(prove(ledger, 3))
    assert str(Proof.parse(text)) == text
    assert Checkpoint.parse(ReadProof.read(text).checkpoint) == Proof.parse(text).checkpoint
