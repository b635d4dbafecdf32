"""Belonging: of which account and Region a record is, where its source's place does not say."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import BinaryIO, Final

from analyzer.cloudtrail.body import read_body
from analyzer.cloudtrail.cut import cut
from analyzer.cloudtrail.errors import SourceError
from analyzer.cloudtrail.slices import Flaw, Reject, Remark, Slice, Voucher
from analyzer.cloudtrail.sources import Source
from analyzer.ingest.opening import MAX_INFLATED, Opening
from analyzer.reader import read
from analyzer.s3.access import Access

NOWHERE: Final = "unplaced"
"""Where goes what names no account and Region: rejects, vouchers, rows of describe-events."""

_NAMED = re.compile(r"\d{12}/[a-z0-9-]{1,64}\Z", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Belonging:
    """What one ledger takes of sources that hold records of several.

    Attributes:
        name: `ACCOUNT/REGION`, or `NOWHERE`.
    """

    name: str

    def takes(self, item: Slice | Reject | Voucher) -> bool:
        """Whether a piece of a source is this ledger's."""
        return name_of(item) == self.name


def name_of(item: Slice | Reject | Voucher) -> str:
    """Return the `ACCOUNT/REGION` of which a piece of a source tells, or `NOWHERE`."""
    record = read(0, item.payload) if isinstance(item, Slice) else None
    if record is None:
        return NOWHERE
    name = f"{record.evidence.account}/{record.evidence.region}"
    return name if _NAMED.match(name) else NOWHERE


def names_in(source: Source, access: Access) -> frozenset[str]:
    """Return the names of all records in a source; none where it cannot be read, or holds none."""
    with Opening([source], access, None) as opening:
        try:
            opened = opening.open(source)
            return frozenset() if opened.stream is None else _names(source, opened.stream)
        except SourceError:
            return frozenset()


def _names(source: Source, stream: BinaryIO) -> frozenset[str]:
    with stream:
        body = read_body(
            stream,
            max_inflated=MAX_INFLATED,
            on_read=lambda _count: None,
            may_stay=source.path is not None,
        )
    try:
        pieces = (one for one in cut(body.text) if not isinstance(one, Flaw | Remark))
        return frozenset(map(name_of, pieces))
    finally:
        body.close()
