"""Batch: candidates by columns, checked and hashed, before any ledger is looked at. Pure."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np

from ledger.admission import OFFERED, Candidate, full_identity
from ledger.columns import Columns, Numbers, steps_bytes, steps_number
from ledger.entry import MAX_NUMBER, MAX_PAYLOAD, Kind, Step, decode_steps, encode_steps
from ledger.errors import MalformedError
from ledger.hashing import DIGEST_BYTES, Digest, hasher
from ledger.identities import prefixes_of


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Batch:
    """Candidates by columns, with everything worked out that needs no ledger.

    May be made in another process, and travels between processes quickly.

    Attributes:
        columns: what their headers will say.
        payloads: verbatim.
        digests: SHA-256 of the payloads.
        identities: as the caller gave them.
        prefixes: of the full identities.
        times: hints, or None.
        notes: or None.
    """

    columns: Columns
    payloads: Sequence[bytes]
    digests: Sequence[bytes]
    identities: Sequence[bytes]
    prefixes: Numbers
    times: Sequence[int | None]
    notes: Sequence[str | None]

    def __len__(self) -> int:
        """How many candidates there are."""
        return len(self.payloads)

    def candidate(self, place: int) -> Candidate:
        """One of the candidates, as it was offered."""
        columns = self.columns
        return Candidate(
            kind=Kind(int(columns.kinds[place])),
            source=columns.sources[int(columns.source[place])],
            position=int(columns.positions[place]),
            offset=int(columns.offsets[place]),
            payload=self.payloads[place],
            identity=self.identities[place],
            unwrapping=decode_steps(steps_bytes(int(columns.steps[place]))),
            time=self.times[place],
            lane=int(columns.lanes[place]),
            note=self.notes[place],
        )


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
    new = hasher
    digests = [new(payload).digest() for payload in payloads]
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
        payloads=payloads,
        digests=digests,
        identities=identities,
        prefixes=prefixes_of(
            b"\x01" + identity if kind == Kind.RECORD else identity_of(candidate, digest)
            for kind, identity, candidate, digest in zip(
                kinds, identities, candidates, digests, strict=True
            )
        ),
        times=times,
        notes=notes,
    )


def join(batches: Sequence[Batch]) -> Batch:
    """Put batches one behind the other; at least one."""
    if len(batches) == 1:
        return batches[0]
    return Batch(
        columns=Columns.joined([batch.columns for batch in batches]),
        payloads=[one for batch in batches for one in batch.payloads],
        digests=[one for batch in batches for one in batch.digests],
        identities=[one for batch in batches for one in batch.identities],
        prefixes=np.concatenate([batch.prefixes for batch in batches]),
        times=[one for batch in batches for one in batch.times],
        notes=[one for batch in batches for one in batch.notes],
    )


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
    if any(len(source) != DIGEST_BYTES for source in distinct):
        raise MalformedError(f"a source's digest has {DIGEST_BYTES} bytes")
    spelled = {each: steps_number(encode_steps(each)) for each in set(steps)}
    try:
        columns = Columns(
            kinds=np.array(kinds, np.uint8),
            lanes=np.array(lanes, np.uint8),
            steps=np.array([spelled[each] for each in steps], np.uint64),
            sources=tuple(distinct),
            source=np.array([distinct[source] for source in sources], np.uint32),
            positions=np.array(positions, np.uint64),
            offsets=np.array(offsets, np.uint64),
            lengths=np.array([len(payload) for payload in payloads], np.uint64),
        )
    except OverflowError as error:
        raise MalformedError(f"a number of a candidate does not fit: {error}") from error
    if max(columns.positions.max(initial=0), columns.offsets.max(initial=0)) > MAX_NUMBER:
        raise MalformedError("position and offset are whole numbers below 2^63")
    if columns.lengths.max(initial=0) > MAX_PAYLOAD:
        raise MalformedError(f"a payload is longer than {MAX_PAYLOAD} bytes")
    return columns
