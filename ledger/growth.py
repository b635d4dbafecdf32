"""Growth: a tree of our own over the leaves that an audit trusts, beside the one that is stored."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from ledger.errors import UnreadableError
from ledger.hashing import DIGEST_BYTES, Digest
from ledger.merkle import NOTHING, TILE_BYTES, TILE_HEIGHT, TILE_WIDTH, Frontier, Tile, split
from ledger.report import Break, BreakKind
from ledger.rows import Rows
from ledger.testimony import Testimony

_LEVELS: Final = 8


class Growth:
    """Grows leaf by leaf; compares nodes where a tile is full, hears checkpoints at their sizes.

    Attributes:
        size: leaves so far, known or not.
        breaks: found so far; those of entries are added by the audit itself.
    """

    def __init__(self, rows: Rows, breaks: list[Break], testimony: Testimony) -> None:
        self.size = 0
        self.breaks = breaks
        self._rows = rows
        self._testimony = testimony
        self._frontier = Frontier()
        self._is_known = True

    @property
    def root(self) -> Digest | None:
        """Root over everything; None once a leaf was unknown."""
        return self._frontier.root() if self._is_known else None

    def add(self, leaves: Sequence[bytes | None], folded: Mapping[int, bytes] = NOTHING) -> None:
        """Go on with the leaves of the next entries; behind one that nobody knows no tree grows.

        Args:
            leaves: None where nobody knows it.
            folded: roots of full tiles among them that were worked out already, by their numbers.
        """
        known = [leaf for leaf in leaves if leaf is not None]
        self._is_known = self._is_known and len(known) == len(leaves)
        start, self.size = self.size, self.size + len(leaves)
        if not self._is_known:
            return
        at = start
        for statement in self._testimony.until(self.size):
            self._extend(known[at - start : max(statement.size, at) - start], folded)
            at = max(statement.size, at)
            self._testimony.hear(statement, self._frontier.root())
        self._extend(known[at - start :], folded)

    def jump(self, size: int) -> None:
        """Go on behind entries of which not even leaves are known."""
        self.size = size
        self._is_known = False

    def finish(self) -> None:
        """Compare the tiles that are begun, and look for what reaches beyond the last entry."""
        if self._is_known:
            for tile in self._frontier.edge():
                self._compare(tile)
            for statement in self._testimony.until(self.size):
                self._testimony.hear(statement, self._frontier.root())
        self._testimony.finish(self.size)
        try:
            self._overhang()
        except UnreadableError as error:
            self._break(self.size, BreakKind.TRUNCATED, error.detail)

    def _break(self, index: int, kind: BreakKind, detail: str) -> None:
        self.breaks.append(Break(index=index, kind=kind, detail=detail))

    def _extend(self, leaves: Sequence[bytes], folded: Mapping[int, bytes]) -> None:
        for tile in self._frontier.extend(leaves, folded):
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
