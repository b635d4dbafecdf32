"""Proof: that an entry is in a tree, as a file to carry away (C2SP tlog-proof)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from ledger.checkpoint import Checkpoint
from ledger.errors import MalformedError
from ledger.hashing import DIGEST_BYTES, Digest
from ledger.spelling import read_base64, read_number, spell_base64

FIRST_LINE: Final = "c2sp.org/tlog-proof@v1"
MAX_HASHES: Final = 63
_EXTRA: Final = "extra "
_INDEX: Final = "index "


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """An inclusion proof with the checkpoint to which it leads.

    Attributes:
        index: of the leaf.
        hashes: from the leaf's sibling to the root's child.
        checkpoint: of the tree.
        extra: bytes that travel along; the proof says nothing about them. None where there are
            none.
    """

    index: int
    hashes: tuple[Digest, ...]
    checkpoint: Checkpoint
    extra: bytes | None = None

    def __str__(self) -> str:
        lines = [FIRST_LINE]
        if self.extra is not None:
            lines.append(_EXTRA + spell_base64(self.extra))
        lines.append(f"{_INDEX}{self.index}")
        lines += [spell_base64(node) for node in self.hashes]
        return "\n".join(lines) + f"\n\n{self.checkpoint}"

    @classmethod
    def parse(cls, spelled: str) -> Proof:
        """Read a proof back, accepting only what `str()` would have written.

        Whether it proves anything is another question.

        Raises:
            MalformedError: *spelled* is anything else.
        """
        head, _, checkpoint = spelled.partition("\n\n")
        first, *lines = head.split("\n")
        if first != FIRST_LINE:
            raise MalformedError(f"a proof begins with {FIRST_LINE}")
        extra = None
        if lines and lines[0].startswith(_EXTRA):
            extra = read_base64(lines.pop(0).removeprefix(_EXTRA))
        if not lines or not lines[0].startswith(_INDEX):
            raise MalformedError("a proof names the index of its entry")
        hashes = tuple(Digest(read_base64(line)) for line in lines[1:])
        if len(hashes) > MAX_HASHES or any(len(node) != DIGEST_BYTES for node in hashes):
            raise MalformedError(f"a proof has up to {MAX_HASHES} hashes of {DIGEST_BYTES} bytes")
        return cls(
            index=read_number(lines[0].removeprefix(_INDEX)),
            hashes=hashes,
            checkpoint=Checkpoint.parse(checkpoint),
            extra=extra,
        )
