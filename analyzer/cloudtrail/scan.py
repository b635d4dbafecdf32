"""JSON's structure without decoding it: where a value ends, which members and elements it has.

Structure is checked strictly, because the first place where it breaks is where damage shows: a
missing brace is noticed at the next name or comma. What stands in a text or number is not judged
here, so that a record with a raw control character is still *one* record, to be rejected alone.

Each byte is looked at a fixed number of times and nothing recurses, whatever the bytes are.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

_BLANK = rb"[ \t\n\r]*+"
_TEXT = rb'"[^"\\]*+(?:\\[\x00-\xff][^"\\]*+)*+"'
_SCALAR = rb"(?:" + _TEXT + rb"|[-+.\w']++)"
_NAMED = _BLANK + _TEXT + _BLANK + rb":" + _BLANK
_PLAIN_MEMBERS = rb"(?:" + _NAMED + _SCALAR + _BLANK + rb",)*+"
_PLAIN_ELEMENTS = rb"(?:" + _BLANK + _SCALAR + _BLANK + rb",)*+"
# Up to the next bracket, which is the last byte of the match: a value that opens, or the end.
_IN_OBJECT = _PLAIN_MEMBERS + _NAMED + rb"(?:[{\[]|" + _SCALAR + _BLANK + rb"\})"
_IN_ARRAY = _PLAIN_ELEMENTS + _BLANK + rb"(?:[{\[]|" + _SCALAR + _BLANK + rb"\])"

_OBJECT, _ARRAY = b"{["
_FIRST: Final = {
    _OBJECT: re.compile(_BLANK + rb"\}|" + _IN_OBJECT),
    _ARRAY: re.compile(_BLANK + rb"\]|" + _IN_ARRAY),
}
_NEXT: Final = {
    _OBJECT: re.compile(_BLANK + rb"(?:\}|," + _IN_OBJECT + rb")"),
    _ARRAY: re.compile(_BLANK + rb"(?:\]|," + _IN_ARRAY + rb")"),
}
# As far as the structure is right: to place the fault that made the patterns above fail.
_RIGHT: Final = {
    _OBJECT: re.compile(
        _BLANK + rb",?+" + _PLAIN_MEMBERS
        + _BLANK + rb"(?:" + _TEXT + _BLANK + rb"(?::" + _BLANK + rb"(?:" + _SCALAR + _BLANK
        + rb")?+)?+)?+"
    ),
    _ARRAY: re.compile(
        _BLANK + rb",?+" + _PLAIN_ELEMENTS + _BLANK + rb"(?:" + _SCALAR + _BLANK + rb")?+"
    ),
}  # fmt: skip
_UNENDED_TEXT = re.compile(rb'"[^"\\]*+(?:\\[\x00-\xff][^"\\]*+)*+\\?+')
_VALUE = re.compile(_SCALAR)
NAME: Final = re.compile(_BLANK + rb"(" + _TEXT + rb")" + _BLANK + rb":" + _BLANK)
"""A member's name, as spelled, and everything up to its value."""
_SEPARATOR = re.compile(_BLANK + rb",?" + _BLANK)


class Extent(NamedTuple):
    """How far a value reaches.

    Attributes:
        end: one past its last byte; -1 where it does not end.
        fault: where the structure breaks; only where `end` is -1.
        is_cut_short: the bytes ended before the value did, and nothing was wrong until there.
        open: where the brackets begin that were open at the fault, outermost first.
    """

    end: int
    fault: int = -1
    is_cut_short: bool = False
    open: tuple[int, ...] = ()


class Member(NamedTuple):
    """One member of an object: its name as spelled (quotes included) and where its value lies."""

    name: bytes
    start: int
    end: int


def measure(data: bytes, start: int, stop: int | None = None) -> Extent:
    """Find the end of the value that starts at *start*; bytes from *stop* on do not exist.

    A bracket that opens must be the byte at *start*, or the first byte of a text, number or word.
    """
    stop = len(data) if stop is None else stop
    kind = data[start]
    if kind not in _FIRST:
        return _measure_scalar(data, start, stop)
    open_at = [start]
    position = start + 1
    found = _FIRST[kind].match(data, position, stop)
    while found:
        position = found.end()
        last = data[position - 1]
        if last in _FIRST:
            open_at.append(position - 1)
            kind = last
            found = _FIRST[kind].match(data, position, stop)
        else:
            open_at.pop()
            if not open_at:
                return Extent(position)
            kind = data[open_at[-1]]
            found = _NEXT[kind].match(data, position, stop)
    return _place_fault(data, position, stop, open_at)


def members(data: bytes, start: int = 0) -> Iterator[Member]:
    """Walk over the members of the object at *start*, duplicates included.

    The object must have been measured before.
    """
    position = start + 1
    while found := NAME.match(data, position):
        end = measure(data, found.end()).end
        yield Member(found[1], found.end(), end)
        position = _after_separator(data, end)


def elements(data: bytes, start: int = 0) -> Iterator[tuple[int, int]]:
    """Walk over the elements of the array at *start* as (start, end).

    The array must have been measured before.
    """
    position = _after_separator(data, start + 1)
    while data[position : position + 1] not in (b"]", b""):
        end = measure(data, position).end
        yield position, end
        position = _after_separator(data, end)


def _after_separator(data: bytes, position: int) -> int:
    found = _SEPARATOR.match(data, position)
    return found.end() if found else position


def _measure_scalar(data: bytes, start: int, stop: int) -> Extent:
    found = _VALUE.match(data, start, stop)
    if found:
        return Extent(found.end())
    return _place_fault(data, start, stop, [])


def _place_fault(data: bytes, position: int, stop: int, open_at: list[int]) -> Extent:
    if open_at:
        right = _RIGHT[data[open_at[-1]]].match(data, position, stop)
        position = right.end() if right else position
    unended = _UNENDED_TEXT.match(data, position, stop)
    fault = unended.end() if unended else position
    return Extent(-1, fault, fault >= stop, tuple(open_at))
