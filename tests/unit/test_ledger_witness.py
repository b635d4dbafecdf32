"""The witness: the last checkpoint that somebody kept elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from ledger.errors import (
    ForkError,
    MalformedError,
)
from ledger.hashing import EMPTY_ROOT
from ledger.keys import PrivateKey
from ledger.store import Ledger
from ledger.witness import Witness
from tests.ledger_support import NOW, append, records

FIRST = PrivateKey(name="tests", seed=b"1" * 32)


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with Ledger.create(tmp_path / "test.db", origin="tests", now=NOW) as made:
        append(made, records(10))
        yield made


def test_a_witness_moves_only_to_what_extends_it(ledger: Ledger, tmp_path: Path) -> None:
    witness = Witness(tmp_path / "witness.txt")
    assert witness.last() is None
    first = ledger.checkpoint(NOW)
    witness.advance(first, ledger.root_at)
    append(ledger, records(5, start=10))
    second = ledger.checkpoint(NOW)
    witness.advance(second, ledger.root_at)
    witness.advance(second, ledger.root_at)
    assert witness.last() == second
    for forged in (
        first,
        replace(second, root=EMPTY_ROOT, size=0),
        replace(second, origin="other", size=99),
    ):
        with pytest.raises(ForkError):
            witness.advance(forged, ledger.root_at)
    with pytest.raises(ForkError):
        witness.advance(replace(second, size=99), lambda _size: EMPTY_ROOT)
    assert witness.last() == second


def test_a_witness_takes_a_signature_and_keeps_it(ledger: Ledger, tmp_path: Path) -> None:
    witness = Witness(tmp_path / "witness.txt")
    bare = ledger.checkpoint(NOW)
    witness.advance(bare, ledger.root_at)
    witness.advance(bare.signed(FIRST), ledger.root_at)
    witness.advance(bare, ledger.root_at)
    assert witness.last() == bare.signed(FIRST)
    assert [path.name for path in tmp_path.iterdir() if "witness" in path.name] == ["witness.txt"]


@pytest.mark.parametrize("content_", [b"", b"\xff", b"tests\n10\n"])
def test_a_witness_that_holds_something_else_is_left_alone(
    ledger: Ledger, tmp_path: Path, content_: bytes
) -> None:
    path = tmp_path / "witness.txt"
    path.write_bytes(content_)
    with pytest.raises(MalformedError):
        Witness(path).advance(ledger.checkpoint(NOW), ledger.root_at)
    assert path.read_bytes() == content_
