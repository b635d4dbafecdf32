"""Heads: the head of the tree at a moment, the checkpoints made of it, and the keys that sign them.

A checkpoint is signed only when its entries are committed (FULL-synchronous, so they are on the
medium) and only if it extends the last one that is stored and the last one that the key signed.
"""

from __future__ import annotations

from dataclasses import dataclass

from ledger.checkpoint import Checkpoint
from ledger.entry import OWN_LANE, Kind
from ledger.errors import BrokenError, MalformedError, ProofError
from ledger.hashing import Digest
from ledger.keyring import Keyring
from ledger.keys import PrivateKey
from ledger.merkle import root
from ledger.reader import Reader
from ledger.rows import Rows
from ledger.witness import Witness


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """What a ledger is at one moment.

    Attributes:
        size: entries.
        root: of the tree over them.
        link: leaf of the last one; 32 zero bytes where there is none.
    """

    size: int
    root: Digest
    link: Digest


@dataclass(frozen=True, slots=True, kw_only=True)
class Signer:
    """Who signs checkpoints.

    Attributes:
        key: the key in force.
        memory: the last checkpoint that it signed.
    """

    key: PrivateKey
    memory: Witness


class Heads:
    """Heads and checkpoints of one ledger."""

    def __init__(self, rows: Rows, reader: Reader) -> None:
        self._rows = rows
        self._reader = reader

    def head(self) -> Head:
        """Size, root and link of one moment."""
        with self._rows.connection.reading():
            size, link = self._rows.head()
            return Head(size=size, root=self._rows.frontier(size, link).root(), link=link)

    def root_at(self, size: int) -> Digest:
        """The root over the first entries, by the stored tree; raises BrokenError."""
        try:
            return root(size, self._rows.tile)
        except MalformedError as error:
            raise BrokenError(max(size - 1, 0), "root", error.detail) from error

    def keyring(self, origin: str) -> Keyring:
        """Every key by which checkpoints were signed.

        Raises:
            BrokenError: a change of keys is none.
        """
        keyring = Keyring()
        for entry in self._reader.stream(0, self._rows.head()[0], {OWN_LANE}):
            if entry.header.kind is Kind.KEY:
                index = entry.header.index
                try:
                    keyring = keyring.changed(index, entry.payload, origin)
                except (MalformedError, ProofError) as error:
                    raise BrokenError(index, "payload", error.detail) from error
        return keyring

    def stored(self) -> tuple[Checkpoint, ...]:
        """Every stored checkpoint, smallest first."""
        return tuple(Checkpoint.parse(note) for _, note in self._rows.checkpoint_notes())

    def make(self, origin: str, now: int, signer: Signer | None) -> Checkpoint:
        """Store the head of now; once per size, the first one stays. See `Ledger.checkpoint`."""
        with self._rows.connection.writing():
            head = self.head()
            made = Checkpoint(origin=origin, size=head.size, root=head.root)
            last = self._rows.last_checkpoint()
            if last is not None:
                self._require_extends(Checkpoint.parse(last[1]))
            if signer is not None:
                made = made.signed(signer.key)
                signer.memory.advance(made, self.root_at)
            if last is None or last[0] < head.size:
                self._rows.add_checkpoint(head.size, now, str(made))
        return made

    def _require_extends(self, checkpoint: Checkpoint) -> None:
        if self.root_at(checkpoint.size) != checkpoint.root:
            detail = "the tree does not extend the ledger's last checkpoint"
            raise BrokenError(max(checkpoint.size - 1, 0), "root", detail)
