"""Hashes: SHA-256 with the domain separation of RFC 6962. Nothing else in the ledger hashes."""

from __future__ import annotations

import hashlib
from typing import Final, NewType

Digest = NewType("Digest", bytes)
"""32 bytes of SHA-256."""

DIGEST_BYTES: Final = 32
LEAF_PREFIX: Final = b"\x00"
NODE_PREFIX: Final = b"\x01"

hasher = hashlib.sha256
"""SHA-256 itself, for loops in which one more Python call would be felt."""

EMPTY_ROOT: Final = Digest(hasher(b"").digest())
"""Root of the tree without leaves."""

NO_LINK: Final = Digest(bytes(DIGEST_BYTES))
"""What entry 0 carries as its previous leaf."""


def sha256(data: bytes | memoryview) -> Digest:
    """Hash bytes as they are."""
    return Digest(hasher(data).digest())


def leaf_hash(header: bytes) -> Digest:
    """Hash an encoded header as a leaf of the tree; the same value links the next header to it."""
    return Digest(hasher(LEAF_PREFIX + header).digest())


def node_hash(left: bytes, right: bytes) -> Digest:
    """Hash two subtrees into their parent."""
    return Digest(hasher(NODE_PREFIX + left + right).digest())
