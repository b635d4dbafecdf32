"""Marks: what is remembered of an object that was taken whole, so that it need not be read again.

A mark is a digest of all on which the outcome rests: the object's name, its version, its size and
which events were sealed. The ledger keeps marks as they are and knows nothing of their meaning.
"""

from __future__ import annotations

from analyzer.cloudtrail.services import Services
from analyzer.s3.address import S3Object
from ledger.hashing import Digest, sha256

_RULES = "1"
"""Goes up when a later version takes more from the same bytes."""


def mark(one: S3Object, services: Services) -> Digest:
    """Return the mark of an object under a choice of services."""
    parts = (_RULES, one.name, one.etag, str(one.size), _spelled(services))
    return sha256("\0".join(parts).encode())


def _spelled(services: Services) -> str:
    if services.is_all:
        return "*"
    whole = sorted(services.whole)
    parts = (f"{name}:{'+'.join(sorted(services.parts[name]))}" for name in sorted(services.parts))
    return " ".join((*whole, *parts))
