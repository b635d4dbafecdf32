"""Verification: what a proof shows to somebody who has no ledger, and what it leaves open. Pure.

Nothing holds because nothing contradicts it: a question that could not be answered makes the whole
`incomplete`, above all whether anybody vouches for the checkpoint.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from ledger.checkpoint import Checkpoint
from ledger.entry import Kind
from ledger.errors import MalformedError, ProofError, UncheckedError
from ledger.exhibit import Exhibit
from ledger.keys import PublicKey
from ledger.merkle import verify_inclusion
from ledger.note import made_by
from ledger.proof import Proof
from ledger.seal import Seal


class Finding(StrEnum):
    """What came of one check."""

    HOLDS = "holds"
    CONTRADICTS = "contradicts"
    UNCHECKED = "unchecked"


class Validity(StrEnum):
    """What came of all of them."""

    VALID = "valid"
    """Everything was checked, and holds."""
    BROKEN = "broken"
    """Something contradicts something."""
    INCOMPLETE = "incomplete"
    """Nothing contradicts, and something could not be checked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One question, and what came of it.

    Attributes:
        name: `format`, `payload`, `inclusion`, `row`, `checkpoint` or `signature`; callers may add
            others.
        finding: the answer.
        detail: a sentence for a person; no log content.
    """

    name: str
    finding: Finding
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """What a file shows.

    Attributes:
        checks: in the order in which one rests on the other.
        checkpoint: what the file leads to; None where it cannot be read.
        exhibit: the entry that is shown; None where none is, or it cannot be read.
    """

    checks: tuple[Check, ...]
    checkpoint: Checkpoint | None = None
    exhibit: Exhibit | None = None

    @property
    def outcome(self) -> Validity:
        """The answer; without a single check there is none."""
        found = {check.finding for check in self.checks}
        if Finding.CONTRADICTS in found:
            return Validity.BROKEN
        return Validity.VALID if found == {Finding.HOLDS} else Validity.INCOMPLETE

    def document(self) -> dict[str, Any]:
        """The outcome and the checks as a JSON object, in the shape of `keyledger verify`."""
        return {
            "outcome": self.outcome.value,
            "checks": [
                {"check": one.name, "finding": one.finding.value, "detail": one.detail}
                for one in self.checks
            ],
        }


def verify_proof(
    spelled: str,
    trusted: Checkpoint | None,
    key: PublicKey | None,
    *,
    is_vouched: bool = False,
) -> Verification:
    """Check a proof with the entry in it.

    Args:
        spelled: the text of the file.
        trusted: a checkpoint that was kept elsewhere.
        key: the key with which the ledger signs, from somewhere else than the file.
        is_vouched: the caller checks by other means whether somebody vouches for the checkpoint.
    """
    try:
        proof = Proof.parse(spelled)
        exhibit = None if proof.extra is None else Exhibit.decode(proof.extra)
    except MalformedError as error:
        return _unreadable(error.detail)
    return Verification(
        checks=(
            *_of_entry(proof, exhibit),
            *_of_row(exhibit),
            *_of_checkpoint(proof.checkpoint, trusted, key, is_vouched=is_vouched),
        ),
        checkpoint=proof.checkpoint,
        exhibit=exhibit,
    )


def verify_checkpoint(
    spelled: str,
    trusted: Checkpoint | None,
    key: PublicKey | None,
    *,
    is_vouched: bool = False,
) -> Verification:
    """Check a checkpoint on its own; arguments as for `verify_proof`."""
    try:
        checkpoint = Checkpoint.parse(spelled)
    except MalformedError as error:
        return _unreadable(error.detail)
    checks = tuple(_of_checkpoint(checkpoint, trusted, key, is_vouched=is_vouched))
    return Verification(checks=checks, checkpoint=checkpoint)


def _unreadable(detail: str) -> Verification:
    check = Check(name="format", finding=Finding.CONTRADICTS, detail=detail)
    return Verification(checks=(check,))


def _of_entry(proof: Proof, exhibit: Exhibit | None) -> Iterator[Check]:
    size = proof.checkpoint.size
    if exhibit is None:
        detail = "the file holds no entry, only a path to a root"
        yield Check(name="inclusion", finding=Finding.UNCHECKED, detail=detail)
        return
    header = exhibit.header
    name = "payload"
    try:
        exhibit.check_payload()
    except ProofError as error:
        erased = exhibit.payload is None
        finding = Finding.UNCHECKED if erased else Finding.CONTRADICTS
        yield Check(name=name, finding=finding, detail=error.detail)
    else:
        detail = f"its {header.length} bytes hash to what the header says"
        yield Check(name=name, finding=Finding.HOLDS, detail=detail)
    name = "inclusion"
    if header.index != proof.index:
        detail = f"the header is of entry {header.index}, the proof of {proof.index}"
        yield Check(name=name, finding=Finding.CONTRADICTS, detail=detail)
        return
    try:
        root = proof.checkpoint.root
        verify_inclusion(proof.index, size, header.leaf, proof=proof.hashes, root_hash=root)
    except ProofError as error:
        yield Check(name=name, finding=Finding.CONTRADICTS, detail=error.detail)
    else:
        detail = f"it is entry {proof.index} of the {size} entries under the root"
        yield Check(name=name, finding=Finding.HOLDS, detail=detail)


def _of_row(exhibit: Exhibit | None) -> Iterator[Check]:
    """Check a row against the seal in the entry, if one is shown."""
    if exhibit is None or exhibit.row is None:
        return
    name = "row"
    if exhibit.header.kind is not Kind.SEAL:
        yield Check(name=name, finding=Finding.CONTRADICTS, detail="the entry is no seal")
        return
    try:
        seal = Seal.decode(exhibit.payload or b"")
        exhibit.row.check(seal)
    except (MalformedError, ProofError) as error:
        yield Check(name=name, finding=Finding.CONTRADICTS, detail=error.detail)
    else:
        detail = f"it is row {exhibit.row.index} of the {seal.rows} rows that were sealed"
        yield Check(name=name, finding=Finding.HOLDS, detail=detail)


def _of_checkpoint(
    shown: Checkpoint,
    trusted: Checkpoint | None,
    key: PublicKey | None,
    *,
    is_vouched: bool,
) -> Iterator[Check]:
    if trusted is not None:
        finding, detail = _compared(shown, trusted)
        yield Check(name="checkpoint", finding=finding, detail=detail)
    if key is not None:
        finding, detail = _signed(shown, trusted, key)
        yield Check(name="signature", finding=finding, detail=detail)
    elif trusted is None and not is_vouched:
        detail = "nobody vouches for it: give a checkpoint that was kept elsewhere, or a key"
        yield Check(name="checkpoint", finding=Finding.UNCHECKED, detail=detail)


def _compared(shown: Checkpoint, trusted: Checkpoint) -> tuple[Finding, str]:
    if shown.is_of(trusted):
        return Finding.HOLDS, f"it is the one that was kept, of {shown.size} entries"
    if shown.origin != trusted.origin:
        return Finding.CONTRADICTS, "the one that was kept is of another ledger"
    if shown.size == trusted.size:
        return Finding.CONTRADICTS, "the one that was kept has another root at the same size"
    sizes = f"it is of {shown.size} entries, the one that was kept of {trusted.size}"
    return Finding.UNCHECKED, f"{sizes}: have the entry proved against that one"


def _signed(shown: Checkpoint, trusted: Checkpoint | None, key: PublicKey) -> tuple[Finding, str]:
    whose = f"{key.name}+{key.id.hex()}"
    others = trusted.signatures if trusted is not None and trusted.is_of(shown) else ()
    own = made_by(key, (*shown.signatures, *others))
    if not own:
        told = "signed by others only" if shown.signatures else "not signed"
        return Finding.UNCHECKED, f"the checkpoint is {told}: it has no signature by {whose}"
    try:
        for one in own:
            key.check(shown.text.encode(), one.signed)
    except UncheckedError as error:
        return Finding.UNCHECKED, error.detail
    except ProofError as error:
        return Finding.CONTRADICTS, error.detail
    return Finding.HOLDS, f"the checkpoint is signed by {whose}"
