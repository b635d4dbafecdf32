"""A case in a folder, as tests of the facade feed it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from analyzer.case import Case
from analyzer.moment import HOUR

NOW = 1_800_000_000_000_000


class Bench:
    """A case in a folder, fed in the order a test likes."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.case = Case.open_or_create(folder / "case.db", NOW)
        self.now = NOW
        self.fed = 0

    def feed(self, *payloads: bytes) -> dict[str, Any]:
        self.fed += 1
        self.now += HOUR
        path = self.folder / f"part-{self.fed}.jsonl"
        path.write_bytes(b"\n".join(payloads) + b"\n")
        return self.case.ingest([str(path)], clock=lambda: self.now).document()

    def explain(self, at: str = "end", known_at: str | None = None) -> dict[str, Any]:
        return self.case.explain("orders", at, known_at, self.now)
