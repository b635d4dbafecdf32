"""Proving: an entry of an open ledger as a proof to carry away."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ledger.checkpoint import Checkpoint
from ledger.entry import Entry
from ledger.errors import BrokenError, ForkError, ProofError
from ledger.exhibit import Exhibit
from ledger.merkle import prove_inclusion, verify_inclusion
from ledger.proof import Proof
from ledger.seal import Row
from ledger.spelling import Json
from ledger.store import Ledger


def prove(
    ledger: Ledger,
    index: int,
    *,
    against: Checkpoint | None = None,
    provenance: Sequence[Mapping[str, Json]] = (),
    row: Row | None = None,
) -> Proof:
    """Prove that an entry is in the ledger.

    Args:
        ledger: is only read.
        index: of the entry.
        against: the checkpoint to which the proof is to lead, as somebody kept it; if None the
            last stored one that covers the entry, else one of this moment.
        provenance: where the entry's source came from.
        row: a row of what the entry seals.

    Returns:
        The proof, which was checked; with the entry in its extra data.

    Raises:
        IndexError: there is no such entry, or *against* is of fewer entries.
        ForkError: the ledger does not extend *against*.
        BrokenError: the ledger contradicts itself there.
    """
    with ledger.rows.connection.reading():
        entry = ledger.entry(index)
        checkpoint = _covering(ledger, index) if against is None else against
        require_extends(ledger, checkpoint)
        if index >= checkpoint.size:
            raise IndexError(index)
        hashes = prove_inclusion(index, checkpoint.size, ledger.rows.tile)
    exhibit = Exhibit(
        header=entry.header, payload=entry.payload, provenance=tuple(provenance), row=row
    )
    proof = Proof(index=index, hashes=hashes, checkpoint=checkpoint, extra=exhibit.encode())
    _require_sound(proof, entry)
    return proof


def _require_sound(proof: Proof, entry: Entry) -> None:
    """Check a proof before it is handed out; raises BrokenError."""
    kept = proof.checkpoint
    leaf = entry.header.leaf
    try:
        verify_inclusion(proof.index, kept.size, leaf, proof=proof.hashes, root_hash=kept.root)
    except ProofError as error:
        raise BrokenError(proof.index, "root", error.detail) from error


def require_extends(ledger: Ledger, checkpoint: Checkpoint) -> None:
    """Refuse a ledger that does not begin with what a checkpoint says.

    Its signatures are not looked at.

    Raises:
        ForkError: it is another ledger's, or the tree was another one at that size.
    """
    size = ledger.size
    if checkpoint.origin != ledger.origin:
        raise ForkError(0, "the checkpoint is another ledger's")
    if checkpoint.size > size:
        raise ForkError(size, f"the ledger ends here; the checkpoint is of {checkpoint.size}")
    if ledger.root_at(checkpoint.size) != checkpoint.root:
        raise ForkError(checkpoint.size, "the ledger had another root than the checkpoint says")


def _covering(ledger: Ledger, index: int) -> Checkpoint:
    """The last stored checkpoint if it covers an entry, else one of this moment."""
    last = ledger.rows.last_checkpoint()
    if last is not None and last[0] > index:
        return Checkpoint.parse(last[1])
    head = ledger.head()
    return Checkpoint(origin=ledger.origin, size=head.size, root=head.root)
