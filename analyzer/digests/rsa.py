"""RSA: the one door to `cryptography` in this room: is a signature CloudTrail's?"""

from __future__ import annotations

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_der_public_key


def public_key(der: bytes) -> RSAPublicKey | None:
    """Read a public key, of PKCS#1 or of SubjectPublicKeyInfo; None where it is no RSA key."""
    try:
        key = load_der_public_key(der)
    except (ValueError, UnsupportedAlgorithm):
        return None
    return key if isinstance(key, RSAPublicKey) else None


def is_signed(key: RSAPublicKey, message: bytes, signature: str) -> bool:
    """Tell whether a signature (PKCS#1 v1.5 with SHA-256, in hexadecimal) is the key's."""
    try:
        key.verify(bytes.fromhex(signature), message, PKCS1v15(), SHA256())
    except (InvalidSignature, ValueError):
        return False
    return True
