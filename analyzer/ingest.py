"""Ingest: sources to records to the ledger, and a report in which every record is counted.

Only whole batches are sealed. Whatever interrupts an ingest leaves a ledger that audits intact, and
the same ingest again completes it: identity makes it idempotent, not bookkeeping.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO, Final

from analyzer.candidates import Shape
from analyzer.cloudtrail.body import read_body
from analyzer.cloudtrail.cut import cut
from analyzer.cloudtrail.errors import SourceError
from analyzer.cloudtrail.record import Lane, content, duplicate_members, identify
from analyzer.cloudtrail.services import DEFAULT_SERVICES, Services
from analyzer.cloudtrail.slices import Flaw, Remark, Slice, Voucher
from analyzer.cloudtrail.sources import STDIN, Source, find_sources, open_source
from analyzer.signing import key_file_of, signed_by, why_unsigned
from analyzer.tally import IngestReport, Tally
from ledger.derived import Source as Named
from ledger.entry import Kind
from ledger.keyfile import SUFFIXES
from ledger.signing import signer

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from analyzer.cloudtrail.body import Body
    from ledger.admission import Candidate
    from ledger.hashing import Digest
    from ledger.store import Ledger

MAX_INFLATED: Final = 4 << 30
"""Bytes to which one compressed source may inflate, unless asked otherwise."""

_BATCH_RECORDS: Final = 10_000
_BATCH_BYTES: Final = 16 << 20
_TELL_EVERY: Final = 2_000
_BESIDE_A_LEDGER: Final = ("", "-wal", "-shm", "-journal")


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far an ingest is.

    Attributes:
        read: bytes of the sources, as they lie on disk, that are done with.
        total: bytes of all sources; what comes through a pipe is not in it.
        records: met so far.
        source: what is being read.
    """

    read: int
    total: int
    records: int
    source: str


def ingest(
    ledger: Ledger,
    arguments: Sequence[str],
    *,
    clock: Callable[[], int],
    stdin: BinaryIO | None = None,
    services: Services = DEFAULT_SERVICES,
    max_inflated: int = MAX_INFLATED,
    key_file: Path | None = None,
    on_progress: Callable[[Progress], None] | None = None,
) -> IngestReport:
    """Seal the records of sources.

    Args:
        ledger: takes them.
        arguments: files, directories, patterns, `-`.
        clock: the time now, in microseconds since the epoch.
        stdin: what `-` means.
        services: which events are sealed; the others are counted as skipped.
        max_inflated: bytes to which one compressed source may inflate.
        key_file: where the key lies that signs the checkpoint at the end; None for beside the
            ledger. Like the ledger, it is never taken for a source in a directory.
        on_progress: told now and then how far it is.

    Returns:
        The report. A source that could not be read has its `error` set there, and stops no other.

    Raises:
        LedgerError: the ledger cannot be written, or not be signed. What was sealed before is
            whole.
    """
    keys = key_file_of(ledger, key_file)
    doubt = why_unsigned(ledger, keys)  # a key that cannot be used is told of before the work
    run = _Run(ledger, clock, services, max_inflated, on_progress or _tell_nobody)
    beside = [f"{ledger.path}{suffix}" for suffix in _BESIDE_A_LEDGER]
    beside += [f"{keys.path}{suffix}" for suffix in SUFFIXES]
    sources = list(find_sources(arguments, beside))
    run.total = sum(source.size for source in sources)
    for source in sources:
        run.take(source, stdin)
    run.finish()
    made = ledger.checkpoint(clock(), signer(ledger, keys)) if ledger.size else None
    head = ledger.head()
    return IngestReport(
        sources=tuple(tally.report() for tally in run.tallies),
        path=str(ledger.path),
        size=head.size,
        root=head.root.hex(),
        link=head.link.hex(),
        signed_by=signed_by(made) if made is not None else (),
        warnings=(
            *(warning for tally in run.tallies for warning in tally.warnings()),
            *((doubt,) if doubt is not None else ()),
        ),
    )


