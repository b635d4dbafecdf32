"""Ingest: sources to records to the ledger, and a report in which every record is counted.

Only whole batches are sealed. Whatever interrupts an ingest leaves a ledger that audits intact, and
the same ingest again completes it: identity makes it idempotent, not bookkeeping.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO, Final, TypedDict, Unpack

from analyzer.cloudtrail.record import content, identify
from analyzer.cloudtrail.services import DEFAULT_SERVICES, Services
from analyzer.cloudtrail.sources import Source, find_sources
from analyzer.ingest.opening import MAX_INFLATED
from analyzer.ingest.reading import Parcel, Terms, is_plenty
from analyzer.ingest.tally import IngestReport, Sealed, SourceReport, Tally
from analyzer.ingest.workers import read_all, sensible
from analyzer.proof.signing import key_file_of, signed_by, why_unsigned
from analyzer.s3.access import DEFAULT_REMOTE, Remote
from analyzer.s3.address import SIGNATURE, is_bucket
from analyzer.s3.finding import Finder
from analyzer.s3.marks import mark
from ledger.batch import Batch, join
from ledger.derived import Source as Named
from ledger.entry import Kind
from ledger.keyfile import SUFFIXES
from ledger.signing import signer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from analyzer.answers.shape import Document
    from analyzer.ingest.belonging import Belonging
    from ledger.checkpoint import Checkpoint
    from ledger.hashing import Digest
    from ledger.keyfile import KeyFile
    from ledger.store import Ledger

_MANY: Final = 500
"""Objects of S3 after which what waits is sealed: whoever interrupts loses no more downloads."""

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


class Options(TypedDict, total=False):
    """How an ingest is done.

    Attributes:
        stdin: what `-` means.
        services: which events are sealed, the others are counted as skipped; else the usual ones.
        max_inflated: bytes to which one compressed source may inflate.
        workers: processes to read in, None for as many as pay; else this one only.
        key_file: where the key lies that signs the checkpoint at the end; None for beside the
            ledger. Like the ledger, it is never taken for a source in a directory.
        remote: in whose name, and what of it, is read from S3.
        belonging: which records are this ledger's, where others take others of the same sources.
    """

    stdin: BinaryIO | None
    services: Services
    max_inflated: int
    workers: int | None
    key_file: Path | None
    remote: Remote
    belonging: Belonging | None


def ingest(
    ledger: Ledger,
    arguments: Sequence[str],
    *,
    clock: Callable[[], int],
    on_progress: Callable[[Progress], None] | None = None,
    **options: Unpack[Options],
) -> IngestReport:
    """Seal the records of sources.

    Args:
        ledger: takes them.
        arguments: files, directories, patterns, `-`, `s3://…`.
        clock: the time now, in microseconds since the epoch.
        on_progress: told now and then how far it is.
        options: how.

    Returns:
        The report. A source that could not be read has its `error` set there, and stops no other.

    Raises:
        AddressError: an address names no bucket.
        StoreError: what was said of S3 cannot be used.
        LedgerError: the ledger cannot be written, or not be signed. What was sealed before is
            whole.
    """
    keys = key_file_of(ledger, options.get("key_file"))
    doubt = why_unsigned(ledger, keys)  # a key that cannot be used is told of before the work
    services = options.get("services", DEFAULT_SERVICES)
    remote, tell = options.get("remote", DEFAULT_REMOTE), on_progress or _tell_nobody
    with Finder(remote, services, ledger.remembered, arguments, _of_listing(tell)) as finder:
        sources = list(find_sources(arguments, _beside(ledger, keys), finder.sources))
    run = _Run(ledger, clock, sources, services, tell)
    run.read(options)
    made = ledger.checkpoint(clock(), signer(ledger, keys)) if ledger.size else None
    warnings = (*finder.survey.warnings(), *run.warnings(), *filter(None, [doubt]))
    objects = finder.survey.document() if any(map(is_bucket, arguments)) else None
    return _reported(ledger, run.reports(), made, warnings, objects)


def _beside(ledger: Ledger, keys: KeyFile) -> list[str]:
    """Return the names of what lies beside a ledger and is never taken for a source."""
    own = [f"{ledger.path}{suffix}" for suffix in _BESIDE_A_LEDGER]
    return own + [f"{keys.path}{suffix}" for suffix in SUFFIXES]


def _reported(
    ledger: Ledger,
    sources: tuple[SourceReport, ...],
    made: Checkpoint | None,
    warnings: tuple[str, ...],
    objects: Document | None,
) -> IngestReport:
    head = ledger.head()
    return IngestReport(
        sources=sources,
        path=str(ledger.path),
        size=head.size,
        root=head.root.hex(),
        link=head.link.hex(),
        signed_by=signed_by(made) if made is not None else (),
        warnings=warnings,
        objects=objects,
    )


class _Run:
    """One ingest while it goes on: the parcels that wait to be sealed, and what was counted."""

    def __init__(
        self,
        ledger: Ledger,
        clock: Callable[[], int],
        sources: Sequence[Source],
        services: Services,
        on_progress: Callable[[Progress], None],
    ) -> None:
        self._ledger = ledger
        self._clock = clock
        self._sources = sources
        self._services = services
        self._on_progress = on_progress
        self._waiting: list[tuple[Sealed, Batch]] = []
        self._waiting_records = self._waiting_bytes = 0
        self._named: list[Named] = []
        self._marks: list[Digest] = []
        self._sealed = [Sealed() for _ in sources]
        self._tallies: list[Tally] = []
        self._total = sum(source.size for source in sources)
        self._finished = self._records = self._of_source = 0
        self._is_named = False

    def read(self, options: Options) -> None:
        """Read every source to its end, and seal what is in it."""
        terms = Terms(
            services=self._services,
            max_inflated=options.get("max_inflated", MAX_INFLATED),
            access=options.get("remote", DEFAULT_REMOTE).access,
            belonging=options.get("belonging"),
        )
        workers, stdin = options.get("workers", 0), options.get("stdin")
        count = sensible(self._sources) if workers is None else workers
        for place, parcel in read_all(
            self._sources, terms, stdin=stdin, workers=count, on_read=self.tell
        ):
            self.take(place, parcel)
        self.flush()

    def take(self, place: int, parcel: Parcel) -> None:
        """Take what was read of a source; seal once enough has come together."""
        if parcel.digest is not None and not self._is_named:
            self._is_named = True
            self._name(parcel.digest, self._sources[place])
        if parcel.batch is not None:
            self._wait(self._sealed[place], parcel.batch)
        self._of_source = parcel.records
        self.tell(parcel.read)
        if parcel.tally is not None:
            if parcel.version is not None and parcel.tally.is_whole:
                self._marks.append(mark(parcel.version, self._services))
            self._tallies.append(parcel.tally)
            self._finished += self._sources[place].size
            self._records += parcel.records
            self._of_source, self._is_named = 0, False
            if len(self._marks) >= _MANY:
                self.flush()

    def tell(self, read: int) -> None:
        """Tell how far the ingest is, given what is read of the source at hand."""
        place = min(len(self._tallies), len(self._sources) - 1)
        self._on_progress(
            Progress(
                read=self._finished + read,
                total=self._total,
                records=self._records + self._of_source,
                source=self._sources[place].name,
            )
        )

    def flush(self) -> None:
        """Seal what waits, and only then remember where it came from."""
        if self._waiting:
            self._seal()
        elif self._named:
            self._ledger.record_source(*self._named)
        if self._marks:
            self._ledger.remember(*self._marks)
        self._named, self._marks = [], []

    def _seal(self) -> None:
        """Seal what waits: all of it or, where the ledger refuses, nothing."""
        parts = [(sealed, batch.columns.kinds == Kind.RECORD) for sealed, batch in self._waiting]
        batch = join([batch for _, batch in self._waiting])
        self._waiting = []
        admissions = self._ledger.append(
            batch,
            sealed_at=self._clock(),
            identify=identify,
            content=content,
            sources=self._named,
        )
        start = 0
        for sealed, is_record in parts:
            # A reject counts as one however often it is met, so that counts do not depend on that.
            sealed.add(*admissions.counted(is_record, start))
            start += len(is_record)
        self._waiting_records = self._waiting_bytes = 0

    def reports(self) -> tuple[SourceReport, ...]:
        """Return what became of every source."""
        pairs = zip(self._tallies, self._sealed, strict=True)
        return tuple(tally.report(sealed) for tally, sealed in pairs if not tally.is_void)

    def warnings(self) -> Iterator[str]:
        """Yield what is worth knowing of the sources."""
        for tally in self._tallies:
            yield from tally.warnings()
        if unsigned := [tally.name for tally in self._tallies if tally.is_void]:
            more = f" and {len(unsigned) - 1} more" if unsigned[1:] else ""
            told = "S3 keeps no signature beside this digest file, which may be a copy"
            yield f"{unsigned[0].removesuffix(SIGNATURE)}{more}: {told}"

    def _wait(self, sealed: Sealed, batch: Batch) -> None:
        """Put a batch with those that wait; a trail is many small files, so sums go on with it."""
        self._waiting.append((sealed, batch))
        self._waiting_records += len(batch)
        self._waiting_bytes += int(batch.columns.lengths.sum())
        if is_plenty(self._waiting_records, self._waiting_bytes):
            self.flush()

    def _name(self, digest: Digest, source: Source) -> None:
        """Have the source's name kept with the first batch that holds something of it."""
        now = self._clock()
        self._named.append(Named(digest=digest, name=source.name, recorded_at=now))


def _of_listing(tell: Callable[[Progress], None]) -> Callable[[int], None]:
    """Return what tells how many objects were listed, before anything can be read."""
    return lambda count: tell(
        Progress(read=0, total=0, records=0, source=f"{count} objects listed")
    )


def _tell_nobody(_progress: Progress) -> None:
    pass
