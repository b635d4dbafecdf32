"""Run: one segment, inflated as far as somebody asked; its entries checked against their leaves.

What does not hash to its leaf is never handed out: a reader of a forged entry gets a `BrokenError`.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress

import numpy as np

from ledger.columns import Columns, Numbers
from ledger.entry import Entry, Header, Kind
from ledger.errors import BrokenError, LedgerError, MalformedError, UnreadableError
from ledger.hashing import DIGEST_BYTES, LEAF_PREFIX, NO_LINK, hasher
from ledger.leaves import each_of, hashed, spelled
from ledger.merkle import NOTHING
from ledger.redaction import Erased, Redaction
from ledger.rows import Rows
from ledger.segment import SegmentRow, unpack_columns, unpack_frame
from ledger.stretch import Stretch


class Run:
    """One segment, inflated as far as somebody asked.

    Raises:
        MalformedError: its columns are damaged.
    """

    def __init__(self, rows: Rows, row: SegmentRow, packed: Mapping[int, bytes] = NOTHING) -> None:
        self.row = row
        self.columns: Columns = unpack_columns(row.columns, row.count)
        self._rows = rows
        self._packed = packed
        self._frames: dict[int, bytes] = {}
        self._starts = self.columns.starts()
        self._orders = self._ordered()

    def frame(self, lane: int) -> bytes:
        """The payloads of one lane, end to end.

        Raises:
            MalformedError: they are damaged, or not there.
        """
        if lane not in self._frames:
            packed = self._packed.get(lane) or self._rows.frame(self.row.first, lane)
            if packed is None:
                raise MalformedError(f"the frame of lane {lane} is not there")
            self._frames[lane] = unpack_frame(packed, self.columns, lane)
        return self._frames[lane]

    def payloads(self, places: Sequence[int]) -> list[bytes]:
        """The payloads at some places of the segment.

        Raises:
            MalformedError: a frame that is needed is damaged, or not there.
        """
        at = np.asarray(places, np.intp)
        starts = self._starts[at]
        ends = (starts + self.columns.lengths[at]).tolist()
        lanes = self.columns.lanes[at].tolist()
        frames = {lane: self.frame(lane) for lane in set(lanes)}
        return [
            frames[lane][start:end]
            for lane, start, end in zip(lanes, starts.tolist(), ends, strict=True)
        ]

    def holding(self, needle: bytes, places: Numbers) -> Numbers:
        """Those of some places whose payloads contain certain bytes; frames are searched whole.

        Raises:
            MalformedError: a frame that is needed is damaged, or not there.
        """
        found = np.zeros(len(self.columns), bool)
        for lane in np.flatnonzero(np.bincount(self.columns.lanes[places])).tolist():
            frame, here = self.frame(lane), np.flatnonzero(self.columns.lanes == lane)
            ends = (self._starts[here] + self.columns.lengths[here]).tolist()
            at = frame.find(needle)
            while at >= 0:
                which = bisect_right(ends, at)
                found[here[which]] |= at + len(needle) <= ends[which]
                is_inside = found[here[which]]
                at = frame.find(needle, ends[which] if is_inside else at + 1)
        return places[found[places]]

    def without(self, place: int) -> tuple[int, bytes]:
        """The lane of the payload at a place, and the lane's payloads with zeros in its place.

        Raises:
            MalformedError: they are damaged, or not there.
        """
        lane, start = int(self.columns.lanes[place]), int(self._starts[place])
        frame, length = self.frame(lane), int(self.columns.lengths[place])
        return lane, frame[:start] + bytes(length) + frame[start + length :]

    def erased(self, place: int, payload: bytes) -> Erased | None:
        """By which sealed order the payload at a place was erased; None where it was not.

        What was erased is zeros. That it was, and what its digest had been, only the order says; a
        digest that is not the sealed one gives another leaf.

        Raises:
            BrokenError: the order that is said to have erased it orders nothing of the kind.
        """
        return erased_by(self._rows, self._orders, self.row.first + place, payload)

    def entries(self, places: Sequence[int]) -> Iterator[Entry]:
        """The entries at some places of the segment, ascending.

        Raises:
            MalformedError: a frame that is needed is damaged, or not there.
            BrokenError: an entry does not hash to its stored leaf.
        """
        payloads = self.payloads(places)
        yield from self.checked(places, payloads, self._erasures(places, payloads))

    def stretch(self, places: Sequence[int]) -> Stretch:
        """The same entries by columns, without those that were erased; raises the same."""
        payloads = self.payloads(places)
        erased = self._erasures(places, payloads)
        inputs = each_of(self._checked(places, payloads, erased))
        digests = {
            place: spelling[-DIGEST_BYTES:] for place, spelling in zip(places, inputs, strict=True)
        }
        kept = [place for place in places if place not in erased] if erased else places
        columns = self.columns.at(np.asarray(kept, np.intp))
        return Stretch(
            indexes=[self.row.first + place for place in kept],
            sealed_at=self.row.sealed_at,
            kinds=columns.kinds.tolist(),
            lanes=columns.lanes.tolist(),
            sources=[columns.sources[which] for which in columns.source.tolist()],
            positions=columns.positions.tolist(),
            payloads=self.payloads(kept) if erased else payloads,
            digests=[digests[place] for place in kept],
            erased={self.row.first + place: found for place, found in erased.items()},
        )

    def _erasures(self, places: Sequence[int], payloads: Sequence[bytes]) -> dict[int, Erased]:
        """Which of the payloads were erased, and by which orders."""
        if not self._orders:
            return {}
        return {
            place: found
            for place, payload in zip(places, payloads, strict=True)
            if (found := self.erased(place, payload)) is not None
        }

    def checked(
        self, places: Sequence[int], payloads: Sequence[bytes], erased: Mapping[int, Erased]
    ) -> Iterator[Entry]:
        """The entries that have these payloads, or had them before they were erased.

        Raises:
            BrokenError: an entry does not hash to its stored leaf.
        """
        inputs = each_of(self._checked(places, payloads, erased))
        for place, payload, spelling in zip(places, payloads, inputs, strict=True):
            header = Header.decode(spelling.removeprefix(LEAF_PREFIX))
            if place in erased:
                yield Entry(header=header, payload=None, erased=erased[place])
            else:
                yield Entry(header=header, payload=payload)

    def _checked(
        self, places: Sequence[int], payloads: Sequence[bytes], erased: Mapping[int, Erased]
    ) -> bytes:
        """What is hashed of entries, end to end, after they hashed to their leaves."""
        first, at = self.row.first, np.asarray(places, np.intp)
        leaves = b"" if first else NO_LINK  # the leaf before the segment leads the row
        leaves += self._rows.leaves(max(first - 1, 0), self.row.stop)
        if len(leaves) < (len(self.columns) + 1) * DIGEST_BYTES:
            raise BrokenError(first, "link", "leaves of its segment are not stored")
        nodes = np.frombuffer(leaves, f"V{DIGEST_BYTES}")
        digests: list[bytes] = [hasher(payload).digest() for payload in payloads]
        for number, place in enumerate(places) if erased else ():
            if place in erased:
                digests[number] = erased[place].redaction.payload
        inputs = spelled(
            first + at,
            self.row.sealed_at,
            self.columns.at(at),
            b"".join(digests),
            nodes[at].tobytes(),
        )
        computed, stored = hashed(inputs), nodes[at + 1].tolist()
        if computed != stored:
            wrong = next(
                place
                for place, leaf, kept in zip(places, computed, stored, strict=True)
                if leaf != kept
            )
            raise BrokenError(first + wrong, "payload", "it does not hash to its stored leaf")
        return inputs

    def _ordered(self) -> dict[int, int]:
        """Entries of the segment whose erasure was ordered, and by which entry."""
        return orders_between(self._rows, self.row.first, self.row.stop)


def orders_between(rows: Rows, start: int, stop: int) -> dict[int, int]:
    """Entries [start, stop) whose erasure was ordered, and by which entry."""
    with suppress(UnreadableError):  # then nothing is excused, and a hash will not fit
        return {entry: order for entry, order, _ in rows.orders(start, stop)}
    return {}


def erased_by(rows: Rows, orders: Mapping[int, int], index: int, payload: bytes) -> Erased | None:
    """By which sealed order entry *index* was erased; None where it was not. See `Run.erased`.

    Args:
        rows: where the order lies.
        orders: entries whose erasure was ordered, and by which entry.
        index: the entry.
        payload: what lies in its place.

    Raises:
        BrokenError: the order that is said to have erased it orders nothing of the kind.
    """
    order = orders.get(index)
    if order is None or payload.strip(b"\0"):
        return None
    return Erased(order=order, redaction=ordered_by(rows, order, index))


def ordered_by(rows: Rows, order: int, index: int) -> Redaction:
    """The order to erase entry *index*, read from entry *order* and checked against its leaf.

    Raises:
        BrokenError: there is no such order.
    """
    try:
        row = rows.segment_with(order)
        if row is not None and row.first == order and row.count == 1:
            run = Run(rows, row)
            [entry] = run.checked([0], run.payloads([0]), {})
            if entry.header.kind is Kind.REDACTION:
                redaction = Redaction.decode(entry.payload or b"")
                if redaction.entry == index:
                    return redaction
    except LedgerError as error:
        detail = f"it was erased, and the order at entry {order} cannot be read"
        raise BrokenError(index, "payload", detail) from error
    raise BrokenError(index, "payload", f"it was erased, and entry {order} does not order that")
