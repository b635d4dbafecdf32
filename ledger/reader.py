"""Reader: sealed entries back from segments, each checked against its stored leaf."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Final

import numpy as np

from ledger.entry import Entry
from ledger.errors import BrokenError, MalformedError
from ledger.excerpts import excerpts
from ledger.hashing import Digest
from ledger.lanes import bounds_between, frames_between
from ledger.merkle import NOTHING
from ledger.rows import Rows
from ledger.run import Run
from ledger.segment import SegmentRow
from ledger.stretch import Stretch

_TOGETHER: Final = 16
"""Segments whose frames are read at once."""
_KEPT: Final = 2
"""Segments that stay inflated for readers who come back to them: some 10 MB each."""


class Reader:
    """Reads entries of one ledger, wherever they lie."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows
        self._kept: dict[int, Run] = {}

    def forget(self) -> None:
        """Drop what is kept inflated: it was rewritten."""
        self._kept.clear()

    def stream(
        self, start: int, stop: int, lanes: Collection[int] | None, needle: bytes = b""
    ) -> Iterator[Entry]:
        """Entries [start, stop), of some lanes only if asked; frames of others stay as they are.

        Args:
            start: index of the first.
            stop: index behind the last.
            lanes: None for all.
            needle: only entries whose payloads contain these bytes; the others are not checked.

        Raises:
            BrokenError: the ledger contradicts itself on the way.
        """
        for run, places in self._runs(start, stop, lanes):
            if not needle:
                yield from self._entries(run, places)
            elif places:
                yield from self._entries(run, self._holding(run, needle, places))

    def _holding(self, run: Run, needle: bytes, places: Sequence[int]) -> list[int]:
        try:
            found: list[int] = run.holding(needle, np.asarray(places, np.intp)).tolist()
        except MalformedError as error:
            raise BrokenError(run.row.first + places[0], "payload", error.detail) from error
        return found

    def stretches(
        self, start: int, stop: int, lanes: Collection[int] | None = None
    ) -> Iterator[Stretch]:
        """Entries [start, stop), of some lanes only if asked, by columns, a segment at a time.

        Raises:
            BrokenError: the ledger contradicts itself on the way.
        """
        if lanes is not None:
            yield from excerpts(self._rows, start, stop, sorted(set(lanes)))
            return
        for run, places in self._runs(start, stop, None):
            try:
                yield run.stretch(places)
            except MalformedError as error:
                raise BrokenError(run.row.first + places[0], "payload", error.detail) from error

    def _runs(
        self, start: int, stop: int, lanes: Collection[int] | None
    ) -> Iterator[tuple[Run, list[int]]]:
        """The segments of entries [start, stop), each with the places that are asked for."""
        if lanes is not None:
            yield from self._runs_of(start, stop, sorted(set(lanes)))
            return
        row = self._rows.segment_with(start)
        while start < stop:
            if row is None or not row.first <= start < row.stop:
                raise BrokenError(start, "gap", "no segment holds it")
            run = self._run(row)
            yield run, list(range(start - row.first, min(stop, row.stop) - row.first))
            start = row.stop
            row = self._rows.segment_from(start)

    def _runs_of(
        self, start: int, stop: int, lanes: Sequence[int]
    ) -> Iterator[tuple[Run, list[int]]]:
        """The same of some lanes: segments without them are not even looked at."""
        if start >= stop:
            return
        bounds = bounds_between(self._rows.connection, start, stop, lanes)
        packed: dict[int, dict[int, bytes]] = {}
        for number, (first, count, is_wanted) in enumerate(bounds):
            if not first <= start < first + count:
                break
            if is_wanted:
                if first not in packed:
                    last = bounds[min(number + _TOGETHER, len(bounds)) - 1].first
                    packed = frames_between(self._rows.connection, first, last, lanes)
                row = self._rows.segment_from(first)
                if row is None or row.first != first:
                    break
                run = self._run(row, packed[first])
                places = np.arange(start - first, min(stop, row.stop) - first)
                yield run, places[np.isin(run.columns.lanes[places], lanes)].tolist()
            start = first + count
        if start < stop:
            raise BrokenError(start, "gap", "no segment holds it")

    def pick(self, indexes: Iterable[int]) -> Iterator[Entry]:
        """Some entries, by ascending index. Segments just used are kept for the next call.

        Raises:
            BrokenError: the ledger contradicts itself there.
        """
        waiting = list(indexes)
        while waiting:
            run = self._run_with(waiting[0])
            here = [index for index in waiting if index < run.row.stop]
            yield from self._entries(run, [index - run.row.first for index in here])
            waiting = waiting[len(here) :]

    def sources(self, stop: int) -> dict[Digest, int]:
        """The first entry of each source among entries [0, stop), by its digest.

        Payloads stay compressed: that entries hash to their leaves is for an audit to say.

        Raises:
            BrokenError: the columns of a segment cannot be read.
        """
        found: dict[Digest, int] = {}
        row = self._rows.segment_from(0)
        while row is not None and row.first < stop:
            columns = self._run(row).columns.at(slice(0, stop - row.first))
            _, places = np.unique(columns.source, return_index=True)
            for digest, place in zip(columns.sources, places.tolist(), strict=True):
                found.setdefault(digest, row.first + place)
            row = self._rows.segment_from(row.stop)
        return found

    def _run_with(self, index: int) -> Run:
        for first, run in self._kept.items():
            if first <= index < run.row.stop:
                return run
        row = self._rows.segment_with(index)
        if row is None:
            raise BrokenError(index, "gap", "no segment holds it")
        run = self._run(row)
        if len(self._kept) == _KEPT:
            del self._kept[next(iter(self._kept))]
        self._kept[row.first] = run
        return run

    def _run(self, row: SegmentRow, packed: Mapping[int, bytes] = NOTHING) -> Run:
        try:
            return Run(self._rows, row, packed)
        except MalformedError as error:
            raise BrokenError(row.first, "payload", error.detail) from error

    def _entries(self, run: Run, places: Sequence[int]) -> Iterator[Entry]:
        if not places:
            return
        try:
            yield from run.entries(places)
        except MalformedError as error:
            index = run.row.first + (places[0] if places else 0)
            raise BrokenError(index, "payload", error.detail) from error
