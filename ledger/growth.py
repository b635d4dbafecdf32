"""Growth: a tree of our own over the leaves that an audit trusts, beside the one that is stored."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from ledger.checkpoint import Checkpoint
from ledger.errors import MalformedError, UnreadableError
from ledger.hashing import DIGEST_BYTES, Digest
from ledger.merkle import TILE_BYTES, TILE_HEIGHT, TILE_WIDTH, Frontier, Tile, split
from ledger.report import Break, BreakKind
from ledger.rows import Rows

_LEVELS: Final = 8


class Growth:
    """Grows leaf by leaf; compares nodes where a tile is full, and checkpoints at their sizes.

    Attributes:
        size: leaves so far, known or not.
        breaks: found so far; those of entries are added by the audit itself.
        checked: checkpoints compared.
        failed: those that did not fit.
    """

    def __init__(self, rows: Rows, breaks: list[Break], origin: str | None) -> None:
        self.size = 0
        self.breaks = breaks
        self.checked = self.failed = 0
        self._rows = rows
        self._origin = origin
        self._frontier = Frontier()
        self._is_known = True
        self._due = self._checkpoints()

    @property
    def root(self) -> Digest | None:
        """Root over everything; None once a leaf was unknown."""
        return self._frontier.root() if self._is_known else None

    def add(self, leaves: Sequence[bytes | None]) -> None:
        """Go on with the leaves of the next entries; behind one that nobody knows no tree grows."""
        known = [leaf for leaf in leaves if leaf is not None]
        self._is_known = self._is_known and len(known) == len(leaves)
        start, self.size = self.size, self.size + len(leaves)
        if not self._is_known:
            return
        at = start
        for size, note in self._until(self.size):
            self._extend(known[at - start : max(size, at) - start])
            at = max(size, at)
            self._check(size, note)
        self._extend(known[at - start :])

    def jump(self, size: int) -> None:
        """Go on behind entries of which not even leaves are known."""
        self.size = size
        self._is_known = False

    def finish(self) -> None:
        """Compare the tiles that are begun, and look for what reaches beyond the last entry."""
        if self._is_known:
            for tile in self._frontier.edge():
                self._compare(tile)
            for size, note in self._until(self.size):
                self._check(size, note)
        for size, _ in self._due:
            if size > self.size:
                self._fail(
                    self.size, BreakKind.TRUNCATED, f"a checkpoint was made at {size} entries"
                )
        try:
            self._overhang()
        except UnreadableError as error:
            self._break(self.size, BreakKind.TRUNCATED, error.detail)

    def _break(self, index: int, kind: BreakKind, detail: str) -> None:
        self.breaks.append(Break(index=index, kind=kind, detail=detail))

    def _extend(self, leaves: Sequence[bytes]) -> None:
        for tile in self._frontier.extend(leaves):
            if len(tile.nodes) == TILE_BYTES:
                self._compare(tile)

    def _compare(self, tile: Tile) -> None:
        if not tile.level:  # leaves were compared when their entries were
            return
        try:
            kept = split(self._rows.tile(tile.level, tile.n))
        except UnreadableError as error:
            self._node_break(tile, 0, error.detail)
            return
        for place, node in enumerate(split(tile.nodes)):
            if place >= len(kept) or kept[place] != node:
                detail = f"node {place} of tile {tile.n}, level {tile.level}"
                self._node_break(tile, place, f"{detail} is not what its leaves give")
                return

    def _node_break(self, tile: Tile, place: int, detail: str) -> None:
        """A node that disagrees with leaves which are themselves in doubt is no news."""
        width = 1 << tile.level * TILE_HEIGHT
        start = (tile.n * TILE_WIDTH + place) * width
        below = range(start, start + width)
        if not any(found.index in below for found in self.breaks if found.index is not None):
            self._break(start, BreakKind.ROOT, detail)

    def _checkpoints(self) -> list[tuple[int, str]]:
        """Stored checkpoints, smallest first."""
        try:
            return self._rows.checkpoint_notes()
        except UnreadableError as error:
            self._fail(0, BreakKind.ROOT, f"the checkpoints cannot be read: {error.detail}")
            return []

    def _until(self, stop: int) -> Iterator[tuple[int, str]]:
        """Take the checkpoints of sizes up to *stop*."""
        while self._due and self._due[0][0] <= stop:
            yield self._due.pop(0)

    def _check(self, size: int, note: str) -> None:
        try:
            made = Checkpoint.parse(note)
        except MalformedError as error:
            fault = error.detail
        else:
            if made.size == size and made.root == self._frontier.root():
                fault = "" if self._origin in {None, made.origin} else "it is another ledger's"
            else:
                fault = "it has another root"
        if fault:
            detail = f"the checkpoint of {size} entries: {fault}"
            self._fail(max(size - 1, 0), BreakKind.ROOT, detail)
        else:
            self.checked += 1

    def _fail(self, index: int, kind: BreakKind, detail: str) -> None:
        self.checked += 1
        self.failed += 1
        self._break(index, kind, detail)

    def _overhang(self) -> None:
        for level in range(_LEVELS):
            last, held = divmod(self.size >> level * TILE_HEIGHT, TILE_WIDTH)
            stored = len(self._rows.tile(level, last))
            if stored > held * DIGEST_BYTES or self._rows.tile_beyond(level, last) is not None:
                detail = f"level {level} of the stored tree reaches beyond entry {self.size}"
                self._break(self.size, BreakKind.TRUNCATED, detail)
        stray = self._rows.stray_frame()
        if stray is not None and stray >= self.size:
            detail = f"payloads are stored for entry {stray}, which is not there"
            self._break(self.size, BreakKind.TRUNCATED, detail)
        elif stray is not None and not any(found.index == stray for found in self.breaks):
            self._break(stray, BreakKind.ORDER, "payloads are stored for no segment")
