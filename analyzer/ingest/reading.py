"""Reading: sources to parcels of candidates, checked and hashed: all of an ingest but the sealing.

No ledger is needed here, so that it can be done in other processes (`analyzer.ingest.workers`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO, Final

from analyzer.cloudtrail.body import read_body
from analyzer.cloudtrail.cut import cut
from analyzer.cloudtrail.errors import SourceError
from analyzer.cloudtrail.record import Lane, duplicate_members
from analyzer.cloudtrail.services import Services
from analyzer.cloudtrail.slices import Flaw, Remark, Slice, Voucher
from analyzer.cloudtrail.sources import STDIN, Source
from analyzer.ingest.belonging import Belonging
from analyzer.ingest.candidates import Shape
from analyzer.ingest.opening import MAX_INFLATED, Opened
from analyzer.ingest.tally import Tally
from analyzer.s3.access import DEFAULT_ACCESS, Access
from ledger.batch import Batch, prepare
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
        self._candidates: list[Candidate] = []
        self._bytes = 0

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
        for item in cut(body.text):
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
            if is_plenty(len(self._candidates), self._bytes):
                yield item.offset

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
        self._bytes += len(candidate.payload)

    def _parcel(
        self, read: int, tally: Tally | None = None, version: S3Object | None = None
    ) -> Parcel:
        batch = prepare(self._candidates) if self._candidates else None
        self._candidates, self._bytes = [], 0
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
