"""Batch: candidates by columns, checked and hashed, before any ledger is looked at. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from ledger.admission import OFFERED, Candidate, full_identity
from ledger.columns import Columns, Numbers, steps_bytes, steps_number
from ledger.entry import MAX_NUMBER, MAX_PAYLOAD, Kind, Step, decode_steps, encode_steps
from ledger.errors import MalformedError
from ledger.hashing import DIGEST_BYTES, Digest, hasher
from ledger.packed import Packed
from ledger.prefixes import prefixes_of

NO_TIME: Final = -(1 << 63)
"""What stands for a time that no caller gave."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Batch:
    """Candidates by columns, with everything worked out that needs no ledger.

    May be made in another process, and travels between processes quickly: it holds no object for
    each candidate.

    Attributes:
        columns: what their headers will say.
        payloads: verbatim.
        digests: SHA-256 of the payloads, end to end.
        identities: as the caller gave them.
        prefixes: of the full identities.
        times: hints, or `NO_TIME`.
        notes: by place of the candidate, where there is one.
    """

    columns: Columns
    payloads: Packed
    digests: bytes
    identities: Packed
    prefixes: Numbers
    times: npt.NDArray[np.int64]
    notes: Mapping[int, str]

    def __len__(self) -> int:
        """How many candidates there are."""
        return len(self.payloads)

    def candidate(self, place: int) -> Candidate:
        """One of the candidates, as it was offered."""
        columns, time = self.columns, int(self.times[place])
        return Candidate(
            kind=Kind(int(columns.kinds[place])),
            source=columns.sources[int(columns.source[place])],
            position=int(columns.positions[place]),
            offset=int(columns.offsets[place]),
            payload=self.payloads[place],
            identity=self.identities[place],
            unwrapping=decode_steps(steps_bytes(int(columns.steps[place]))),
            time=None if time == NO_TIME else time,
            lane=int(columns.lanes[place]),
            note=self.notes.get(place),
        )

    def digest(self, place: int) -> bytes:
        """SHA-256 of the payload of one of the candidates."""
        return self.digests[place * DIGEST_BYTES : (place + 1) * DIGEST_BYTES]


