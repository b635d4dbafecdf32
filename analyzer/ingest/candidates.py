"""Candidates: what the cut of a source yields, as the ledger wants it offered."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from analyzer.cloudtrail.record import Lane
from ledger.admission import Candidate
from ledger.batch import Records
from ledger.entry import Kind, Step
from ledger.hashing import Digest

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from analyzer.cloudtrail.body import Body
    from analyzer.cloudtrail.slices import Reject, Slice, Slices, Voucher

_ENCODINGS: Final = {
    None: (),
    "utf-16-le": (Step.UTF16_LE,),
    "utf-16-be": (Step.UTF16_BE,),
}


class Shape(NamedTuple):
    """What the candidates of one source have in common.

    Attributes:
        digest: of the inflated source.
        encoding: of the source's text.
        origin: turns an offset in the text into one in the inflated bytes.
    """

    digest: Digest
    encoding: tuple[Step, ...]
    origin: Callable[[int], int]

    @classmethod
    def of(cls, body: Body) -> Shape:
        """Return the shape of a source that was read."""
        return cls(Digest(body.digest), _ENCODINGS[body.encoding], body.origin)

    def record(self, item: Slice, position: int) -> Candidate:
        """Offer a record."""
        event = item.description
        return Candidate(
            kind=Kind.RECORD,
            source=self.digest,
            position=position,
            offset=self.origin(item.offset),
            payload=item.payload,
            identity=event.identity,
            unwrapping=self.encoding + item.unwrapping,
            time=event.time,
            lane=event.lane,
        )

    def records(self, slices: Slices, positions: Sequence[int]) -> Records:
        """Offer records that lie one behind the other."""
        return Records(
            source=self.digest,
            positions=positions,
            offsets=list(map(self.origin, slices.offsets)) if self.encoding else slices.offsets,
            payloads=slices.payloads,
            identities=slices.identities,
            times=slices.times,
            lanes=[sort.lane for sort in slices.sorts],
            unwrapping=self.encoding,
        )

    def rejected(self, item: Reject, position: int) -> Candidate:
        """Offer what is no record, so that it is kept."""
        return Candidate(
            kind=Kind.REJECT,
            source=self.digest,
            position=position,
            offset=self.origin(item.offset),
            payload=item.payload,
            unwrapping=self.encoding + item.unwrapping,
            lane=Lane.REJECTS,
            note=item.reason,
        )

    def voucher(self, item: Voucher, position: int) -> Candidate:
        """Offer a document in which AWS vouches for log files."""
        return Candidate(
            kind=Kind.DIGEST,
            source=self.digest,
            position=position,
            offset=self.origin(item.offset),
            payload=item.payload,
            unwrapping=self.encoding + item.unwrapping,
            lane=Lane.VOUCHERS,
        )
