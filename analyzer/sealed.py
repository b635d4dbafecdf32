"""Sealed: what lies in the ledger, for a person who wants to see it: an entry, and all of it."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass

from analyzer.answers.shape import Document, time
from analyzer.moment import Moment
from ledger.entry import Entry
from ledger.store import Ledger


@dataclass(frozen=True, slots=True, kw_only=True)
class Extent:
    """How much a ledger holds, as far as it is known without reading an entry.

    Attributes:
        size: entries.
        start: the earliest event time; None where no time is known.
        end: the newest.
    """

    size: int
    start: Moment | None
    end: Moment | None


def extent(ledger: Ledger) -> Extent:
    """Return how much a ledger holds, from its hints alone."""
    spans = ledger.spans()
    return Extent(
        size=ledger.size,
        start=min((span.earliest for span in spans if span.earliest is not None), default=None),
        end=max((span.latest for span in spans if span.latest is not None), default=None),
    )


def sealed(entry: Entry, names: Mapping[bytes, str]) -> Document:
    """Return an entry's header and its payload as text.

    Args:
        entry: what the ledger holds.
        names: how sources are called, by their digest.

    Returns:
        `entry`, `kind`, `sealed_at`, `source` (its name, else its digest), `position`,
        `offset`, `length`, `payload_sha256`, `leaf`, and `text`: the payload, bytes that are not
        UTF-8 escaped; null where it was erased.
    """
    header = entry.header
    text = None if entry.payload is None else entry.payload.decode("utf-8", "backslashreplace")
    return {
        "entry": header.index,
        "kind": header.kind.name.lower(),
        "sealed_at": time(header.sealed_at),
        "source": names.get(header.source, f"sha256:{header.source.hex()}"),
        "position": header.position,
        "offset": header.offset,
        "length": header.length,
        "payload_sha256": header.payload.hex(),
        "leaf": header.leaf.hex(),
        "text": text,
    }


def reject(entry: Entry, names: Mapping[bytes, str], reason: str | None) -> Document:
    """Return a record that could not be admitted, kept verbatim, as a row of `rejects`."""
    payload, source = entry.payload, entry.header.source
    return {
        "source": names.get(source, f"sha256:{source.hex()}"),
        "position": entry.header.position,
        "reason": reason,
        "entry": entry.header.index,
        "payload_base64": None if payload is None else base64.b64encode(payload).decode(),
        "offset": entry.header.offset,
    }


def holdings(ledger: Ledger, rejects: list[Document]) -> Document:
    """Return what a ledger holds, and where it comes from.

    Args:
        ledger: an open one.
        rejects: what could not be admitted to it.

    Returns:
        `origin`, `size`, `root`, `link`, `checkpoints` (`size` and `root` of each, the smallest
        first), `sources` (`source`, `sha256` and `recorded_at` of each, the first first), and the
        `rejects`.
    """
    head = ledger.head()
    return {
        "origin": ledger.origin,
        "size": head.size,
        "root": head.root.hex(),
        "link": head.link.hex(),
        "checkpoints": [{"size": one.size, "root": one.root.hex()} for one in ledger.checkpoints()],
        "sources": [
            {
                "source": one.name,
                "sha256": one.digest.hex(),
                "recorded_at": time(one.recorded_at),
            }
            for one in ledger.sources()
        ],
        "rejects": rejects,
    }
