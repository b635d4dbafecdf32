"""Signer: RSA signatures as CloudTrail makes them, from nothing but numbers.

Written apart from any library, so that what checks signatures is not what makes them. The primes
are drawn from a seed: such a key is worth nothing, and the same seed gives the same signatures.
"""

from __future__ import annotations

import base64
import hashlib
import random
from dataclasses import dataclass
from functools import cache
from typing import Final

EXPONENT: Final = 65537
BITS: Final = 2048

_SHA_256: Final = bytes.fromhex("3031300d060960864801650304020105000420")
"""DER of DigestInfo before the 32 bytes of a SHA-256 (RFC 8017, section 9.2)."""
_RSA: Final = bytes.fromhex("300d06092a864886f70d0101010500")
"""DER of the algorithm rsaEncryption."""
_SMALL: Final = [n for n in range(3, 2000, 2) if all(n % d for d in range(3, int(n**0.5) + 1, 2))]


@dataclass(frozen=True, slots=True, kw_only=True)
class Signer:
    """A pair of keys.

    Attributes:
        p: first prime.
        q: second prime.
    """

    p: int
    q: int

    @classmethod
    def of(cls, seed: int | str) -> Signer:
        """Return the pair that a seed gives."""
        return _drawn(seed)

    @property
    def modulus(self) -> int:
        return self.p * self.q

    @property
    def pkcs1(self) -> bytes:
        """The public key as DER of PKCS#1."""
        return _sequence(_integer(self.modulus) + _integer(EXPONENT))

    @property
    def spki(self) -> bytes:
        """The public key as DER of SubjectPublicKeyInfo."""
        bits = b"\0" + self.pkcs1
        return _sequence(_RSA + b"\x03" + _length(len(bits)) + bits)

    @property
    def fingerprint(self) -> str:
        return hashlib.md5(self.pkcs1, usedforsecurity=False).hexdigest()

    def sign(self, message: bytes) -> str:
        """Sign by PKCS#1 v1.5 with SHA-256; in hexadecimal."""
        size = BITS // 8
        info = _SHA_256 + hashlib.sha256(message).digest()
        padded = b"\0\x01" + b"\xff" * (size - len(info) - 3) + b"\0" + info
        m, order = int.from_bytes(padded), (self.p - 1) * (self.q - 1)
        d = pow(EXPONENT, -1, order)
        by_p, by_q = pow(m, d % (self.p - 1), self.p), pow(m, d % (self.q - 1), self.q)
        h = (by_p - by_q) * pow(self.q, -1, self.p) % self.p
        return (by_q + h * self.q).to_bytes(size).hex()

    def listed(self, *, is_spki: bool = False) -> dict[str, str]:
        """Return the key as `aws cloudtrail list-public-keys` prints it."""
        return {
            "Value": base64.b64encode(self.spki if is_spki else self.pkcs1).decode(),
            "ValidityStartTime": "2026-01-01T00:00:00+00:00",
            "ValidityEndTime": "2027-01-01T00:00:00+00:00",
            "Fingerprint": self.fingerprint,
        }


@cache
def _drawn(seed: int | str) -> Signer:
    draw = random.Random(f"{seed} signer")
    return Signer(p=_prime(draw), q=_prime(draw))


def _prime(draw: random.Random) -> int:
    while True:
        # The two highest bits, so that the product of two has all its bits.
        candidate = draw.getrandbits(BITS // 2) | 3 << BITS // 2 - 2 | 1
        if (
            all(candidate % small for small in _SMALL)
            and candidate % EXPONENT != 1
            and _is_prime(candidate, draw)
        ):
            return candidate


def _is_prime(n: int, draw: random.Random) -> bool:
    """Miller and Rabin, sixteen rounds."""
    twos = ((n - 1) & -(n - 1)).bit_length() - 1
    for _ in range(16):
        x = pow(draw.randrange(2, n - 1), (n - 1) >> twos, n)
        if x in (1, n - 1):
            continue
        for _ in range(twos - 1):
            x = x * x % n
            if x == n - 1:
                break
        else:
            return False
    return True


def _sequence(content: bytes) -> bytes:
    return b"\x30" + _length(len(content)) + content


def _integer(n: int) -> bytes:
    content = n.to_bytes(n.bit_length() // 8 + 1)
    return b"\x02" + _length(len(content)) + content


def _length(n: int) -> bytes:
    if n < 128:
        return bytes([n])
    spelled = n.to_bytes((n.bit_length() + 7) // 8)
    return bytes([0x80 | len(spelled)]) + spelled
