"""Keys and notes: published vectors, and everything that is almost one of them."""

from __future__ import annotations

import json
from base64 import b64encode
from pathlib import Path
from typing import Any

import pytest

from ledger.checkpoint import Checkpoint
from ledger.errors import MalformedError, ProofError
from ledger.keys import PrivateKey, PublicKey
from ledger.note import MAX_SIGNATURES, Note, check_signed, sign

VECTORS = Path(__file__).parents[1] / "vectors"
NOTES: dict[str, Any] = json.loads((VECTORS / "signed_note.json").read_text())
RFC_8032: list[dict[str, str]] = json.loads((VECTORS / "ed25519.json").read_text())["tests"]
VKEY = NOTES["notes"][1]["vkey"]
SKEY = NOTES["notes"][1]["skey"]
NOTE = NOTES["notes"][1]["note"]
KEY = PublicKey.parse(VKEY)
SIGNER = PrivateKey.parse(SKEY)


@pytest.mark.parametrize("vector", RFC_8032, ids=["1", "2", "3", "SHA(abc)"])
def test_published_signatures(vector: dict[str, str]) -> None:
    key = PrivateKey(name="x", seed=bytes.fromhex(vector["secret"]))
    message, signature = bytes.fromhex(vector["message"]), bytes.fromhex(vector["signature"])
    assert key.public().point.hex() == vector["public"]
    assert key.sign(message) == signature
    key.public().check(message, signature)
    with pytest.raises(ProofError):
        key.public().check(message + b"x", signature)


@pytest.mark.parametrize("vector", NOTES["notes"], ids=["the specification", "Go"])
def test_published_notes(vector: dict[str, str]) -> None:
    key, note = PublicKey.parse(vector["vkey"]), Note.parse(vector["note"])
    assert (str(key), str(note)) == (vector["vkey"], vector["note"])
    check_signed(note.text, note.signatures, key)
    with pytest.raises(ProofError):
        check_signed(note.text + "x\n", note.signatures, key)


def test_a_published_private_key_makes_the_published_note() -> None:
    assert SIGNER.spelled() == SKEY
    assert str(SIGNER.public()) == VKEY
    note = Note.parse(NOTE)
    assert Note(text=note.text, signatures=(sign(note.text, SIGNER),)) == note


def test_a_text_may_have_empty_lines() -> None:
    note = Note.parse(NOTES["text_with_empty_lines"]["note"])
    assert note.text.endswith("sole:\n\ned è subito sera.\n")
    assert [one.name for one in note.signatures] == ["quasimodo.example/salvatore"]


def test_a_published_checkpoint_is_read() -> None:
    made = Checkpoint.parse(NOTES["checkpoint"]["note"])
    assert (made.origin, made.size) == ("example.com/behind-the-sofa", 20852163)
    assert str(made) == NOTES["checkpoint"]["note"]


def test_a_secret_is_not_shown() -> None:
    assert SIGNER.seed.hex() not in repr(SIGNER)
    assert repr(SIGNER.seed) not in repr(SIGNER)


@pytest.mark.parametrize(
    "vkey",
    [
        "",
        "PeterNeumann",
        VKEY + "\n",
        VKEY[:-1],
        VKEY.replace("c74f20a3", "c74f20a4"),
        VKEY.replace("c74f20a3", "C74F20A3"),
        VKEY.replace("c74f20a3", ""),
        VKEY.replace("PeterNeumann", "peterneumann"),
        VKEY.replace("PeterNeumann", "Peter Neumann"),
        VKEY.replace("PeterNeumann", ""),
        VKEY.replace("+ARpc", "+ARp c"),
        VKEY.replace("+AR", "+BB"),  # another algorithm
        f"PeterNeumann+c74f20a3+{b64encode(bytes([1]) + KEY.point[:31]).decode()}",
    ],
)
def test_any_other_spelling_of_a_key_is_refused(vkey: str) -> None:
    with pytest.raises(MalformedError):
        PublicKey.parse(vkey)
    with pytest.raises(MalformedError):
        PrivateKey.parse("PRIVATE+KEY+" + vkey)


def test_a_public_key_is_no_private_key() -> None:
    with pytest.raises(MalformedError):
        PrivateKey.parse(VKEY)


@pytest.mark.parametrize(
    "spelled",
    [
        "",
        "\n",
        "text\n",
        "text\n\n",
        NOTE[:-1],
        NOTE + "\n",
        NOTE + "\n\n",
        NOTE + "x\n",
        NOTE.replace("\n", "\r\n"),
        NOTE.replace("your", "y\tur"),
        NOTE.replace("\n— ", "— "),
        NOTE.replace("— ", "-- "),
        NOTE.replace("— ", "—  "),
        NOTE.replace("— ", "—"),
        NOTE.replace(" PeterNeumann ", "  "),
        NOTE.replace(" PeterNeumann ", " Peter+Neumann "),
        NOTE.replace(" PeterNeumann ", " Peter\u00a0Neumann "),
        NOTE.replace("nAM=", "nAM"),
        NOTE.replace("nAM=", "nAN="),  # spare bits set
        NOTE.replace("nAM=", "nAM= "),
        "text\n\n— x " + b64encode(bytes(4)).decode() + "\n",
        "text\n\n" + f"— x {b64encode(bytes(8)).decode()}\n" * (MAX_SIGNATURES + 1),
    ],
)
def test_any_other_spelling_of_a_note_is_refused(spelled: str) -> None:
    with pytest.raises(MalformedError):
        Note.parse(spelled)


def test_lines_of_other_keys_are_left_alone_and_bad_ones_of_ours_are_not() -> None:
    text = Note.parse(NOTE).text
    other = PrivateKey(name="PeterNeumann", seed=bytes(32))
    ours, theirs = sign(text, SIGNER), sign(text, other)
    check_signed(text, (theirs, ours), KEY)
    with pytest.raises(ProofError, match="no signature by"):
        check_signed(text, (theirs,), KEY)
    forged = sign(text + "x\n", SIGNER)
    with pytest.raises(ProofError):
        check_signed(text, (ours, forged), KEY)
    with pytest.raises(ProofError):
        check_signed(text, (), KEY)


@pytest.mark.parametrize("signature", [b"", bytes(63), bytes(64), bytes(65)])
def test_a_signature_that_is_none_is_refused(signature: bytes) -> None:
    with pytest.raises(ProofError):
        KEY.check(b"message", signature)


def test_a_key_that_is_no_point_checks_nothing() -> None:
    with pytest.raises(ProofError):
        PublicKey(name="x", point=b"\xff" * 32).check(b"message", bytes(64))
