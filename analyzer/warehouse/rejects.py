"""Rejects: what of a source is no record, as rows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from ledger.entry import Kind
from ledger.stretch import Stretch

_SHOWN: Final = 4096
"""Bytes of a reject that the warehouse shows; the ledger has all of them."""


def reject_rows(
    stretch: Stretch, names: Mapping[bytes, str], reasons: Mapping[int, str]
) -> list[tuple[Any, ...]]:
    """Return a row of `rejects` for each reject of a stretch."""
    return [
        (
            index,
            names.get(source, f"sha256:{source.hex()}"),
            position,
            reasons.get(index),
            stretch.sealed_at,
            payload[:_SHOWN].decode(errors="backslashreplace"),
        )
        for index, kind, source, position, payload in zip(
            stretch.indexes, stretch.kinds, stretch.sources, stretch.positions, stretch.payloads,
            strict=True,
        )
        if kind == Kind.REJECT
    ]  # fmt: skip
