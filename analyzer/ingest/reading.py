"""Reading: sources to parcels of candidates, checked and hashed: all of an ingest but the sealing.

No ledger is needed here, so that it can be done in other processes (`analyzer.ingest.workers`).
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING, BinaryIO, Final

from analyzer.cloudtrail.body import read_body
from analyzer.cloudtrail.cut import cut, cut_by_columns
from analyzer.cloudtrail.errors import SourceError
from analyzer.cloudtrail.record import Lane, duplicate_members
from analyzer.cloudtrail.services import Services
from analyzer.cloudtrail.slices import Flaw, Remark, Slice, Slices, Voucher
from analyzer.cloudtrail.sources import STDIN, Source
from analyzer.ingest.belonging import Belonging
from analyzer.ingest.candidates import Shape
from analyzer.ingest.opening import MAX_INFLATED, Opened
from analyzer.ingest.tally import Tally
from analyzer.s3.access import DEFAULT_ACCESS, Access
from ledger.batch import Batch, join, prepare, prepare_records
from ledger.hashing import Digest

if TYPE_CHECKING:
    from analyzer.cloudtrail.body import Body
    from analyzer.cloudtrail.slices import Reject
    from analyzer.s3.address import S3Object
    from ledger.admission import Candidate

PARCEL_RECORDS: Final = 10_000
PARCEL_BYTES: Final = 16 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """How sources are read.

    Attributes:
        services: which events are taken; the others are counted as skipped.
        max_inflated: bytes to which one compressed source may inflate.
        access: in whose name S3 is asked.
        belonging: which records are taken, where other ledgers take others of the same sources; the
            others are counted as skipped. None for all of them.
    """

    services: Services
    max_inflated: int = MAX_INFLATED
    access: Access = DEFAULT_ACCESS
    belonging: Belonging | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """What was read of one source since its last parcel.

    Attributes:
        batch: candidates; None where nothing of this stretch is to be sealed.
        digest: SHA-256 of the inflated source, once a record was met in it, or at its end if it is
            a list without any; None before, and for what is not about events.
        read: bytes of the source, as it lies on disk, that are done with.
        records: met in the source so far.
        tally: the count of the whole source, with its last parcel only.
        version: of an object in S3 that was read to its end; with its last parcel only.
    """

    batch: Batch | None
    digest: Digest | None
    read: int
    records: int
    tally: Tally | None = None
    version: S3Object | None = None


def is_plenty(records: int, size: int) -> bool:
    """Whether so many records of so many bytes together are worth being sealed."""
    return records >= PARCEL_RECORDS or size >= PARCEL_BYTES


def parcels(
    source: Source,
    terms: Terms,
    opened: Callable[[Source], Opened],
    on_read: Callable[[int], None],
) -> Iterator[Parcel]:
    """Read one source to its end.

    Args:
        source: what to read.
        terms: how.
        opened: opens it.
        on_read: told how many bytes are done with while nothing can be handed over yet.

    Yields:
        At least one parcel. Whatever is wrong with the source stands in the tally of the last.
    """
    yield from _Reading(source, terms, on_read).parcels(opened)


class _Reading:
    """One source while it is read."""

    def __init__(self, source: Source, terms: Terms, on_read: Callable[[int], None]) -> None:
        self._source = source
        self._terms = terms
        self._on_read = on_read
        self._tally = Tally(source.name)
        self._batches: list[Batch] = []
        self._candidates: list[Candidate] = []
        self._records = self._bytes = 0

    def parcels(self, opened: Callable[[Source], Opened]) -> Iterator[Parcel]:
        version = None
        try:
            found = opened(self._source)
            if found.stream is None:
                self._tally.is_void = True
            else:
                yield from self._of_opened(found.stream)
            version = found.version
        except SourceError as error:
            self._tally.error = error.detail
        yield self._parcel(self._source.size, self._tally, version)

    def _of_opened(self, stream: BinaryIO) -> Iterator[Parcel]:
        try:
            yield from self._of_stream(stream)
        finally:
            if self._source.name != STDIN:
                stream.close()

    def _of_stream(self, stream: BinaryIO) -> Iterator[Parcel]:
        size = self._source.size
        body = read_body(
            stream,
            max_inflated=self._terms.max_inflated,
            on_read=lambda count: self._on_read(min(count, size) // 2),
            may_stay=self._source.path is not None,
        )
        try:
            self._tally.digest = body.digest
            self._tally.note_faults(body.faults)
            for done in self._cut(body):
                yield self._parcel(round(size * (1 + done / max(body.text.size, 1)) / 2))
            if body.has_changed():
                raise SourceError("changed while it was read; ingest it again")
        finally:
            body.close()

    def _cut(self, body: Body) -> Iterator[int]:
        """Fill parcels; yield how far the text is cut whenever one is full."""
        shape = Shape.of(body)
        tally = self._tally
        # Which records are whose, and whose are wanted, is told of each where others take some.
        of_text = cut_by_columns if self._terms.belonging is None else cut
        for item in of_text(body.text):
            if isinstance(item, Slices):
                yield from self._take_all(item, shape)
                continue
            if isinstance(item, Flaw | Remark):
                offset = item.offset
                tally.remark(item, None if offset is None else body.origin(offset))
                continue
            if isinstance(item, Voucher):
                if self._terms.belonging is None or self._terms.belonging.takes(item):
                    self._add(shape.voucher(item, tally.digests))
                tally.digests += 1
            else:
                self._take(item, shape)
                tally.records += 1
            if is_plenty(self._records, self._bytes):
                yield item.offset

    def _take_all(self, slices: Slices, shape: Shape) -> Iterator[int]:
        """Take records by columns; yield how far the text is cut whenever a parcel is full."""
        tally, services = self._tally, self._terms.services
        is_wanted = {sort: services.wants(sort) for sort in set(slices.sorts)}
        places = [place for place, sort in enumerate(slices.sorts) if is_wanted[sort]]
        begun = tally.records
        tally.skipped += len(slices.sorts) - len(places)
        kept = slices.at(places)
        for payload, offset, sort in zip(kept.payloads, kept.offsets, kept.sorts, strict=True):
            if sort.lane is Lane.CONTROL and (names := duplicate_members(payload)):
                tally.note_duplicates(shape.origin(offset), names)
        ends, start = list(accumulate(map(len, kept.payloads), initial=0)), 0
        while start < len(places):
            full = bisect_left(ends, ends[start] + PARCEL_BYTES - self._bytes)
            stop = min(start + PARCEL_RECORDS - self._records, full, len(places))
            positions = [begun + place for place in places[start:stop]]
            offered = shape.records(kept.at(range(start, stop)), positions)
            self._add_batch(prepare_records(offered))
            tally.records = positions[-1] + 1
            if is_plenty(self._records, self._bytes):
                yield kept.offsets[stop - 1]
            start = stop
        tally.records = begun + len(slices.sorts)

    def _take(self, item: Slice | Reject, shape: Shape) -> None:
        tally = self._tally
        if self._terms.belonging is not None and not self._terms.belonging.takes(item):
            tally.skipped += 1
            return
        if not isinstance(item, Slice):
            self._add(shape.rejected(item, tally.records))
            tally.rejected += 1
            return
        event = item.description
        if not self._terms.services.wants(event):
            tally.skipped += 1
            return
        if event.lane is Lane.CONTROL and (names := duplicate_members(item.payload)):
            tally.note_duplicates(shape.origin(item.offset), names)
        self._add(shape.record(item, tally.records))

    def _add(self, candidate: Candidate) -> None:
        self._candidates.append(candidate)
        self._records += 1
        self._bytes += len(candidate.payload)

    def _add_batch(self, batch: Batch) -> None:
        self._close_batch()
        self._batches.append(batch)
        self._records += len(batch)
        self._bytes += batch.payloads.size

    def _close_batch(self) -> None:
        """Have the candidates that came one by one lie behind what came before them."""
        if self._candidates:
            self._batches.append(prepare(self._candidates))
            self._candidates = []

    def _parcel(
        self, read: int, tally: Tally | None = None, version: S3Object | None = None
    ) -> Parcel:
        self._close_batch()
        batch = join(self._batches) if self._batches else None
        self._batches = []
        self._records = self._bytes = 0
        count = self._tally
        is_known = count.digest is not None and count.is_of_events
        return Parcel(
            batch=batch,
            digest=Digest(count.digest or b"") if is_known else None,
            read=read,
            records=count.records,
            tally=tally,
            version=version,
        )