class _Run:
    """One ingest while it goes on: the batch that is being filled, and what was counted."""

    def __init__(
        self,
        ledger: Ledger,
        clock: Callable[[], int],
        services: Services,
        max_inflated: int,
        on_progress: Callable[[Progress], None],
    ) -> None:
        self._ledger = ledger
        self._clock = clock
        self._services = services
        self._max_inflated = max_inflated
        self._on_progress = on_progress
        self._batch: list[Candidate] = []
        self._owners: list[Tally] = []
        self._batch_bytes = 0
        self._named: list[Named] = []
        self._read = 0
        self._records = 0
        self.total = 0
        self.tallies: list[Tally] = []

    def take(self, source: Source, stdin: BinaryIO | None) -> None:
        """Read one source to its end."""
        tally = Tally(source.name)
        self.tallies.append(tally)
        try:
            stream = open_source(source, stdin)
            try:
                self._take_stream(stream, source, tally)
            finally:
                if source.name != STDIN:
                    stream.close()
        except SourceError as error:
            tally.error = error.detail
        self._read += source.size
        self._tell(source, 0)

    def flush(self) -> None:
        """Seal the batch: all of it or, where the ledger refuses, nothing."""
        if not self._batch:
            return
        admissions = self._ledger.append(
            self._batch,
            sealed_at=self._clock(),
            identify=identify,
            content=content,
            sources=self._named,
        )
        for owner, candidate, admission in zip(self._owners, self._batch, admissions, strict=True):
            # A reject counts as one however often it is met, so that counts do not depend on that.
            if candidate.kind is Kind.RECORD:
                owner.admit(admission)
        self._batch, self._owners, self._batch_bytes, self._named = [], [], 0, []

    def finish(self) -> None:
        """Seal the rest."""
        self.flush()
        if self._named:
            self._ledger.record_source(*self._named)

    def _take_stream(self, stream: BinaryIO, source: Source, tally: Tally) -> None:
        body = read_body(
            stream,
            max_inflated=self._max_inflated,
            on_read=lambda count: self._tell(source, min(count, source.size) // 2),
            may_stay=source.path is not None,
        )
        try:
            tally.digest = body.digest
            tally.note_faults(body.faults)
            self._take_body(body, source, tally)
            if body.has_changed():
                raise SourceError("changed while it was read; ingest it again")
        finally:
            body.close()

    def _take_body(self, body: Body, source: Source, tally: Tally) -> None:
        shape = Shape.of(body)
        for item in cut(body.text):
            if isinstance(item, Flaw | Remark):
                offset = item.offset
                tally.remark(item, None if offset is None else body.origin(offset))
                continue
            if not tally.records and not tally.digests:
                self._name(shape.digest, source)
            if isinstance(item, Voucher):
                self._add(shape.voucher(item, tally.digests), tally)
                tally.digests += 1
                continue
            if isinstance(item, Slice):
                self._take_record(item, shape, tally)
            else:
                self._add(shape.rejected(item, tally.records), tally)
                tally.rejected += 1
            tally.records += 1
            self._records += 1
            if not tally.records % _TELL_EVERY:
                done = item.offset / max(body.text.size, 1)
                self._tell(source, round(source.size * (1 + done) / 2))

    def _name(self, digest: Digest, source: Source) -> None:
        """Have the source's name kept with the first batch that holds something of it."""
        now = self._clock()
        self._named.append(Named(digest=digest, name=source.name, recorded_at=now))

    def _take_record(self, item: Slice, shape: Shape, tally: Tally) -> None:
        event = item.description
        if not self._services.wants(event):
            tally.skipped += 1
            return
        if event.lane is Lane.CONTROL and (names := duplicate_members(item.payload)):
            tally.note_duplicates(shape.origin(item.offset), names)
        self._add(shape.record(item, tally.records), tally)

    def _add(self, candidate: Candidate, owner: Tally) -> None:
        self._batch.append(candidate)
        self._owners.append(owner)
        self._batch_bytes += len(candidate.payload)
        if len(self._batch) >= _BATCH_RECORDS or self._batch_bytes >= _BATCH_BYTES:
            self.flush()

    def _tell(self, source: Source, done: int) -> None:
        self._on_progress(
            Progress(
                read=self._read + done,
                total=self.total,
                records=self._records,
                source=source.name,
            )
        )


def _tell_nobody(_progress: Progress) -> None:
    pass
