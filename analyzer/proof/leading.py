"""Leading: from the checkpoint of a shard on to that of its fleet, with neither at hand."""

from __future__ import annotations

from typing import Final

from analyzer.answers.shape import Document
from analyzer.proof.shard_head import ShardHead
from analyzer.proof.signing import described
from ledger.checkpoint import Checkpoint
from ledger.entry import Kind
from ledger.errors import MalformedError
from ledger.exhibit import Exhibit
from ledger.keys import PublicKey
from ledger.verification import Check, Finding, verify_proof

STEP: Final = "fleet"
"""The step of provenance that holds the proof of the fleet."""


def fleet_proof_in(exhibit: Exhibit | None) -> str | None:
    """Return the proof of the fleet that travels with an entry; None where none does."""
    told = () if exhibit is None else exhibit.provenance
    found = next((step.get("proof") for step in told if step.get("step") == STEP), None)
    return found if isinstance(found, str) else None


def leads_on(
    spelled: str,
    shown: Checkpoint,
    trusted: Checkpoint | None,
    key: PublicKey | None,
    *,
    is_vouched: bool,
) -> tuple[tuple[Check, ...], Document | None]:
    """Check that the fleet sealed a shard's checkpoint, by nothing but the proof of it.

    Args:
        spelled: the proof of the fleet.
        shown: the checkpoint to which the proof of the shard leads.
        trusted: a checkpoint of the fleet that was kept elsewhere.
        key: the fleet's key, from somewhere else than the file.
        is_vouched: somebody vouches for the shard's checkpoint by other means.

    Returns:
        The checks, and what the proof holds; None where it cannot be read.
    """
    found = verify_proof(spelled, trusted, key, is_vouched=is_vouched)
    checks = tuple(_renamed(one) for one in found.checks)
    if found.exhibit is None or found.checkpoint is None:
        return checks, None
    try:
        head = _head(found.exhibit)
    except MalformedError as error:
        wrong = Check(name="shard", finding=Finding.CONTRADICTS, detail=error.detail)
        return (*checks, wrong), None
    fleet = led_to(head.name, found.exhibit.header.index, found.checkpoint)
    return (_of_shard(head, shown), *checks), fleet


def _head(exhibit: Exhibit) -> ShardHead:
    """Return what the fleet sealed; raises MalformedError where that is no head of a shard."""
    if exhibit.header.kind is not Kind.SEAL:
        raise MalformedError("the fleet's entry is no seal")
    return ShardHead.decode(exhibit.payload or b"")


def led_to(shard: str, entry: int, checkpoint: Checkpoint) -> Document:
    """Return where a proof leads on to, as a JSON object.

    Args:
        shard: its name.
        entry: of the fleet's own ledger, in which its checkpoint is sealed.
        checkpoint: of the fleet.
    """
    return {"shard": shard, "entry": entry, "checkpoint": described(checkpoint)}


def _of_shard(head: ShardHead, shown: Checkpoint) -> Check:
    is_it = head.checkpoint.is_of(shown)
    return Check(
        name="shard",
        finding=Finding.HOLDS if is_it else Finding.CONTRADICTS,
        detail=f"the fleet sealed this checkpoint of {shown.size} entries of its shard {head.name}"
        if is_it
        else f"the fleet sealed another checkpoint of its shard {head.name}",
    )


def _renamed(one: Check) -> Check:
    """Say of the checks of an entry that it is the fleet's."""
    if one.name not in {"payload", "inclusion", "format"}:
        return one
    detail = f"in the fleet's own ledger {one.detail}" if one.name == "inclusion" else one.detail
    return Check(name=f"fleet-{one.name}", finding=one.finding, detail=detail)
