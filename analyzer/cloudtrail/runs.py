"""Whole stretches of a text, split by msgspec at ten times the rate of following its structure.

A stretch is guessed and then decoded strictly: where that works, the guess was right, because JSON
has one reading only. Where it does not, nothing is known, and the careful way is taken.
"""

from __future__ import annotations

from itertools import accumulate
from operator import add
from typing import TYPE_CHECKING, Final, NamedTuple

import msgspec

from analyzer.cloudtrail.descriptions import describe_all
from analyzer.cloudtrail.slices import Slices

if TYPE_CHECKING:
    from analyzer.cloudtrail.window import Window

_RUN: Final = 4 << 20
"""Bytes split at once."""
_ALIKE: Final = 10
"""Bytes in which the records of one file begin alike, as `{"eventVer`."""

_list = msgspec.json.Decoder(list[msgspec.Raw])
_lines = msgspec.json.Decoder(msgspec.Raw)


class Run(NamedTuple):
    """Values one behind the other.

    Attributes:
        data: the bytes in which they lie.
        start: index of the first one.
        end: index behind the last one.
        values: their bytes; empty where the guess was wrong.
    """

    data: bytes
    start: int
    end: int
    values: list[msgspec.Raw]


def run_of_elements(window: Window, at: int) -> Run:
    """Split the elements of a list from *at* to its end, or as far as a run goes."""
    start = window.show(at, _RUN)
    data = window.data
    stop = min(len(data), start + _RUN)
    if window.is_last and stop == len(data):
        end = data.rfind(b"]", start, stop)
    else:
        # What a record lists does not begin like a record, and so does not mislead this guess.
        end = data.rfind(b"}," + data[start : start + _ALIKE], start, stop) + 1
    try:
        values = _list.decode(_bracketed(data, start, end)) if end > start else []
    except (msgspec.MsgspecError, RecursionError):
        values = []
    return Run(data, start, end, values)


def run_of_lines(window: Window, at: int) -> Run:
    """Split the documents from *at* to the end of the text, or as far as a run goes."""
    start = window.show(at, _RUN)
    data = window.data
    end = min(len(data), start + _RUN)
    if not window.is_last or end < len(data):
        end = data.rfind(b"\n", start, end)
    try:
        values = _lines.decode_lines(memoryview(data)[start:end]) if end > start else []
    except (msgspec.MsgspecError, RecursionError):
        values = []
    return Run(data, start, end, values)


def slices_of(run: Run, base: int, *, is_list: bool) -> Slices | None:
    """Describe all that lies in a run at once.

    Args:
        run: of elements, or of lines.
        base: offset of its data in the text.
        is_list: whether it is of elements.

    Returns:
        None where something in it is no ordinary record of CloudTrail, or is set apart by more than
        one byte.
    """
    payloads = list(map(bytes, run.values))
    ends = list(accumulate(map(len, payloads)))
    # Nothing but blanks lies behind the last brace, and at least a byte between two values: where
    # the sum is this one, it is one byte each time.
    last = run.data.rfind(b"}", run.start, run.end) + 1
    is_tight = run.data[run.start : run.start + 1] == b"{" and payloads
    if not is_tight or last - run.start != ends[-1] + len(ends) - 1:
        return None
    if is_list:
        text = _bracketed(run.data, run.start, run.end)
    else:
        text = memoryview(run.data)[run.start : run.end]
    found = describe_all(text, payloads, is_list=is_list)
    if found is None:
        return None
    starts = map(add, range(base + run.start, base + run.end), [0, *ends[:-1]])
    return Slices(
        payloads=payloads,
        offsets=list(starts),
        identities=found.identities,
        times=found.times,
        sorts=found.sorts,
    )


def _bracketed(data: bytes, start: int, end: int) -> bytes | memoryview:
    """Show a stretch of elements as a list; without a copy, where it is one."""
    if data[start - 1 : start] == b"[" and data[end : end + 1] == b"]":
        return memoryview(data)[start - 1 : end + 1]
    return b"[%b]" % data[start:end]
