"""What the cut of a source yields, in the order of its bytes."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from analyzer.cloudtrail.record import Description

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from analyzer.cloudtrail.heads import Sort
    from ledger.entry import Step


class Slice(NamedTuple):
    """A record, verbatim.

    A named tuple, because hundreds of thousands of them are made in a second.

    Attributes:
        payload: its bytes.
        offset: where it, or its outermost wrapper, begins.
        unwrapping: how it came out of its wrappers, outermost first.
        description: what it says of itself.
    """

    payload: bytes
    offset: int
    unwrapping: tuple[Step, ...]
    description: Description


@dataclass(frozen=True, slots=True, kw_only=True)
class Slices:
    """Records of CloudTrail one behind the other, none of them in a wrapper, by columns.

    Attributes as of `Slice` and its description, one value for each record.
    """

    payloads: Sequence[bytes]
    offsets: Sequence[int]
    identities: Sequence[bytes]
    times: Sequence[int]
    sorts: Sequence[Sort]

    def at(self, places: Sequence[int]) -> Slices:
        """Some of them, by their places, ascending."""
        if len(places) == len(self.payloads):
            return self
        return Slices(
            payloads=[self.payloads[place] for place in places],
            offsets=[self.offsets[place] for place in places],
            identities=[self.identities[place] for place in places],
            times=[self.times[place] for place in places],
            sorts=[self.sorts[place] for place in places],
        )

    def each(self) -> Iterator[Slice]:
        """Yield them one by one."""
        columns = (self.payloads, self.offsets, self.identities, self.times, self.sorts)
        for payload, offset, identity, time, sort in zip(*columns, strict=True):
            about = Description(identity, time, sort.service, sort.event_name, sort.lane, sort.form)
            yield Slice(payload, offset, (), about)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reject:
    """Bytes that are no record: in a record's place, or torn. Attributes as of `Slice`."""

    payload: bytes
    offset: int
    unwrapping: tuple[Step, ...] = ()
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Flaw:
    """A place where the source itself is damaged; `offset` is None where all of it is amiss."""

    offset: int | None
    reason: str


class Topic(StrEnum):
    """What a remark is about."""

    NOT_EVENTS = "JSON that is not about events"
    PUBLIC_KEYS = "public keys of CloudTrail: they are no evidence, give them with --digest-keys"


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """Something worth telling that is neither a record nor wrong."""

    topic: Topic
    offset: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Voucher:
    """A document in which AWS vouches for log files: a digest file, or the signature of one.

    Attributes as of `Slice`; it is sealed verbatim and never taken for a record.
    """

    payload: bytes
    offset: int
    unwrapping: tuple[Step, ...] = ()


Item: TypeAlias = Slice | Reject | Voucher | Flaw | Remark


def one_by_one(items: Iterable[Item | Slices]) -> Iterator[Item]:
    """Yield items, with records that came together apart."""
    for item in items:
        if isinstance(item, Slices):
            yield from item.each()
        else:
            yield item
