"""Vouchers: the digest files of a ledger, and the sources that they can be held against."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from analyzer.cloudtrail.record import Lane
from analyzer.digests.check import Held
from analyzer.digests.document import DigestFile, SavedSignature, Unreadable, read
from analyzer.digests.logs import Source
from ledger.entry import Entry, Kind
from ledger.hashing import Digest
from ledger.store import Ledger


def read_held(ledger: Ledger, size: int) -> Held:
    """Read digest files and sources from the first entries of a ledger.

    Args:
        ledger: holds them.
        size: how many entries are taken into account.

    Returns:
        What there is; without digest files nothing else is looked up.

    Raises:
        LedgerError: the ledger contradicts itself.
    """
    entries = [
        entry
        for entry in ledger.entries(0, size, lanes={Lane.VOUCHERS})
        if entry.header.kind is Kind.DIGEST and entry.payload is not None
    ]
    if not entries:
        return Held()
    names = _names(ledger, size)
    documents = [_document(entry, names) for entry in entries]
    own = {entry.header.source for entry in entries}
    firsts = ledger.first_entries(size)
    return Held(
        files=tuple(one for one in documents if isinstance(one, DigestFile)),
        saved=tuple(one for one in documents if isinstance(one, SavedSignature)),
        unreadable=tuple(one for one in documents if isinstance(one, Unreadable)),
        sources=tuple(
            Source(digest=digest.hex(), names=names.get(digest, ()), entry=firsts.get(digest))
            for digest in {**firsts, **names}
            if digest not in own
        ),
    )


def _document(
    entry: Entry, names: Mapping[Digest, tuple[str, ...]]
) -> DigestFile | SavedSignature | Unreadable:
    header = entry.header
    digests = dict.fromkeys((header.source.hex(), header.payload.hex()))
    return read(header.index, entry.payload or b"", tuple(digests), names.get(header.source, ()))


def _names(ledger: Ledger, size: int) -> dict[Digest, tuple[str, ...]]:
    """Return the names under which sources were met by the time entry *size* was sealed."""
    until = ledger.entry(size - 1).header.sealed_at if size < ledger.size else None
    found: dict[Digest, tuple[str, ...]] = defaultdict(tuple)
    for source in ledger.sources():
        if until is None or source.recorded_at <= until:
            found[source.digest] += (source.name,)
    return dict(found)
