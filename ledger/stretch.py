"""Stretch: entries that lie together, by columns, as readers of very many get them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from ledger.redaction import Erased


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """Entries that lie together, by columns: for readers of very many.

    Attributes:
        indexes: of the entries, ascending.
        sealed_at: microseconds since the epoch, the same for all of them.
        kinds: a number of `Kind` each.
        lanes: in which their payloads lie.
        sources: SHA-256 of the inflated source of each.
        positions: ordinals within the sources.
        payloads: the verbatim bytes.
        digests: SHA-256 of each of them.
        erased: by index what would lie among them, and was erased.
    """

    indexes: Sequence[int]
    sealed_at: int
    kinds: Sequence[int]
    lanes: Sequence[int]
    sources: Sequence[bytes]
    positions: Sequence[int]
    payloads: Sequence[bytes]
    digests: Sequence[bytes]
    erased: Mapping[int, Erased] = field(default_factory=dict)
