"""Note: a text with signatures under it (C2SP signed-note)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from ledger.errors import MalformedError, ProofError
from ledger.keys import ID_BYTES, PrivateKey, PublicKey, check_name
from ledger.spelling import read_base64, spell_base64

MAX_SIGNATURES: Final = 100
_DASH: Final = "— "


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """One line under a note.

    Attributes:
        name: of the key that made it, as it says.
        key_id: of that key, four bytes.
        signed: the signature itself; what it looks like depends on the key's algorithm.
    """

    name: str
    key_id: bytes
    signed: bytes

    def __str__(self) -> str:
        return f"{_DASH}{self.name} {spell_base64(self.key_id + self.signed)}"

    @classmethod
    def parse(cls, line: str) -> Signature:
        """Read a line back; raises MalformedError for any other spelling."""
        name, blank, spelled = line.removeprefix(_DASH).partition(" ")
        if not line.startswith(_DASH) or not blank:
            raise MalformedError("a signature is a dash, a name and base64")
        check_name(name)
        data = read_base64(spelled)
        if len(data) <= ID_BYTES:
            raise MalformedError("a signature has more than the id of its key")
        return cls(name=name, key_id=data[:ID_BYTES], signed=data[ID_BYTES:])


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """A signed text.

    Attributes:
        text: ends with a newline; what is signed.
        signatures: at least one; of whom is not said by their being there.
    """

    text: str
    signatures: tuple[Signature, ...]

    def __str__(self) -> str:
        """The one spelling: the text, an empty line, a line for each signature."""
        return self.text + "\n" + "".join(f"{one}\n" for one in self.signatures)

    @classmethod
    def parse(cls, spelled: str) -> Note:
        """Read a note back, whoever signed it.

        Raises:
            MalformedError: it is no note.
        """
        text, _, lines = spelled.rpartition("\n\n")
        if not text or not lines.endswith("\n"):
            raise MalformedError("a note is a text, an empty line and signatures")
        if any(sign < " " and sign != "\n" for sign in spelled):
            raise MalformedError("a note has no control characters")
        signed = lines.removesuffix("\n").split("\n")
        if len(signed) > MAX_SIGNATURES:
            raise MalformedError(f"a note has at most {MAX_SIGNATURES} signatures")
        return cls(text=text + "\n", signatures=tuple(Signature.parse(line) for line in signed))


def sign(text: str, key: PrivateKey) -> Signature:
    """Sign a text.

    Args:
        text: ends with a newline.
        key: in whose name.
    """
    signed = key.sign(text.encode())
    return Signature(name=key.name, key_id=key.public().id, signed=signed)


def made_by(key: PublicKey, signatures: Iterable[Signature]) -> tuple[Signature, ...]:
    """Those that say that this key made them; whether it did is for `check_signed`."""
    return tuple(one for one in signatures if (one.name, one.key_id) == (key.name, key.id))


def check_signed(text: str, signatures: Iterable[Signature], key: PublicKey) -> None:
    """Check that a key signed a text; lines of other keys are left alone.

    Returns nothing: it did, or an error says that it did not.

    Raises:
        ProofError: no line is the key's, or one that says so is not.
    """
    own = made_by(key, signatures)
    if not own:
        raise ProofError(f"it has no signature by {key.name}+{key.id.hex()}")
    for one in own:
        key.check(text.encode(), one.signed)
