"""Scrutiny: one segment against its stored leaves, and what exactly is wrong with it.

An entry and its stored leaf disagree in two ways that must be told apart. Where the chain, carried
on with the recomputed leaf, meets the stored leaves again behind it, the entry is what was sealed
and its stored leaf was edited (`link`); where it does not, the entry was (`payload`, or `order` if
what was sealed there is found at another place). An entry that was replaced together with its leaf
shows at the next one, whose header names the leaf of old: the tree above tells that (`link`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

import numpy as np

from ledger.columns import distinct
from ledger.entry import Kind
from ledger.errors import BrokenError, MalformedError, UnreadableError
from ledger.hashing import hasher
from ledger.leaves import chain, each_of, moved, spelled, with_payload_of
from ledger.merkle import TILE_WIDTH, fold, split
from ledger.report import Break, BreakKind
from ledger.rows import Rows
from ledger.run import Run
from ledger.segment import SegmentRow

_SWAPS: Final = 64
"""Up to so many edited entries of a segment are tried at each other's places."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Examined:
    """What came of one segment.

    Attributes:
        leaves: per entry the leaf to go on with: the stored one, unless that is what was edited;
            None where there is neither.
        breaks: in the order of their entries.
        erased: entries whose payloads are gone by an order that was sealed.
        orders: entries that are such orders.
    """

    leaves: Sequence[bytes | None]
    breaks: Sequence[Break]
    erased: Sequence[int] = ()
    orders: int = 0


def examine(
    rows: Rows, row: SegmentRow, *, previous: bytes | None, stored: Sequence[bytes | None]
) -> Examined:
    """Recompute every leaf of a segment from its bytes.

    Args:
        rows: where its frames are.
        row: the segment.
        previous: leaf of the entry before it, None if unknown.
        stored: its leaves as the tiles have them, None where they have none.
    """
    try:
        run = Run(rows, row)
    except MalformedError as error:
        return Examined(
            leaves=stored,
            breaks=[Break(index=row.first, kind=BreakKind.PAYLOAD, detail=error.detail)],
        )
    sealed, erased, breaks = _sealed(rows, run)
    orders = int(np.count_nonzero(run.columns.kinds == Kind.REDACTION))
    if not breaks and previous is not None:
        leaves = chain(b"".join(each for each in sealed if each is not None), previous)
        if leaves == stored and row.previous == previous and row.link == leaves[-1]:
            return Examined(leaves=leaves, breaks=(), erased=erased, orders=orders)
        if leaves[-1] == row.link:  # the chain ends where it was sealed to end
            breaks = _edited_leaves(row, leaves, stored, previous)
            return Examined(leaves=leaves, breaks=breaks, erased=erased, orders=orders)
    return _Scrutiny(rows, row, sealed, previous, stored).examined(breaks)


def _sealed(rows: Rows, run: Run) -> tuple[list[bytes | None], list[int], list[Break]]:
    """What is hashed of each entry, None where its payload cannot be read; and what was erased."""
    first, columns = run.row.first, run.columns
    breaks: list[Break] = []
    readable = np.ones(len(columns), bool)
    lanes = distinct(columns.lanes)
    for lane in lanes:
        mask = columns.lanes == lane
        try:
            run.frame(lane)
        except (MalformedError, UnreadableError) as error:
            place = int(np.argmax(mask))
            readable &= ~mask
            breaks.append(Break(index=first + place, kind=BreakKind.PAYLOAD, detail=error.detail))
    for lane in _lanes(rows, first).difference(lanes):
        detail = f"there is a frame of lane {lane}, in which no entry lies"
        breaks.append(Break(index=first, kind=BreakKind.ORDER, detail=detail))
    places = np.flatnonzero(readable).tolist()
    digests: list[bytes] = []
    erased: list[int] = []
    for place, payload in zip(places, run.payloads(places), strict=True):
        digest: bytes = hasher(payload).digest()
        try:
            if (found := run.erased(place, payload)) is not None:
                digest = found.redaction.payload
                erased.append(first + place)
        except BrokenError as error:
            breaks.append(Break(index=first + place, kind=BreakKind.PAYLOAD, detail=error.detail))
        digests.append(digest)
    sealed: list[bytes | None] = [None] * len(columns)
    at = np.asarray(places, np.intp)
    inputs = spelled(first + at, run.row.sealed_at, columns.at(at), b"".join(digests))
    for place, spelling in zip(places, each_of(inputs), strict=True):
        sealed[place] = spelling
    return sealed, erased, breaks


def _lanes(rows: Rows, first: int) -> set[int]:
    try:
        return set(rows.lanes(first))
    except UnreadableError:  # each frame that is needed says so itself
        return set()


def _edited_leaves(
    row: SegmentRow,
    leaves: Sequence[bytes],
    stored: Sequence[bytes | None],
    previous: bytes,
) -> list[Break]:
    """Every entry is what was sealed: name the stored leaves that are not."""
    edited = [
        place
        for place, (leaf, kept) in enumerate(zip(leaves, stored, strict=True))
        if kept is not None and leaf != kept
    ]
    breaks = _runs(row.first, edited, BreakKind.LINK, "the stored leaf is not the entry's")
    if row.previous != previous:
        detail = "its segment names another leaf before it"
        breaks.insert(0, Break(index=row.first, kind=BreakKind.LINK, detail=detail))
    return breaks


