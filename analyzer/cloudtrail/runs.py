"""Whole stretches of a text, split by msgspec at ten times the rate of following its structure.

A stretch is guessed and then decoded strictly: where that works, the guess was right, because JSON
has one reading only. Where it does not, nothing is known, and the careful way is taken.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import msgspec

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


def _bracketed(data: bytes, start: int, end: int) -> bytes | memoryview:
    """Show a stretch of elements as a list; without a copy, where it is one."""
    if data[start - 1 : start] == b"[" and data[end : end + 1] == b"]":
        return memoryview(data)[start - 1 : end + 1]
    return b"[%b]" % data[start:end]
