"""Keys of a ledger: made, sealed, replaced, lost; and what a key refuses to sign."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from ledger.admission import Candidate
from ledger.checkpoint import Checkpoint
from ledger.entry import OWN_LANE, Kind
from ledger.errors import (
    BrokenError,
    ForkError,
    KeyFileError,
    KeyTakenError,
    MalformedError,
    NoKeyError,
    ProofError,
    WrongKeyError,
)
from ledger.hashing import sha256
from ledger.keyfile import KeyFile
from ledger.keyring import KeyChange, Keyring, change_keys
from ledger.keys import PrivateKey
from ledger.signing import introduce, rotate, signer
from ledger.store import Ledger
from tests.ledger_support import NOW, append, content, copy, identify, records

FIRST = PrivateKey(name="tests", seed=b"1" * 32)
SECOND = PrivateKey(name="tests", seed=b"2" * 32)
THIRD = PrivateKey(name="tests", seed=b"3" * 32)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "test.db"


@pytest.fixture
def ledger(path: Path) -> Iterator[Ledger]:
    with Ledger.create(path, origin="tests", now=NOW) as made:
        append(made, records(10))
        yield made


@pytest.fixture
def keys(path: Path) -> KeyFile:
    return KeyFile(path.with_name("test.db.key"))


def start(ledger: Ledger, keys: KeyFile, seed: bytes = FIRST.seed) -> None:
    introduce(ledger, keys, seed=seed, now=NOW, identify=identify, content=content)


def change(
    ledger: Ledger, keys: KeyFile, seed: bytes = SECOND.seed, *, is_lost: bool = False
) -> None:
    rotate(
        ledger,
        keys,
        seed=seed,
        is_lost=is_lost,
        now=NOW,
        identify=identify,
        content=content,
    )


def signed(ledger: Ledger, keys: KeyFile) -> Checkpoint:
    return ledger.checkpoint(NOW, signer(ledger, keys))


def seal_key(ledger: Ledger, payload: bytes) -> None:
    candidate = Candidate(
        kind=Kind.KEY,
        source=sha256(payload),
        position=0,
        offset=0,
        payload=payload,
        lane=OWN_LANE,
    )
    append(ledger, [candidate])


def test_a_ledger_without_a_key_is_not_signed(ledger: Ledger, keys: KeyFile) -> None:
    assert signer(ledger, keys) is None
    assert signed(ledger, keys).signatures == ()


def test_a_first_key_is_sealed_and_signs(ledger: Ledger, keys: KeyFile) -> None:
    start(ledger, keys)
    assert ledger.entry(10).header.kind is Kind.KEY
    assert KeyChange.decode(ledger.entry(10).payload or b"").comes == FIRST.public()
    assert ledger.keyring().at(10) is None
    assert ledger.keyring().at(11) == FIRST.public()
    made = signed(ledger, keys)
    made.check(FIRST.public())
    assert ledger.checkpoints() == (made,)
    with pytest.raises(KeyTakenError):
        start(ledger, keys)


def test_a_key_file_is_for_its_owner_only(ledger: Ledger, keys: KeyFile) -> None:
    before = os.umask(0)
    try:
        start(ledger, keys)
    finally:
        os.umask(before)
    assert stat.S_IMODE(keys.path.stat().st_mode) == 0o600
    assert keys.path.read_text() == FIRST.spelled() + "\n"
    assert Path(f"{keys.path}.pub").read_text() == f"{FIRST.public()}\n"
    for mode in (0o640, 0o604, 0o660):
        keys.path.chmod(mode)
        with pytest.raises(KeyFileError, match="chmod 600"):
            signer(ledger, keys)


@pytest.mark.parametrize("content_", [b"", b"nonsense", b"\xff", b"PRIVATE+KEY+a+b+c\n"])
def test_a_key_file_that_is_none(ledger: Ledger, keys: KeyFile, content_: bytes) -> None:
    start(ledger, keys)
    keys.path.write_bytes(content_)
    with pytest.raises(KeyFileError) as raised:
        signer(ledger, keys)
    assert FIRST.seed.hex() not in str(raised.value)
    keys.path.unlink()
    with pytest.raises(KeyFileError):
        keys.read()


def test_a_key_of_ones_own_becomes_the_ledgers(ledger: Ledger, keys: KeyFile) -> None:
    keys.path.write_text(SECOND.spelled())
    keys.path.chmod(0o600)
    assert signer(ledger, keys) is None
    start(ledger, keys)
    signed(ledger, keys).check(SECOND.public())


def test_a_key_of_another_name_or_ledger_signs_nothing(ledger: Ledger, keys: KeyFile) -> None:
    keys.path.write_text(replace(SECOND, name="other").spelled())
    keys.path.chmod(0o600)
    with pytest.raises(WrongKeyError):
        start(ledger, keys)
    keys.path.unlink()
    start(ledger, keys)
    keys.path.write_text(SECOND.spelled())
    with pytest.raises(WrongKeyError):
        signer(ledger, keys)


def test_an_origin_that_cannot_be_a_keys_name_gets_no_key(path: Path, keys: KeyFile) -> None:
    with (
        Ledger.create(path, origin="two words", now=NOW) as ledger,
        pytest.raises(MalformedError),
    ):
        start(ledger, keys)
    assert not keys.exists


def test_a_change_of_keys_is_sealed_and_endorsed(ledger: Ledger, keys: KeyFile) -> None:
    start(ledger, keys)
    old = signed(ledger, keys)
    change(ledger, keys)
    new = signed(ledger, keys)
    new.check(SECOND.public())
    with pytest.raises(ProofError):
        new.check(FIRST.public())
    held = ledger.keyring().held
    assert [(one.key, one.since, one.is_endorsed) for one in held] == [
        (FIRST.public(), 10, True), (SECOND.public(), 11, True),
    ]  # fmt: skip
    assert ledger.keyring().at(old.size) == FIRST.public()
    assert Path(f"{keys.path}.pub").read_text() == f"{SECOND.public()}\n"
    assert keys.pending() is None


def test_a_lost_key_is_replaced_without_its_word(ledger: Ledger, keys: KeyFile) -> None:
    start(ledger, keys)
    keys.path.unlink()
    with pytest.raises(NoKeyError):
        change(ledger, keys)
    change(ledger, keys, is_lost=True)
    assert [one.is_endorsed for one in ledger.keyring().held] == [True, False]
    signed(ledger, keys).check(SECOND.public())


def test_without_a_key_there_is_none_to_replace(ledger: Ledger, keys: KeyFile) -> None:
    for is_lost in (False, True):
        with pytest.raises(NoKeyError):
            change(ledger, keys, is_lost=is_lost)


def test_a_change_cut_short_behind_its_entry_is_completed(ledger: Ledger, keys: KeyFile) -> None:
    start(ledger, keys)
    keys.prepare(SECOND)
    seal_key(ledger, change_keys("tests", SECOND, FIRST).encode())
    signed(ledger, keys).check(SECOND.public())
    assert keys.read() == SECOND
    assert keys.pending() is None


def test_a_change_cut_short_before_its_entry_leaves_the_old_key(
    ledger: Ledger, keys: KeyFile
) -> None:
    start(ledger, keys)
    keys.prepare(SECOND)
    signed(ledger, keys).check(FIRST.public())
    change(ledger, keys, THIRD.seed)
    signed(ledger, keys).check(THIRD.public())


@pytest.mark.parametrize(
    "payload",
    [
        b"",
        b"\xff",
        change_keys("tests", THIRD, None).encode(),
        change_keys("tests", THIRD, SECOND).encode(),
        change_keys("other", THIRD, FIRST).encode(),
        change_keys("tests", THIRD, FIRST).encode()[:-1],
        change_keys("tests", THIRD, FIRST).encode().replace(b"klkey", b"xlkey"),
        replace(change_keys("tests", THIRD, FIRST), comes=SECOND.public()).encode(),
        replace(
            change_keys("tests", THIRD, FIRST),
            signatures=change_keys("tests", THIRD, FIRST).signatures[:1],
        ).encode(),
        replace(
            change_keys("tests", THIRD, FIRST.public()),
            signatures=(
                *change_keys("tests", THIRD, FIRST.public()).signatures,
                change_keys("tests", SECOND, FIRST).signatures[0],
            ),
        ).encode(),
    ],
)
def test_an_entry_that_is_no_change_of_keys_is_no_key(
    ledger: Ledger, keys: KeyFile, payload: bytes
) -> None:
    start(ledger, keys)
    seal_key(ledger, payload)
    with pytest.raises(BrokenError) as raised:
        ledger.keyring()
    assert (raised.value.index, raised.value.kind) == (11, "payload")


def test_an_erased_change_of_keys_is_none() -> None:
    with pytest.raises(MalformedError):
        Keyring().changed(0, None, "tests")


def test_a_key_does_not_sign_a_ledger_that_was_cut_back(
    ledger: Ledger, keys: KeyFile, path: Path
) -> None:
    start(ledger, keys)
    ledger.close()
    old = copy(path, path.with_name("old.db"))
    with Ledger.open(path) as grown:
        append(grown, records(5, start=10))
        kept = signed(grown, keys)
    with Ledger.open(old) as cut:
        with pytest.raises(ForkError):
            signed(cut, keys)
        append(cut, records(10, start=70))  # another history of the same origin and more entries
        with pytest.raises(ForkError):
            signed(cut, keys)
        assert cut.checkpoints() == ()
        assert keys.memory.last() == kept
        change(cut, keys, is_lost=True)  # said to be so, and sealed
        signed(cut, keys).check(SECOND.public())