class _Scrutiny:
    """The slow way: something is wrong with entries of this segment."""

    def __init__(
        self,
        rows: Rows,
        row: SegmentRow,
        sealed: Sequence[bytes | None],
        previous: bytes | None,
        stored: Sequence[bytes | None],
    ) -> None:
        self.rows = rows
        self.row = row
        self.sealed = sealed
        self.stored = stored
        self.before = [previous, *stored[:-1]]

    def examined(self, breaks: Sequence[Break]) -> Examined:
        """Go through the entries one by one."""
        if self._is_foreign():
            return Examined(leaves=self.stored, breaks=[*breaks, self._foreign()])
        leaves: list[bytes | None] = []
        edited: list[int] = []
        links: list[int] = []
        for place, kept in enumerate(self.stored):
            leaf = self._leaf(place, self.before[place])
            if leaf is None or leaf == kept:
                leaves.append(kept)
            elif kept is None:
                leaves.append(leaf)
                self._carry(place, leaf)
            elif self._is_vouched(place, leaf):
                links.append(place)
                leaves.append(leaf)
                self._carry(place, leaf)
            else:
                edited.append(place)
                leaves.append(kept)
        found = [*breaks, *self._edited(edited, leaves)]
        found += _runs(self.row.first, links, BreakKind.LINK, "the stored leaf is not the entry's")
        found += self._ends(leaves)
        return Examined(leaves=leaves, breaks=found)

    def _leaf(self, place: int, previous: bytes | None, other: bytes = b"") -> bytes | None:
        """The leaf of the entry at a place, given the one before; None if it cannot be computed."""
        spelling = other or self.sealed[place]
        if spelling is None or previous is None:
            return None
        return chain(spelling, previous)[0]

    def _carry(self, place: int, leaf: bytes) -> None:
        if place + 1 < len(self.before):
            self.before[place + 1] = leaf

    def _is_vouched(self, place: int, leaf: bytes) -> bool:
        """Does what follows build on the recomputed leaf rather than on the stored one."""
        if place + 1 == len(self.stored):
            return leaf == self.row.link
        following = self._leaf(place + 1, leaf)
        return following is not None and following == self.stored[place + 1]

    def _is_foreign(self) -> bool:
        """Is not a single entry what was sealed here, beyond what one edit would explain."""
        leaves = [self._leaf(place, before) for place, before in enumerate(self.before)]
        known = [
            leaf == kept
            for leaf, kept in zip(leaves, self.stored, strict=True)
            if leaf is not None and kept is not None
        ]
        several = len(known) > 1 or self.row.previous != self.before[0]
        return bool(known) and several and not any(known)

    def _foreign(self) -> Break:
        first, last = self.row.first, self.row.stop - 1
        if self.before[0] is not None and self.row.previous != self.before[0]:
            detail = f"what lies here as entries {first} to {last} was sealed elsewhere"
            return Break(index=first, kind=BreakKind.ORDER, detail=detail)
        detail = f"none of the entries {first} to {last} hashes to its stored leaf"
        return Break(index=first, kind=BreakKind.PAYLOAD, detail=detail)

    def _edited(self, edited: Sequence[int], leaves: Sequence[bytes | None]) -> list[Break]:
        first = self.row.first
        moved = [place for place in edited if self._is_moved(place, edited)]
        replaced = [
            place
            for place in edited
            if place not in moved and self._is_replaced(first + place - 1, leaves)
        ]
        others = [place for place in edited if place not in {*moved, *replaced}]
        return [
            *_runs(first, moved, BreakKind.ORDER, "what was sealed here lies at another place"),
            *_runs(
                first, replaced, BreakKind.LINK, "the entry before it was replaced, leaf and all"
            ),
            *_runs(first, others, BreakKind.PAYLOAD, "it does not hash to its stored leaf"),
        ]

    def _is_replaced(self, index: int, leaves: Sequence[bytes | None]) -> bool:
        """Was an entry exchanged together with its leaf: then the tree contradicts the leaf."""
        n = index // TILE_WIDTH
        try:
            nodes = split(self.rows.tile(0, n))
            above = split(self.rows.tile(1, n // TILE_WIDTH))
        except UnreadableError:
            return False
        if index < 0 or len(nodes) < TILE_WIDTH or n % TILE_WIDTH >= len(above):
            return False
        for place, leaf in enumerate(leaves, self.row.first - n * TILE_WIDTH):
            if leaf is not None and 0 <= place < TILE_WIDTH:
                nodes[place] = leaf
        return fold(nodes) != above[n % TILE_WIDTH]

    def _is_moved(self, place: int, edited: Sequence[int]) -> bool:
        """Is what was sealed at this place found whole, or its bytes, at another edited place."""
        here = self.sealed[place]
        if here is None or len(edited) > _SWAPS:
            return False
        for other in edited:
            there = self.sealed[other]
            if other == place or there is None:
                continue
            for tried in (moved(there, self.row.first + place), with_payload_of(here, there)):
                if self._leaf(place, self.before[place], tried) == self.stored[place]:
                    return True
        return False

    def _ends(self, leaves: Sequence[bytes | None]) -> list[Break]:
        """The segment's own copies of the leaves before it and at its end."""
        row, breaks = self.row, []
        if self.before[0] is not None and row.previous != self.before[0]:
            detail = "its segment names another leaf before it"
            breaks.append(Break(index=row.first, kind=BreakKind.LINK, detail=detail))
        if leaves[-1] is not None and row.link != leaves[-1]:
            detail = "its segment names another last leaf"
            breaks.append(Break(index=row.stop - 1, kind=BreakKind.LINK, detail=detail))
        return breaks


def _runs(first: int, places: Iterable[int], kind: BreakKind, what: str) -> list[Break]:
    """One break per run of neighbouring entries."""
    breaks = []
    for _, grouped in groupby(enumerate(places), key=lambda pair: pair[1] - pair[0]):
        run = [place for _, place in grouped]
        more = f" (and so on to entry {first + run[-1]})" if len(run) > 1 else ""
        breaks.append(Break(index=first + run[0], kind=kind, detail=what + more))
    return breaks
