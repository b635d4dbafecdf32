"""Entry: one sealed position of the ledger, its header, and the header's one byte encoding.

The leaf of a header is at once the RFC 6962 leaf hash and the link that the next header carries as
its previous leaf: the chain and the tree cannot tell two stories. The payload enters by its SHA-256
only, so that it can be erased later while every proof still verifies.

This format is frozen. README.md shows it byte by byte.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache
from typing import Final

from ledger.errors import MalformedError
from ledger.hashing import DIGEST_BYTES, Digest, leaf_hash
from ledger.redaction import Erased

TAG: Final = b"klentry"
VERSION: Final = 1
MAX_STEPS: Final = 8
MAX_LANE: Final = 255
OWN_LANE: Final = 255
"""The lane of what the ledger seals of itself: keys and seals."""

MAX_PAYLOAD: Final = 1 << 28
"""Bytes of the largest payload that is sealed (256 MiB): it has to fit into one frame on disk."""

MAX_NUMBER: Final = (1 << 63) - 1
"""Every number of a header stays below 2^63, so that any language and SQLite can hold it."""

_HEADER: Final = struct.Struct(">7sBQ32sBB8sQ32sQQQ32s")
HEADER_BYTES: Final = _HEADER.size


class Kind(IntEnum):
    """What an entry is. All kinds are counted by index and size."""

    RECORD = 1
    """What a source said."""
    CONFLICT = 2
    """Another value under the identity of an earlier record: kept as evidence."""
    REJECT = 3
    """Bytes of a source that are no record, kept verbatim."""
    DIGEST = 4
    """A document in which the source's author vouches for its sources."""
    KEY = 5
    """A change of the keys that sign checkpoints."""
    SEAL = 6
    """The digest of something derived from the ledger, such as a projected state."""
    REDACTION = 7
    """The order to erase the payload of an earlier entry."""


class Step(IntEnum):
    """One layer that was taken off to get from a source's inflated bytes to a payload."""

    JSON_STRING = 1
    BASE64 = 2
    GZIP = 3
    ZSTD = 4
    UTF16_LE = 5
    UTF16_BE = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """Everything that is hashed of an entry.

    Attributes:
        index: position in the ledger, from 0.
        previous: leaf of the entry before; 32 zero bytes for entry 0.
        kind: what the entry is.
        lane: which of the caller's lanes it belongs to, 0 to 255; sealed, so that nothing can be
            moved out of a reader's sight.
        unwrapping: the layers that were taken off, outermost first, at most eight.
        sealed_at: when it was sealed by the writer's clock, microseconds since the epoch.
        source: SHA-256 of the inflated source.
        position: ordinal within the source.
        offset: byte offset in the inflated source at which the payload or its outermost wrapper
            begins.
        length: bytes of the payload.
        payload: SHA-256 of the payload.
    """

    index: int
    previous: Digest
    kind: Kind
    lane: int
    unwrapping: tuple[Step, ...]
    sealed_at: int
    source: Digest
    position: int
    offset: int
    length: int
    payload: Digest

    def encode(self) -> bytes:
        """Spell the header in its fixed 154 bytes.

        Raises:
            MalformedError: a value does not fit its field.
        """
        _check_numbers(self.index, self.sealed_at, self.position, self.offset, self.length)
        for digest in (self.previous, self.source, self.payload):
            if len(digest) != DIGEST_BYTES:
                raise MalformedError(f"a digest has {DIGEST_BYTES} bytes, not {len(digest)}")
        if not 0 <= self.lane <= MAX_LANE:
            raise MalformedError(f"lane {self.lane} is not between 0 and {MAX_LANE}")
        return _HEADER.pack(
            TAG,
            VERSION,
            self.index,
            self.previous,
            Kind(self.kind),
            self.lane,
            encode_steps(self.unwrapping),
            self.sealed_at,
            self.source,
            self.position,
            self.offset,
            self.length,
            self.payload,
        )

    @classmethod
    def decode(cls, encoded: bytes) -> Header:
        """Read a header back, accepting only what `encode` would have written.

        Raises:
            MalformedError: *encoded* is anything but the one spelling of a header.
        """
        if len(encoded) != HEADER_BYTES:
            raise MalformedError(f"a header has {HEADER_BYTES} bytes, not {len(encoded)}")
        fields = _HEADER.unpack(encoded)
        tag, version, index, previous, kind, lane, steps, sealed_at = fields[:8]
        source, position, offset, length, payload = fields[8:]
        if tag != TAG or version != VERSION:
            raise MalformedError(f"not a header of version {VERSION}")
        if kind not in _KINDS:
            raise MalformedError(f"unknown kind {kind}")
        _check_numbers(index, sealed_at, position, offset, length)
        return cls(
            index=index,
            previous=Digest(previous),
            kind=Kind(kind),
            lane=lane,
            unwrapping=decode_steps(steps),
            sealed_at=sealed_at,
            source=Digest(source),
            position=position,
            offset=offset,
            length=length,
            payload=Digest(payload),
        )

    @property
    def leaf(self) -> Digest:
        """The leaf of the tree, and the link of the next header."""
        return leaf_hash(self.encode())


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A sealed position of the ledger.

    Attributes:
        header: what is hashed.
        payload: the verbatim bytes; None once they were erased.
        erased: by which order they were; None where they are there.
    """

    header: Header
    payload: bytes | None
    erased: Erased | None = None


@lru_cache(maxsize=1024)
def encode_steps(steps: tuple[Step, ...]) -> bytes:
    """Spell unwrapping steps in eight bytes, zeros behind the last.

    Raises:
        MalformedError: more than eight steps, or something that is no step.
    """
    if len(steps) > MAX_STEPS:
        raise MalformedError(f"at most {MAX_STEPS} unwrapping steps, not {len(steps)}")
    try:
        return bytes(Step(step) for step in steps).ljust(MAX_STEPS, b"\0")
    except ValueError as error:
        raise MalformedError(str(error)) from error


@lru_cache(maxsize=1024)
def decode_steps(encoded: bytes) -> tuple[Step, ...]:
    """Read unwrapping steps back.

    Raises:
        MalformedError: anything but eight bytes of steps with zeros behind them.
    """
    named = encoded.rstrip(b"\0")
    if len(encoded) != MAX_STEPS or not _STEPS.issuperset(named):
        raise MalformedError(f"unwrapping steps cannot be spelled {encoded.hex()}")
    return tuple(Step(step) for step in named)


_KINDS: Final = frozenset(kind.value for kind in Kind)
_STEPS: Final = frozenset(step.value for step in Step)


def _check_numbers(*numbers: int) -> None:
    for number in numbers:
        if not 0 <= number <= MAX_NUMBER:
            raise MalformedError(f"{number} is not a whole number below 2^63")
