"""Vouchers: the digest files of a ledger, and the sources that they can be held against."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

from analyzer.cloudtrail.record import Lane
from analyzer.digests.check import Held
from analyzer.digests.document import DigestFile, SavedSignature, Unreadable, read
from analyzer.digests.logs import Source
from ledger.entry import Entry, Kind
from ledger.hashing import Digest
from ledger.store import Ledger


def read_held(ledger: Ledger, size: int, base: int = 0, *, with_sources: bool = False) -> Held:
    """Read digest files and sources from the first entries of a ledger.

    Args:
        ledger: holds them.
        size: how many entries are taken into account.
        base: the number of its first entry.
        with_sources: also look its sources up where it has no digest files: those of another ledger
            may name them.

    Returns:
        What there is.

    Raises:
        LedgerError: the ledger contradicts itself.
    """
    entries = list(_digest_files(ledger, size))
    if not entries and not with_sources:
        return Held()
    names = _names(ledger, size)
    documents = [_document(entry, names, base) for entry in entries]
    own = {entry.header.source for entry in entries}
    firsts = ledger.first_entries(size)
    return Held(
        files=tuple(one for one in documents if isinstance(one, DigestFile)),
        saved=tuple(one for one in documents if isinstance(one, SavedSignature)),
        unreadable=tuple(one for one in documents if isinstance(one, Unreadable)),
        sources=tuple(
            Source(
                digest=digest.hex(),
                names=names.get(digest, ()),
                entry=base + firsts[digest] if digest in firsts else None,
            )
            for digest in {**firsts, **names}
            if digest not in own
        ),
    )


def _digest_files(ledger: Ledger, size: int) -> Iterator[Entry]:
    for entry in ledger.entries(0, size, lanes={Lane.VOUCHERS}):
        if entry.header.kind is Kind.DIGEST and entry.payload is not None:
            yield entry


def _document(
    entry: Entry, names: Mapping[Digest, tuple[str, ...]], base: int
) -> DigestFile | SavedSignature | Unreadable:
    header = entry.header
    digests = dict.fromkeys((header.source.hex(), header.payload.hex()))
    number, named = base + header.index, names.get(header.source, ())
    return read(number, entry.payload or b"", tuple(digests), named)


def _names(ledger: Ledger, size: int) -> dict[Digest, tuple[str, ...]]:
    """Return the names under which sources were met by the time entry *size* was sealed."""
    until = ledger.entry(size - 1).header.sealed_at if size < ledger.size else None
    found: dict[Digest, tuple[str, ...]] = defaultdict(tuple)
    for source in ledger.sources():
        if until is None or source.recorded_at <= until:
            found[source.digest] += (source.name,)
    return dict(found)
