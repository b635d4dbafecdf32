"""Keys: Ed25519 (RFC 8032) under a name, spelled as C2SP signed-note has them.

The only door to cryptography, which is loaded when something is signed or a signature is checked.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from ledger.errors import MalformedError, ProofError, UncheckedError
from ledger.hashing import sha256
from ledger.spelling import read_base64, spell_base64

KEY_BYTES: Final = 32
ID_BYTES: Final = 4
_ED25519: Final = b"\x01"
_PRIVATE: Final = "PRIVATE+KEY+"


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicKey:
    """A key that checks signatures.

    Attributes:
        name: whose; as a rule the origin of a ledger.
        point: 32 bytes of RFC 8032.
    """

    name: str
    point: bytes

    @property
    def id(self) -> bytes:
        """Four bytes by which a signature says, together with the name, which key made it."""
        return sha256(self.name.encode() + b"\n" + _ED25519 + self.point)[:ID_BYTES]

    def __str__(self) -> str:
        """The one spelling: name, id and key between plus signs (a "vkey")."""
        return f"{self.name}+{self.id.hex()}+{spell_base64(_ED25519 + self.point)}"

    @classmethod
    def parse(cls, text: str) -> PublicKey:
        """Read a key back, accepting only what `str()` would have written.

        Raises:
            MalformedError: *text* is anything else, a key of another algorithm included.
        """
        name, point = _parts(text)
        key = cls(name=name, point=point)
        if str(key) != text:
            raise MalformedError("the key's id does not fit its name and bytes")
        return key

    def check(self, message: bytes, signature: bytes) -> None:
        """Check a signature. Returns nothing: it holds, or an error says that it does not.

        Raises:
            ProofError: this key did not sign this message so.
            UncheckedError: cryptography is not on this machine.
        """
        try:
            from cryptography.exceptions import InvalidSignature
            from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
        except ImportError as error:
            raise UncheckedError(f"no signature can be checked here: {error}") from error
        try:
            Ed25519PublicKey.from_public_bytes(self.point).verify(signature, message)
        except (InvalidSignature, ValueError) as error:
            raise ProofError(f"the signature is not by {self.name}+{self.id.hex()}") from error


@dataclass(frozen=True, slots=True, kw_only=True)
class PrivateKey:
    """A key that signs.

    Attributes:
        name: whose.
        seed: 32 bytes of RFC 8032; the secret, and never shown.
    """

    name: str
    seed: bytes = field(repr=False)

    def spelled(self) -> str:
        """The secret in one line, as the key files of signed-note's tools have it."""
        secret = spell_base64(_ED25519 + self.seed)
        return f"{_PRIVATE}{self.name}+{self.public().id.hex()}+{secret}"

    @classmethod
    def parse(cls, text: str) -> PrivateKey:
        """Read a key back, accepting only what `spelled` would have written.

        Raises:
            MalformedError: *text* is anything else. It is not quoted: it may be a secret.
        """
        if not text.startswith(_PRIVATE):
            raise MalformedError("a private key begins with PRIVATE+KEY+")
        name, seed = _parts(text.removeprefix(_PRIVATE))
        key = cls(name=name, seed=seed)
        if key.spelled() != text:
            raise MalformedError("the key's id does not fit its name and bytes")
        return key

    def public(self) -> PublicKey:
        """The key that checks what this one signs."""
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

        key = Ed25519PrivateKey.from_private_bytes(self.seed).public_key()
        return PublicKey(name=self.name, point=key.public_bytes_raw())

    def sign(self, message: bytes) -> bytes:
        """Sign; the same message always gives the same 64 bytes."""
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

        return Ed25519PrivateKey.from_private_bytes(self.seed).sign(message)


def check_name(name: str) -> None:
    """Refuse what cannot be the name of a key.

    Raises:
        MalformedError: it is empty, or has blanks, plus signs or anything that cannot be printed.
    """
    if not name or not name.isprintable() or "+" in name or any(map(str.isspace, name)):
        raise MalformedError("a key's name is printable text without blanks and plus signs")


def _parts(text: str) -> tuple[str, bytes]:
    """The name and the 32 bytes of a key."""
    match text.split("+", 2):
        case [name, _, spelled]:
            check_name(name)
            key = read_base64(spelled)
        case _:
            raise MalformedError("a key is its name, its id and its bytes between plus signs")
    if key[:1] != _ED25519 or len(key) != 1 + KEY_BYTES:
        raise MalformedError("not an Ed25519 key")
    return name, key[1:]
