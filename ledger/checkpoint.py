"""Checkpoint: origin, size and root of the tree as text (C2SP tlog-checkpoint, unsigned)."""

from __future__ import annotations

import binascii
from base64 import b64decode, b64encode
from dataclasses import dataclass

from ledger.entry import MAX_NUMBER
from ledger.errors import MalformedError
from ledger.hashing import DIGEST_BYTES, Digest


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkpoint:
    """What a ledger was at one size.

    Attributes:
        origin: which ledger; one line of text, not empty.
        size: entries.
        root: of the tree over them.
    """

    origin: str
    size: int
    root: Digest

    def __str__(self) -> str:
        """The one spelling: three lines, each ended by a newline."""
        return f"{self.origin}\n{self.size}\n{b64encode(self.root).decode()}\n"

    @classmethod
    def parse(cls, text: str) -> Checkpoint:
        """Read a checkpoint back, accepting only what `str()` would have written.

        Raises:
            MalformedError: *text* is anything but the one canonical spelling.
        """
        match text.split("\n"):
            case [origin, size, root, ""]:
                check_origin(origin)
            case _:
                raise MalformedError("a checkpoint is three lines, each ended by a newline")
        try:
            checkpoint = cls(
                origin=origin, size=int(size), root=Digest(b64decode(root, validate=True))
            )
        except (ValueError, binascii.Error) as error:
            raise MalformedError(f"unreadable checkpoint: {error}") from error
        # int() reads "1_000", "+5" and " 5 ", and base64 has spare bits: a text with two spellings
        # is a text two verifiers can disagree about.
        if str(checkpoint) != text:
            raise MalformedError("not the canonical spelling of a checkpoint")
        if not 0 <= checkpoint.size <= MAX_NUMBER or len(checkpoint.root) != DIGEST_BYTES:
            raise MalformedError("a tree has at least 0 entries and a 32-byte root")
        return checkpoint


def check_origin(origin: str) -> None:
    """Refuse what cannot be a checkpoint's first line.

    Raises:
        MalformedError: it is empty, or has control characters or lone surrogates.
    """
    if not origin or not origin.isprintable():
        raise MalformedError("an origin is one line of printable text")