def prepare(candidates: Sequence[Candidate], *, offered: Collection[Kind] = OFFERED) -> Batch:
    """Check and hash candidates.

    Args:
        candidates: what is to be sealed.
        offered: the kinds that they may have.

    Raises:
        MalformedError: a candidate has a value that no entry can hold.
    """
    fields = list(zip(*candidates, strict=True)) or [()] * len(Candidate._fields)
    kinds, sources, positions, offsets, payloads, identities, steps, times, lanes, notes = fields
    if not set(offered).issuperset(kinds):
        raise MalformedError(f"only kinds {sorted(offered)} can be offered")
    digests = _digests(payloads)
    return Batch(
        columns=_columns(
            kinds=kinds,
            sources=sources,
            positions=positions,
            offsets=offsets,
            payloads=payloads,
            steps=steps,
            lanes=lanes,
        ),
        payloads=Packed.of(payloads),
        digests=b"".join(digests),
        identities=Packed.of(identities),
        prefixes=prefixes_of(
            b"\x01" + identity if kind == Kind.RECORD else identity_of(candidate, digest)
            for kind, identity, candidate, digest in zip(
                kinds, identities, candidates, digests, strict=True
            )
        ),
        times=_numbers([NO_TIME if time is None else time for time in times], np.int64),
        notes={place: note for place, note in enumerate(notes) if note is not None},
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Records:
    """Many records of one source that lie in it without wrappers; attributes as of `Candidate`."""

    source: Digest
    positions: Sequence[int]
    offsets: Sequence[int]
    payloads: Sequence[bytes]
    identities: Sequence[bytes]
    times: Sequence[int]
    lanes: Sequence[int]
    unwrapping: tuple[Step, ...] = ()


def prepare_records(records: Records) -> Batch:
    """Check and hash records, as `prepare` does with a candidate for each of them.

    Raises:
        MalformedError: a record has a value that no entry can hold.
    """
    payloads, count = Packed.of(records.payloads), len(records.payloads)
    columns = Columns(
        kinds=np.full(count, Kind.RECORD, np.uint8),
        lanes=_numbers(records.lanes, np.uint8),
        steps=np.full(count, _spelled(records.unwrapping), np.uint64),
        sources=(records.source,),
        source=np.zeros(count, np.uint32),
        positions=_numbers(records.positions, np.uint64),
        offsets=_numbers(records.offsets, np.uint64),
        lengths=payloads.lengths,
    )
    return Batch(
        columns=_checked(columns),
        payloads=payloads,
        digests=b"".join(_digests(records.payloads)),
        identities=Packed.of(records.identities),
        prefixes=prefixes_of([b"\x01" + identity for identity in records.identities]),
        times=_numbers(records.times, np.int64),
        notes={},
    )


def join(batches: Sequence[Batch]) -> Batch:
    """Put batches one behind the other; at least one."""
    if len(batches) == 1:
        return batches[0]
    starts = np.cumsum([0, *map(len, batches)]).tolist()
    return Batch(
        columns=Columns.joined([batch.columns for batch in batches]),
        payloads=Packed.joined([batch.payloads for batch in batches]),
        digests=b"".join([batch.digests for batch in batches]),
        identities=Packed.joined([batch.identities for batch in batches]),
        prefixes=np.concatenate([batch.prefixes for batch in batches]),
        times=np.concatenate([batch.times for batch in batches]),
        notes={
            start + place: note
            for start, batch in zip(starts, batches, strict=False)
            for place, note in batch.notes.items()
        },
    )


def _digests(payloads: Sequence[bytes]) -> list[bytes]:
    new = hasher
    return [new(payload).digest() for payload in payloads]


def identity_of(candidate: Candidate, digest: bytes) -> bytes:
    """The full identity of a candidate whose payload has this SHA-256."""
    return full_identity(
        candidate.kind,
        candidate.identity,
        source=candidate.source,
        position=candidate.position,
        offset=candidate.offset,
        payload=digest,
    )


def _columns(
    *,
    kinds: Sequence[int],
    sources: Sequence[Digest],
    positions: Sequence[int],
    offsets: Sequence[int],
    payloads: Sequence[bytes],
    steps: Sequence[tuple[Step, ...]],
    lanes: Sequence[int],
) -> Columns:
    distinct = {source: which for which, source in enumerate(dict.fromkeys(sources))}
    spelled = {each: _spelled(each) for each in set(steps)}
    return _checked(
        Columns(
            kinds=_numbers(kinds, np.uint8),
            lanes=_numbers(lanes, np.uint8),
            steps=_numbers([spelled[each] for each in steps], np.uint64),
            sources=tuple(distinct),
            source=_numbers([distinct[source] for source in sources], np.uint32),
            positions=_numbers(positions, np.uint64),
            offsets=_numbers(offsets, np.uint64),
            lengths=_numbers([len(payload) for payload in payloads], np.uint64),
        )
    )


def _spelled(steps: tuple[Step, ...]) -> int:
    return steps_number(encode_steps(steps))


def _numbers(numbers: Sequence[int], dtype: npt.DTypeLike) -> npt.NDArray[Any]:
    try:
        return np.array(numbers, dtype)
    except OverflowError as error:
        raise MalformedError(f"a number of a candidate does not fit: {error}") from error


def _checked(columns: Columns) -> Columns:
    """Refuse what no header can hold."""
    if any(len(source) != DIGEST_BYTES for source in columns.sources):
        raise MalformedError(f"a source's digest has {DIGEST_BYTES} bytes")
    if max(columns.positions.max(initial=0), columns.offsets.max(initial=0)) > MAX_NUMBER:
        raise MalformedError("position and offset are whole numbers below 2^63")
    if columns.lengths.max(initial=0) > MAX_PAYLOAD:
        raise MalformedError(f"a payload is longer than {MAX_PAYLOAD} bytes")
    return columns
