"""Verifying: what a stranger makes of a proof or a checkpoint, with no ledger at hand."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Final

from analyzer.answers.shape import Document
from analyzer.digests.keys import PublicKeys
from analyzer.errors import MisspelledError
from analyzer.proof.leading import fleet_proof_in, leads_on
from analyzer.proof.provenance import checks
from analyzer.proof.proving import read_checkpoint, read_key, shown_of, text_of
from analyzer.proof.signing import described
from ledger.checkpoint import Checkpoint
from ledger.entry import Kind
from ledger.keys import PublicKey
from ledger.proof import FIRST_LINE, Proof
from ledger.verification import Check, Finding, Verification, verify_checkpoint, verify_proof

_SECOND_LINE: Final = re.compile(r"[^\n]+\n\d+\n")
"""What a checkpoint begins with, also one that was damaged."""

_NOT_SHOWN: Final = (
    "that what the record says is true, or that it is all there was to know",
    "that it was sealed when the header says: that is what the writer's clock said",
)
"""What no proof of an entry shows."""

_DERIVED: Final = "that the rules are right by which the state was derived from the entries"

_TOLD: Final = "where the source came from: the steps of its provenance are told, not proved"

_IN_SOURCE: Final = (
    "that the record stands in the log file that CloudTrail signed: the header says so, and "
    "whoever has that file can look there"
)

Compare = Callable[[Verification], tuple[Check, ...]]
"""Further checks of what a file holds."""


def verification_of(
    file: Path,
    checkpoint: Path | None,
    key: str | None,
    digest_keys: PublicKeys | None = None,
    compare: Compare | None = None,
) -> Document:
    """Check a proof or a checkpoint without a ledger.

    Args:
        file: the proof, or the checkpoint.
        checkpoint: a file with a checkpoint that was kept elsewhere.
        key: the ledger's public key in the spelling of C2SP signed-note, or a file that holds it.
        digest_keys: CloudTrail's public keys; None if the provenance is not to be checked.
        compare: checks it with a ledger that is at hand after all.

    Returns:
        The outcome, every check, and what the file holds.

    Raises:
        MisspelledError: a file is not at all what it ought to be.
        OSError: a file cannot be read.
    """
    trusted = None if checkpoint is None else read_checkpoint(checkpoint)
    public = None if key is None else read_key(key)
    spelled = text_of(file)
    is_proof = _is_proof(file, spelled)
    verify = _proof if is_proof else _checkpoint
    verification, fleet = verify(spelled, trusted, public, is_vouched=compare is not None)
    more = [] if compare is None else list(compare(verification))
    if digest_keys is not None and is_proof:
        more += checks(verification.exhibit, digest_keys)
    verification = replace(verification, checks=(*verification.checks, *more))
    return {
        "what": "entry" if is_proof else "checkpoint",
        **verification.document(),
        **_held(verification),
        "fleet": fleet,
    }


def _checkpoint(
    spelled: str, trusted: Checkpoint | None, key: PublicKey | None, *, is_vouched: bool
) -> tuple[Verification, Document | None]:
    """Check a checkpoint, which leads to no fleet."""
    return verify_checkpoint(spelled, trusted, key, is_vouched=is_vouched), None


def _proof(
    spelled: str, trusted: Checkpoint | None, key: PublicKey | None, *, is_vouched: bool
) -> tuple[Verification, Document | None]:
    """Check a proof, and on to the fleet to which it leads, if it does."""
    found = verify_proof(spelled, trusted, key, is_vouched=is_vouched)
    leading = fleet_proof_in(found.exhibit)
    if leading is None:
        return found, None
    return _led_on(spelled, leading, trusted, key, is_vouched=is_vouched)


def _led_on(
    spelled: str,
    leading: str,
    trusted: Checkpoint | None,
    key: PublicKey | None,
    *,
    is_vouched: bool,
) -> tuple[Verification, Document | None]:
    """Check a proof that leads on to the checkpoint of a fleet.

    What vouches for the shard's own checkpoint is held against that, all else against the fleet's.
    """
    shown = Proof.parse(spelled).checkpoint
    own = trusted if trusted is not None and trusted.origin == shown.origin else None
    own_key = key if key is not None and key.name == shown.origin else None
    found = verify_proof(spelled, own, own_key, is_vouched=True)
    checks, fleet = leads_on(
        leading,
        shown,
        None if own is not None else trusted,
        None if own_key is not None else key,
        is_vouched=is_vouched or own is not None or own_key is not None,
    )
    return replace(found, checks=(*found.checks, *checks)), fleet


def _is_proof(file: Path, spelled: str) -> bool:
    """Whether it is a proof, rather than a checkpoint; raises MisspelledError if neither."""
    if spelled.startswith(FIRST_LINE):
        return True
    if not _SECOND_LINE.match(spelled):
        raise MisspelledError(str(file), "proof or checkpoint", "neither begins like this")
    return False


def _held(verification: Verification) -> Document:
    """Return what the file holds; null where it cannot be read."""
    exhibit, checkpoint = verification.exhibit, verification.checkpoint
    nothing: Document = {
        "entry": None,
        "record": None,
        "payload_base64": None,
        "state": None,
        "provenance": [],
    }
    is_signed = any(
        one.name == "aws-signature" and one.finding is Finding.HOLDS for one in verification.checks
    )
    told: tuple[str, ...] = (_IN_SOURCE,) if is_signed else ()
    shown = nothing if exhibit is None else shown_of(exhibit)
    if shown["provenance"] and not is_signed:
        told = (_TOLD,)
    if exhibit is not None and exhibit.header.kind is Kind.SEAL:
        told = (_DERIVED, *told)
    return {
        **shown,
        "checkpoint": None if checkpoint is None else described(checkpoint),
        "not_shown": [] if exhibit is None else [*_NOT_SHOWN, *told],
    }
