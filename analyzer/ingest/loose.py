"""Loose records: what a file holds, read for a question and never sealed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from analyzer.cloudtrail.body import read_body
from analyzer.cloudtrail.cut import cut
from analyzer.cloudtrail.errors import SourceError
from analyzer.cloudtrail.slices import Remark, Slice, Voucher
from analyzer.cloudtrail.sources import find_sources, open_source

MAX_INFLATED: Final = 64 << 20
"""Bytes to which one such file may inflate."""


def loose_records(arguments: Sequence[str]) -> list[bytes]:
    """Return the verbatim payloads of every record in some files.

    Raises:
        SourceError: a file cannot be read, is damaged, or holds no record; its name is told.
    """
    return [payload for argument in arguments for payload in _of_argument(argument)]


def _of_argument(argument: str) -> Iterator[bytes]:
    for source in find_sources([argument]):
        try:
            with open_source(source, None) as stream:
                body = read_body(stream, max_inflated=MAX_INFLATED, on_read=_tell_nobody)
                items = list(cut(body.text))
                body.close()
        except SourceError as error:
            raise SourceError(f"{source.name}: {error.detail}") from error
        amiss = [item for item in items if not isinstance(item, Slice | Voucher | Remark)]
        if amiss or body.faults:
            detail = amiss[0].reason if amiss else str(body.faults[0].reason)
            raise SourceError(f"{source.name}: {detail}")
        payloads = [item.payload for item in items if isinstance(item, Slice)]
        if not payloads:
            raise SourceError(f"{source.name}: there is no record in it")
        yield from payloads


def _tell_nobody(_count: int) -> None:
    pass
