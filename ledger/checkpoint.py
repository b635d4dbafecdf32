"""Checkpoint: origin, size and root of the tree (C2SP tlog-checkpoint), signed or not.

Signed, it is a note (C2SP signed-note); unsigned, the text of that note alone.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from ledger.errors import MalformedError
from ledger.hashing import DIGEST_BYTES, Digest
from ledger.keys import PrivateKey, PublicKey
from ledger.note import Note, Signature, check_signed, sign
from ledger.spelling import read_base64, read_number, spell_base64


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkpoint:
    """What a ledger was at one size.

    Attributes:
        origin: which ledger; one line of text, not empty.
        size: entries.
        root: of the tree over them.
        signatures: of whoever signed it; none where it is unsigned.
    """

    origin: str
    size: int
    root: Digest
    signatures: tuple[Signature, ...] = ()

    @property
    def text(self) -> str:
        """What is signed: three lines, each ended by a newline."""
        return f"{self.origin}\n{self.size}\n{spell_base64(self.root)}\n"

    def __str__(self) -> str:
        """The one spelling: the text; where it is signed, an empty line and the signatures."""
        if not self.signatures:
            return self.text
        return str(Note(text=self.text, signatures=self.signatures))

    @classmethod
    def parse(cls, spelled: str) -> Checkpoint:
        """Read a checkpoint back, accepting only what `str()` would have written.

        Whether its signatures hold is another question.

        Raises:
            MalformedError: *spelled* is anything but the one canonical spelling.
        """
        if "\n\n" not in spelled:
            return cls._parse_text(spelled)
        note = Note.parse(spelled)
        return replace(cls._parse_text(note.text), signatures=note.signatures)

    @classmethod
    def _parse_text(cls, text: str) -> Checkpoint:
        match text.split("\n"):
            case [origin, size, spelled, ""]:
                check_origin(origin)
            case _:
                raise MalformedError("a checkpoint is three lines, each ended by a newline")
        root = Digest(read_base64(spelled))
        if len(root) != DIGEST_BYTES:
            raise MalformedError(f"a root has {DIGEST_BYTES} bytes")
        return cls(origin=origin, size=read_number(size), root=root)

    def is_of(self, other: Checkpoint) -> bool:
        """Whether both say the same of the same ledger, whoever signed them."""
        return self.text == other.text

    def signed(self, key: PrivateKey) -> Checkpoint:
        """The same, with this key's signature added."""
        return replace(self, signatures=(*self.signatures, sign(self.text, key)))

    def check(self, key: PublicKey) -> None:
        """Check that a key signed it. Returns nothing: it did, or an error says otherwise.

        Raises:
            ProofError: it did not.
        """
        check_signed(self.text, self.signatures, key)


def check_origin(origin: str) -> None:
    """Refuse what cannot be a checkpoint's first line.

    Raises:
        MalformedError: it is empty, or has control characters or lone surrogates.
    """
    if not origin or not origin.isprintable():
        raise MalformedError("an origin is one line of printable text")
