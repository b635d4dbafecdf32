"""Writer: candidates to segments. Pure: the store reads what is known and writes what comes out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from ledger.admission import (
    Admission,
    Candidate,
    Content,
    Duplicate,
    Identify,
    Known,
    decide,
    full_identity,
)
from ledger.admissions import Admissions
from ledger.batch import NO_TIME, Batch, identity_of
from ledger.columns import Columns, Numbers
from ledger.entry import Entry, Header, Kind
from ledger.hashing import DIGEST_BYTES, Digest, sha256
from ledger.leaves import chain, spelled
from ledger.prefixes import prefixes_of_digests
from ledger.segment import SegmentRow, cuts, pack_columns, pack_frames

Pick = Callable[[Iterable[int]], Iterator[Entry]]
"""Sealed entries by ascending index."""

RECORDS: Final = frozenset({Kind.RECORD, Kind.CONFLICT})


@dataclass(frozen=True, slots=True, kw_only=True)
class Sealing:
    """A segment that is ready to be stored.

    Attributes:
        row: the segment.
        frames: its payloads by lane.
        leaves: of its entries.
        times: the earliest and the latest that callers gave for its entries; None without any.
    """

    row: SegmentRow
    frames: Mapping[int, bytes]
    leaves: Sequence[bytes]
    times: tuple[int, int] | None


def prefixes_of_entries(entries: Iterable[Entry], identify: Identify) -> Numbers:
    """The identity prefixes of sealed entries, re-derived from what is sealed."""
    return prefixes_of_digests(_identity_digest(entry, identify) for entry in entries)


def judge(
    batch: Batch,
    hits: Mapping[int, Sequence[int]],
    *,
    size: int,
    pick: Pick,
    identify: Identify,
    content: Content,
) -> Admissions:
    """Decide for every candidate of a batch, in order.

    Only suspects are looked at one by one: those with a hit in the index, and those whose prefix
    comes twice in the batch.

    Args:
        batch: what is offered.
        hits: place of a candidate to sealed entries that may share its identity.
        size: entries sealed so far; the first one admitted gets this index.
        pick: reads sealed entries.
        identify: re-derives the identity of a record.
        content: digest of what a record says.
    """
    suspects = sorted(hits.keys() | _repeated(batch.prefixes))
    sealed = {entry.header.index: entry for entry in pick(sorted(set().union(*hits.values())))}
    fresh: dict[bytes, list[Known]] = {}
    decided: dict[int, Admission] = {}
    dropped = 0
    for place in suspects:
        candidate = batch.candidate(place)
        identity = identity_of(candidate, batch.digest(place))
        found = [sealed[index] for index in hits.get(place, ())]
        known = [*_known(found, candidate, identity, identify), *fresh.get(identity, ())]
        at = size + place - dropped
        admission = decide(known, candidate, at=at, content=content)
        decided[place] = admission
        if isinstance(admission, Duplicate):
            dropped += 1
        else:
            fresh.setdefault(identity, []).append(Known(at, candidate.payload))
    return Admissions(size, len(batch), decided)


def seal(
    batch: Batch,
    admissions: Admissions,
    *,
    size: int,
    link: Digest,
    sealed_at: int,
) -> Iterator[Sealing]:
    """Chain what was admitted to the ledger's end and lay it out in segments.

    Args:
        batch: what was offered.
        admissions: the decision on each candidate.
        size: entries sealed so far.
        link: leaf of the last of them.
        sealed_at: microseconds since the epoch.
    """
    admitted = np.flatnonzero(admissions.is_new)
    columns = _admitted_columns(batch, admissions)
    digests = np.frombuffer(batch.digests, f"V{DIGEST_BYTES}")[admitted]
    for start, stop in cuts(columns.lengths):
        part, places = columns.at(slice(start, stop)), admitted[start:stop]
        indexes = np.arange(size + start, size + stop)
        leaves = chain(spelled(indexes, sealed_at, part, digests[start:stop].tobytes()), link)
        row = SegmentRow(
            first=size + start,
            count=stop - start,
            sealed_at=sealed_at,
            previous=link,
            link=Digest(leaves[-1]),
            columns=pack_columns(part),
        )
        link = row.link
        yield Sealing(
            row=row,
            frames=pack_frames(part.lanes, batch.payloads, places),
            leaves=leaves,
            times=_range(batch.times[places]),
        )


def notes(batch: Batch, admissions: Admissions) -> dict[int, str]:
    """Notes on those candidates that were sealed, by index."""
    sealed = ((admissions[place], note) for place, note in batch.notes.items())
    return {
        admission.index: note for admission, note in sealed if not isinstance(admission, Duplicate)
    }


def _admitted_columns(batch: Batch, admissions: Admissions) -> Columns:
    columns = batch.columns.at(admissions.is_new)
    columns.kinds[admissions.is_conflict[admissions.is_new]] = Kind.CONFLICT
    return columns


def _range(times: npt.NDArray[np.int64]) -> tuple[int, int] | None:
    given = times[times != NO_TIME]
    return (int(given.min()), int(given.max())) if len(given) else None


def _repeated(prefixes: Numbers) -> set[int]:
    """Places of candidates whose prefix another candidate of the batch has too."""
    order = np.argsort(prefixes, kind="stable")
    equal = np.flatnonzero(prefixes[order][1:] == prefixes[order][:-1])
    return {*order[equal].tolist(), *order[equal + 1].tolist()}


def sealed_identity(header: Header, payload: bytes, identify: Identify) -> bytes:
    """The full identity of a sealed entry, re-derived from its bytes."""
    is_record = header.kind in RECORDS
    return full_identity(
        header.kind,
        identify(payload) if is_record else b"",
        source=header.source,
        position=header.position,
        offset=header.offset,
        payload=header.payload,
    )


def _identity_digest(entry: Entry, identify: Identify) -> Digest:
    if entry.erased is not None:
        return entry.erased.redaction.identity
    return sha256(sealed_identity(entry.header, entry.payload or b"", identify))


def _known(
    entries: Iterable[Entry], candidate: Candidate, identity: bytes, identify: Identify
) -> Iterator[Known]:
    """Those of the entries that have the candidate's full identity."""
    for entry in entries:
        if entry.erased is not None:
            redaction = entry.erased.redaction
            if redaction.identity == sha256(identity):
                yield Known(entry.header.index, None, redaction)
            continue
        # Identity follows from the payload: where that is equal, it need not be derived.
        both_records = entry.header.kind in RECORDS and candidate.kind is Kind.RECORD
        is_same = both_records and entry.payload == candidate.payload
        if is_same or _identity_digest(entry, identify) == sha256(identity):
            yield Known(entry.header.index, entry.payload)
