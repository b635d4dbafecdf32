"""Writer: candidates to segments. Pure: the store reads what is known and writes what comes out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import compress
from typing import Final

import numpy as np
import numpy.typing as npt

from ledger.admission import (
    Admission,
    Admit,
    Candidate,
    Conflict,
    Content,
    Duplicate,
    Identify,
    Known,
    decide,
    full_identity,
)
from ledger.batch import Batch, identity_of
from ledger.columns import Columns, Numbers
from ledger.entry import Entry, Header, Kind
from ledger.hashing import Digest, sha256
from ledger.identities import prefixes_of_digests
from ledger.leaves import chain, spelled
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
        times: those that callers gave for its entries.
    """

    row: SegmentRow
    frames: Mapping[int, bytes]
    leaves: Sequence[bytes]
    times: Sequence[int]


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
) -> tuple[Admission, ...]:
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
        identity = identity_of(candidate, batch.digests[place])
        found = [sealed[index] for index in hits.get(place, ())]
        known = [*_known(found, candidate, identity, identify), *fresh.get(identity, ())]
        at = size + place - dropped
        admission = decide(known, candidate, at=at, content=content)
        decided[place] = admission
        if isinstance(admission, Duplicate):
            dropped += 1
        else:
            fresh.setdefault(identity, []).append(Known(at, candidate.payload))
    return _number(len(batch), decided, size)


def seal(
    batch: Batch,
    admissions: Sequence[Admission],
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
    admitted = is_new(admissions)
    columns = _admitted_columns(batch, admissions)
    payloads = list(compress(batch.payloads, admitted))
    digests = list(compress(batch.digests, admitted))
    times = list(compress(batch.times, admitted))
    for start, stop in cuts(columns.lengths):
        part = columns.at(slice(start, stop))
        indexes = np.arange(size + start, size + stop)
        leaves = chain(spelled(indexes, sealed_at, part, b"".join(digests[start:stop])), link)
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
            frames=pack_frames(part.lanes, payloads[start:stop]),
            leaves=leaves,
            times=[time for time in times[start:stop] if time is not None],
        )


def is_new(admissions: Sequence[Admission]) -> npt.NDArray[np.bool_]:
    """Which candidates were sealed."""
    return np.array([not isinstance(admission, Duplicate) for admission in admissions], bool)


def notes(batch: Batch, admissions: Sequence[Admission]) -> dict[int, str]:
    """Notes on those candidates that were sealed, by index."""
    return {
        admission.index: note
        for note, admission in zip(batch.notes, admissions, strict=True)
        if note is not None and not isinstance(admission, Duplicate)
    }


def _admitted_columns(batch: Batch, admissions: Sequence[Admission]) -> Columns:
    kept = [each for each in admissions if not isinstance(each, Duplicate)]
    columns = batch.columns.at(is_new(admissions))
    columns.kinds[[isinstance(each, Conflict) for each in kept]] = Kind.CONFLICT
    return columns


def _repeated(prefixes: Numbers) -> set[int]:
    """Places of candidates whose prefix another candidate of the batch has too."""
    order = np.argsort(prefixes, kind="stable")
    equal = np.flatnonzero(prefixes[order][1:] == prefixes[order][:-1])
    return set(order[np.union1d(equal, equal + 1)].tolist())


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


def _number(count: int, decided: Mapping[int, Admission], size: int) -> tuple[Admission, ...]:
    """Give those that nobody had to look at the indexes between those that were decided."""
    if not decided:
        return tuple([Admit(index) for index in range(size, size + count)])
    admissions: list[Admission] = []
    at = size
    for place in range(count):
        admission = decided.get(place) or Admit(at)
        at += not isinstance(admission, Duplicate)
        admissions.append(admission)
    return tuple(admissions)
