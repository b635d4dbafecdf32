"""Warehoused: ledgers made from records or samples, and what queries say of them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from analyzer.case import Case
from tests.golden import ROOT

NOW = 1_782_864_000_000_000
"""2026-07-01T00:00:00Z: after every story."""

TYPED = {
    "key": "96210f47-394e-4169-ab22-154a166a7aa7",
    "database": "payroll",
    "moment": "2026-03-03T16:02:00Z",
    "actor": "key-hygiene",
    "address": "198.51.100.44",
    "minutes": "5",
}
"""What to type where a question of the catalogue asks something about payroll."""


def story(folder: Path, *names: str) -> Path:
    """Return a new ledger of stories of the samples."""
    path = folder / "case.db"
    with Case.open_or_create(path, NOW) as case:
        case.ingest([str(ROOT / "samples/stories" / one) for one in names], clock=lambda: NOW)
    return path


def sealed(folder: Path, payloads: Iterable[bytes], name: str = "case.db") -> Path:
    """Return the ledger at that name, with these records appended as one source."""
    path, source = folder / name, folder / "records.jsonl"
    source.write_bytes(b"".join(payload + b"\n" for payload in payloads))
    with Case.open_or_create(path, NOW) as case:
        case.ingest([str(source)], clock=lambda: NOW)
    return path


def asked(
    ledger: Path, text: str, typed: Mapping[str, str] | None = None, **options: Any
) -> list[dict[str, Any]]:
    """Return the rows of a query."""
    with Case.open(ledger) as case, case.query(text, typed or {}, now=NOW, **options) as rows:
        return list(rows)


def spelled(record: Mapping[str, Any]) -> bytes:
    """Spell a record as CloudTrail does."""
    return json.dumps(record, separators=(",", ":")).encode()
