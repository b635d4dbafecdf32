"""Prefixes: what the index of identities knows of an identity: 64 bits of its SHA-256. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import numpy as np

from ledger.columns import Numbers
from ledger.hashing import hasher

_PREFIX_BYTES: Final = 8


def prefixes_of(identities: Iterable[bytes]) -> Numbers:
    """Hash full identities to 64-bit prefixes, in order."""
    new = hasher
    return prefixes_of_digests([new(identity).digest() for identity in identities])


def prefixes_of_digests(digests: Iterable[bytes]) -> Numbers:
    """The 64-bit prefixes of identities that are hashed already, in order."""
    joined = b"".join([digest[:_PREFIX_BYTES] for digest in digests])
    return np.frombuffer(joined, ">u8").astype(np.uint64)
