"""Sealing: the heads of all shards into the fleet's own ledger, and its checkpoint, signed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from analyzer.answers.shape import Document
from analyzer.archive import Archive
from analyzer.fleet.register import Register
from analyzer.moment import Moment
from analyzer.proof.shard_head import ShardHead
from analyzer.proof.signing import checkpoint_of, key_file_of
from ledger.checkpoint import Checkpoint


def seal_fleet(
    register: Register, archive: Archive, key_file: Path | None, witness: Path | None, now: Moment
) -> Document:
    """Seal the head of each shard that has grown, and make the fleet's checkpoint.

    A shard that is lost keeps the head that was sealed of it before.

    Args:
        register: the fleet's own ledger; is written.
        archive: the shards that are there, and hold to what was sealed of them.
        key_file: where the fleet's key lies; None for beside its ledger.
        witness: a file that is to remember the checkpoint.
        now: the present.

    Returns:
        The document of `checkpoint`, with `added`: how many heads are new; and `heads`: `shard`,
        `size` and `root` of the newest of each shard.

    Raises:
        ForkError: the fleet's ledger does not extend what the key signed last, or what the witness
            keeps.
        ShardError: a shard cannot be read after all; nothing was sealed.
    """
    added = register.add(tuple(_heads(archive)), now)
    made = checkpoint_of(register.ledger, key_file_of(register.ledger, key_file), witness, now)
    newest = {one.head.name: one.head.checkpoint for one in register.sealed}
    return {
        **made,
        "added": added,
        "heads": [
            {"shard": name, "size": head.size, "root": head.root.hex()}
            for name, head in newest.items()
        ],
    }


def _heads(archive: Archive) -> Iterator[ShardHead]:
    for volume in archive.volumes:
        with volume.reading():
            head, origin = volume.ledger.head(), volume.ledger.origin
        if head.size and volume.name is not None:
            checkpoint = Checkpoint(origin=origin, size=head.size, root=head.root)
            yield ShardHead(name=volume.name, checkpoint=checkpoint)
