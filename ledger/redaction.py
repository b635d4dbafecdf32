"""Redaction: the order to erase a payload, as a value and in its one spelling. Pure.

The order is sealed as an entry of its own, in its own segment and lane. It keeps what the ledger
needs to go on without the bytes: their digest, so that the entry's header still verifies, and
digests of their identity and content, so that the same record is still known when it comes again.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from ledger.errors import MalformedError
from ledger.hashing import DIGEST_BYTES, Digest

LANE: Final = 255
"""The lane of orders. No payload in it can be erased."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Redaction:
    """The order to erase one payload.

    Attributes:
        entry: whose payload.
        payload: SHA-256 of it.
        identity: SHA-256 of the entry's full identity.
        content: SHA-256 of what a record said, whatever its spelling; None for other kinds.
        reason: why, in a person's words.
        about: what the caller keeps of the payload's meaning; may be empty.
    """

    entry: int
    payload: Digest
    identity: Digest
    content: Digest | None
    reason: str
    about: Mapping[str, str] = field(default_factory=dict)

    def encode(self) -> bytes:
        """The one spelling: JSON in ASCII with sorted members and no blanks."""
        document = {
            "about": dict(self.about),
            "content": None if self.content is None else self.content.hex(),
            "entry": self.entry,
            "identity": self.identity.hex(),
            "payload": self.payload.hex(),
            "reason": self.reason,
        }
        return json.dumps(document, sort_keys=True, separators=(",", ":")).encode()

    @classmethod
    def decode(cls, encoded: bytes) -> Redaction:
        """Read an order back, accepting only what `encode` would have written.

        Raises:
            MalformedError: *encoded* is anything but the one spelling of an order.
        """
        try:
            redaction = _built(json.loads(encoded))
            spelled = redaction.encode()
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
            raise MalformedError("not the order of a redaction") from error
        if spelled != encoded:
            raise MalformedError("not the canonical spelling of a redaction")
        return redaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Erased:
    """That a payload is gone, and why.

    Attributes:
        order: the entry that ordered it.
        redaction: what it says.
    """

    order: int
    redaction: Redaction


def _built(document: Any) -> Redaction:
    entry, about, reason = document["entry"], document["about"], document["reason"]
    texts = [reason, *about, *about.values()]
    if type(entry) is not int or entry < 0 or not all(isinstance(text, str) for text in texts):
        raise MalformedError("the order of a redaction has members of other types")
    return Redaction(
        entry=entry,
        payload=_digest(document["payload"]),
        identity=_digest(document["identity"]),
        content=None if document["content"] is None else _digest(document["content"]),
        reason=reason,
        about=about,
    )


def _digest(text: str) -> Digest:
    digest = bytes.fromhex(text)
    if len(digest) != DIGEST_BYTES:
        raise MalformedError(f"a digest has {DIGEST_BYTES} bytes")
    return Digest(digest)
