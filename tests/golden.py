"""Golden files: what is promised is the bytes; `--golden-update` writes them anew."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent
"""The top of the checkout."""


@dataclass(frozen=True, slots=True)
class Golden:
    """Compares what came out with what is written down, or writes it down."""

    update: bool

    def same(self, path: Path, actual: str) -> None:
        """Demand that *path* holds *actual*, byte for byte.

        Raises:
            AssertionError: it does not, and no update was asked for.
        """
        if self.update:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(actual.encode())
            return
        expected = path.read_bytes().decode() if path.exists() else ""
        assert actual == expected, f"{path.relative_to(ROOT)} is stale; see --golden-update"
