"""Admission: is a candidate new, met before, or does it contradict what is sealed.

Pure. The store finds what is known under a candidate's identity; `decide` compares.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from ledger.entry import Kind, Step
from ledger.hashing import Digest, sha256
from ledger.redaction import Redaction

Identify = Callable[[bytes], bytes]
"""Re-derives the identity of a record from its payload; total over payloads sealed as records."""

Content = Callable[[bytes], bytes]
"""A digest of what a payload says, equal for payloads that only differ in spelling."""

OFFERED: Final = frozenset(Kind) - {Kind.CONFLICT, Kind.REDACTION}
"""Kinds that a caller may offer: that something is a conflict is for the ledger to find, and the
order to erase something is sealed by whoever erases it."""


class Candidate(NamedTuple):
    """What a caller asks to have sealed. Build it by keyword.

    A named tuple and not a dataclass: a hundred thousand of them are made and taken apart by
    columns in every second of an ingest.

    Attributes:
        kind: any but CONFLICT.
        source: SHA-256 of the inflated source.
        position: ordinal within the source, from 0.
        offset: byte offset in the inflated source at which the payload, or its outermost wrapper,
            begins.
        payload: the bytes, verbatim.
        identity: what makes two records the same one. Used for kind RECORD only; other kinds are
            told apart by their bytes (and a reject by its place too), whatever is given here.
        unwrapping: how the payload was taken out of its container, outermost first.
        time: when it happened, in microseconds since the epoch; a hint that is not sealed.
        lane: 0 to 255, opaque here; payloads of one lane are read without those of others.
        note: why it was rejected; kept beside the ledger, not sealed.
    """

    kind: Kind
    source: Digest
    position: int
    offset: int
    payload: bytes
    identity: bytes = b""
    unwrapping: tuple[Step, ...] = ()
    time: int | None = None
    lane: int = 0
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """A sealed entry that shares a candidate's full identity, or what is kept of an erased one."""

    index: int
    payload: bytes | None
    redaction: Redaction | None = None

    def is_spelled(self, candidate: Candidate) -> bool:
        """Are these the candidate's very bytes."""
        if self.redaction is not None:
            return self.redaction.payload == sha256(candidate.payload)
        return self.payload == candidate.payload

    def says(self, value: bytes, content: Content) -> bool:
        """Does it say what has this digest of content."""
        if self.redaction is not None:
            return self.redaction.content == sha256(value)
        return self.payload is not None and content(self.payload) == value


@dataclass(frozen=True, slots=True)
class Admit:
    """It is new, and sealed as entry `index`."""

    index: int


@dataclass(frozen=True, slots=True)
class Duplicate:
    """It says what entry `index` says already; nothing is sealed."""

    index: int


@dataclass(frozen=True, slots=True)
class Conflict:
    """It contradicts entry `against`, and is sealed as entry `index`, with kind CONFLICT."""

    index: int
    against: int


Admission = Admit | Duplicate | Conflict


def decide(known: Sequence[Known], candidate: Candidate, *, at: int, content: Content) -> Admission:
    """Compare a candidate with everything that is sealed under its identity.

    Args:
        known: entries of the same full identity, oldest first, those admitted a moment ago
            included.
        candidate: what asks to be sealed.
        at: the index it would get.
        content: digest of what a payload says; called only where the bytes differ.

    Returns:
        Admit where nothing is known, Duplicate of the entry that says the same, else Conflict
        with the oldest.
    """
    if not known:
        return Admit(at)
    for sealed in known:
        if sealed.is_spelled(candidate):
            return Duplicate(sealed.index)
    value = content(candidate.payload)
    for sealed in known:
        if sealed.says(value, content):
            return Duplicate(sealed.index)
    return Conflict(at, known[0].index)


def full_identity(
    kind: Kind, identity: bytes, *, source: bytes, position: int, offset: int, payload: bytes
) -> bytes:
    """Spell out what must be equal for two entries to be about the same thing.

    Args:
        kind: a conflict has the identity of a record.
        identity: the caller's, for records.
        source: SHA-256 of the inflated source.
        position: ordinal within the source.
        offset: byte offset within the source.
        payload: SHA-256 of the payload.

    Returns:
        Bytes that no other kind of thing can have: for records the caller's identity, for rejects
        place and bytes, for the ledger's own kinds the bytes.
    """
    if kind in (Kind.RECORD, Kind.CONFLICT):
        return b"\x01" + identity
    if kind is Kind.REJECT:
        return b"\x03" + source + position.to_bytes(8) + offset.to_bytes(8) + payload
    return bytes([kind]) + payload
