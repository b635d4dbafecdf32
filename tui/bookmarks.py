"""Bookmarks: the moments of a ledger that a person keeps, from one sitting to the next.

They lie with the person's own state and not beside the ledger: what holds evidence gets no file by
being looked at. Whoever opens the same ledger as somebody else begins without.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self


@dataclass(frozen=True, slots=True, kw_only=True)
class Bookmarks:
    """Those of one ledger, or of a fleet.

    Attributes:
        path: the file in which those of all ledgers lie.
        origin: of the ledger.
    """

    path: Path
    origin: str

    @classmethod
    def of(cls, origin: str) -> Self:
        """Return those that the person who runs this keeps of a ledger."""
        from platformdirs import user_state_path

        return cls(path=user_state_path("keyledger") / "bookmarks.json", origin=origin)

    def read(self) -> tuple[int, ...]:
        """Return them in time order; none where none can be read."""
        found = self._all().get(self.origin, ())
        is_plain = isinstance(found, list) and all(type(one) is int for one in found)
        return tuple(sorted(set(found))) if is_plain else ()

    def write(self, moments: Iterable[int]) -> None:
        """Keep these, and no others; raises OSError where nothing can be written."""
        kept = sorted(moments)
        every = {name: held for name, held in self._all().items() if name != self.origin}
        if kept:
            every[self.origin] = kept
        self.path.parent.mkdir(parents=True, exist_ok=True)
        draft = self.path.with_name(f"{self.path.name}.part")
        draft.write_text(json.dumps(every, indent=2, sort_keys=True), encoding="utf-8")
        draft.replace(self.path)

    def _all(self) -> dict[str, Any]:
        try:
            every = json.loads(self.path.read_bytes())
        except (OSError, ValueError):
            return {}
        return every if isinstance(every, dict) else {}
