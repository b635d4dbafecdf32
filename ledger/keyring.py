"""Keyring: which key signs a ledger's checkpoints from which entry on, as entries of kind KEY say.

A change of keys is a note of its own, signed by the key that comes, which shows that somebody has
it, and by the key that goes, which shows that its owner meant it. A key that was lost cannot sign
any more: a change without its signature is possible, and an audit says so.
"""

from __future__ import annotations

from dataclasses import dataclass

from ledger.errors import MalformedError, ProofError
from ledger.keys import PrivateKey, PublicKey
from ledger.note import Note, Signature, check_signed, made_by, sign

_FIRST_LINE = "klkey"


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyChange:
    """The payload of an entry of kind KEY.

    Attributes:
        origin: of the ledger.
        comes: the key that signs from the next entry on.
        goes: the one that has signed so far; None for the first.
        signatures: by both, or by `comes` alone.
    """

    origin: str
    comes: PublicKey
    goes: PublicKey | None
    signatures: tuple[Signature, ...] = ()

    @property
    def text(self) -> str:
        """What is signed."""
        goes = "" if self.goes is None else f"{self.goes}\n"
        return f"{_FIRST_LINE}\n{self.origin}\n{self.comes}\n{goes}"

    def encode(self) -> bytes:
        """Spell it as a signed note."""
        return str(Note(text=self.text, signatures=self.signatures)).encode()

    @classmethod
    def decode(cls, payload: bytes) -> KeyChange:
        """Read it back, accepting only what `encode` would have written.

        Raises:
            MalformedError: *payload* is anything else.
        """
        try:
            note = Note.parse(payload.decode())
        except UnicodeDecodeError as error:
            raise MalformedError("a change of keys is text") from error
        first, *names = note.text.removesuffix("\n").split("\n")
        match names:
            case [origin, comes]:
                goes = None
            case [origin, comes, last]:
                goes = PublicKey.parse(last)
            case _:
                raise MalformedError("a change of keys names a ledger and its keys")
        if first != _FIRST_LINE:
            raise MalformedError(f"a change of keys begins with {_FIRST_LINE}")
        change = cls(
            origin=origin,
            comes=PublicKey.parse(comes),
            goes=goes,
            signatures=note.signatures,
        )
        if change.encode() != payload:
            raise MalformedError("not the canonical spelling of a change of keys")
        return change

    @property
    def is_endorsed(self) -> bool:
        """Whether the key that goes says that it signed this; None goes before the first."""
        return self.goes is None or bool(made_by(self.goes, self.signatures))

    def check(self) -> None:
        """Check the signatures. Returns nothing: they hold, or an error says otherwise.

        Raises:
            ProofError: one does not hold, or that of the key that comes is missing.
        """
        check_signed(self.text, self.signatures, self.comes)
        if self.goes is not None and self.is_endorsed:
            check_signed(self.text, self.signatures, self.goes)


def change_keys(origin: str, comes: PrivateKey, goes: PrivateKey | PublicKey | None) -> KeyChange:
    """Make a change of keys.

    Args:
        origin: of the ledger.
        comes: the new key.
        goes: the one before; its public half alone where its secret was lost.
    """
    old = goes.public() if isinstance(goes, PrivateKey) else goes
    bare = KeyChange(origin=origin, comes=comes.public(), goes=old)
    signers = (goes, comes) if isinstance(goes, PrivateKey) else (comes,)
    return KeyChange(
        origin=origin,
        comes=bare.comes,
        goes=old,
        signatures=tuple(sign(bare.text, signer) for signer in signers),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A key and the entry that brought it.

    Attributes:
        key: signs checkpoints of more entries than *since*.
        since: index of the entry.
        is_endorsed: whether the key before signed the change.
    """

    key: PublicKey
    since: int
    is_endorsed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Keyring:
    """Every key of a ledger, oldest first."""

    held: tuple[Held, ...] = ()

    def at(self, size: int) -> PublicKey | None:
        """The key with which a checkpoint of so many entries is signed; None before the first."""
        before = [one.key for one in self.held if one.since < size]
        return before[-1] if before else None

    def changed(self, index: int, payload: bytes | None, origin: str) -> Keyring:
        """The keyring after the next entry of kind KEY.

        Args:
            index: of the entry.
            payload: of it; None where it was erased.
            origin: of the ledger.

        Raises:
            MalformedError: it is no change of keys.
            ProofError: it is one of another ledger, does not go on from the key before, or its
                signatures do not hold.
        """
        if payload is None:
            raise MalformedError("a change of keys was erased")
        change = KeyChange.decode(payload)
        if change.origin != origin:
            raise ProofError("it changes the keys of another ledger")
        if change.goes != self.at(index):
            raise ProofError("it does not go on from the key before")
        change.check()
        held = Held(key=change.comes, since=index, is_endorsed=change.is_endorsed)
        return Keyring(held=(*self.held, held))
