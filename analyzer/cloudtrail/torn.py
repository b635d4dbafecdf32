"""Damage in a text: where it goes on behind it, and what lies in between.

A record begins at a `{` whose object closes and is a record, or holds one. That is tried for every
`{` behind the damage, whatever the quotes before it say: a file may begin inside a text, with all
quotes inverted. Two rules keep the result honest and the time linear:

* An object that a name precedes, and a further name or brace follows, is a member of something torn
  (an encryption context, whose content is the caller's to choose) and never taken for a record.
* An object found open where an earlier attempt failed fails there too, and is not tried again.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from analyzer.cloudtrail import scan
from analyzer.cloudtrail.slices import Slice
from analyzer.cloudtrail.unwrap import Piece, unwrap

if TYPE_CHECKING:
    from collections.abc import Iterator

    from analyzer.cloudtrail.window import Window

MAX_VALUE: Final = 16 << 20
"""Bytes of one value; CloudTrail's own limit for a record is a fraction of a megabyte."""
MAX_REGION: Final = 16 << 20
"""Bytes of a damaged region that are kept as one reject; a larger one is split."""
HEAD: Final = re.compile(rb'\{[ \t\n\r]*+"(?:Records|Events)"[ \t\n\r]*+:[ \t\n\r]*+\[')
"""How a document begins whose list of records is taken element by element."""

_LOOK: Final = 1 << 20
_NEAR: Final = 256
_ALIKE: Final = 10
"""Bytes in which the records of one file begin alike, as `{"eventVer`."""
_BEGIN = re.compile(rb'\{[ \t\n\r]{0,64}+["}]')
_MEMBER_NAME = re.compile(rb'"([A-Za-z0-9_.\-]{1,64})"[ \t\n\r]{0,64}:[ \t\n\r]{0,64}\Z')
_FOLLOWED_BY_MEMBER = re.compile(rb'[ \t\n\r]{0,64}+(?:,[ \t\n\r]{0,64}+"|\})')
_WRAPPER_NAMES: Final = frozenset({b"detail", b"cloudtrail", b"aws.cloudtrail", b"CloudTrailEvent"})
_NEW_LINE = re.compile(rb"\n(?=[^ \t\r\n}\],\"\0])")
_MOST_LINES: Final = 1000
_WASTE: Final = 8
"""How many times over the bytes behind the damage may be looked at in vain."""
_BETWEEN: Final = b" \t\r\n\0,"

STAMP: Final = re.compile(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?Z[ \t]{1,9}(?=\{)")
"""In front of each record in a file that CloudWatch Logs exported."""
_STAMP_BEFORE = re.compile(STAMP.pattern.replace(rb"(?=\{)", rb"\Z"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Tear:
    """A damaged region.

    Attributes:
        start: its first byte.
        end: where the text goes on.
        fault: where the structure broke.
        reason: how.
    """

    start: int
    end: int
    fault: int
    reason: str


def measure(window: Window, at: int) -> scan.Extent:
    """Measure the value at an offset of the text; the extent is in offsets of the text too."""
    size = _LOOK
    while True:
        start = window.show(at, size)
        stop = min(len(window.data), start + MAX_VALUE)
        extent = scan.measure(window.data, start, stop)
        is_all = stop < len(window.data) or window.is_last or stop - start >= MAX_VALUE
        # A number or word may go on behind what is in sight.
        if is_all or not (extent.is_cut_short or extent.end == stop):
            break
        size = min(4 * (stop - start), MAX_VALUE)
    if extent.end >= 0:
        return scan.Extent(extent.end + window.base)
    opened = tuple(place + window.base for place in extent.open)
    return scan.Extent(-1, extent.fault + window.base, extent.is_cut_short, opened)


def tear(window: Window, start: int, extent: scan.Extent) -> Tear:
    """Find out how far a damaged region reaches that begins at *start*.

    Args:
        window: the text.
        start: the first byte of what could not be read.
        extent: where its structure broke.
    """
    reason = _reason(window, start, extent)
    end = _resume(window, start, extent)
    stamp = _STAMP_BEFORE.search(window.read(max(end - _NEAR, start), end))
    if stamp and end < window.size:
        end -= len(stamp[0])  # it belongs to the record that follows
    if extent.fault > end:
        return Tear(start=start, end=end, fault=end, reason="not JSON: a value breaks off")
    return Tear(start=start, end=end, fault=extent.fault, reason=reason)


def list_name(window: Window, extent: scan.Extent) -> bytes | None:
    """Name the list in which an object's structure broke, as spelled; None where it was no list."""
    if len(extent.open) < 2 or window.read(extent.open[1], extent.open[1] + 1) != b"[":  # noqa: PLR2004
        return None
    before = window.read(max(extent.open[1] - _NEAR, extent.open[0]), extent.open[1])
    name = _MEMBER_NAME.search(before)
    return b'"%b"' % name[1] if name else None


def has_swallowed(window: Window, start: int, end: int) -> bool:
    """Tell whether an element of a list took in those that follow it.

    A list inside it that lost its end goes on with the records of the list outside, and closes with
    the brackets of that one; which is why, behind it, neither comma nor bracket is left.
    """
    data = window.read(start, end)
    alike = re.compile(rb",[ \t\n\r]{0,64}(?=%b)" % re.escape(data[:_ALIKE]))
    position = wasted = 0
    while wasted < _WASTE * len(data) and (found := alike.search(data, position)):
        begin, position = found.end(), found.end()
        extent = scan.measure(data, begin)
        if extent.end < 0:
            wasted += extent.fault - begin
        elif _is_taken_up(window, start + begin, start + extent.end):
            return True
        else:
            position = extent.end
    return False


def pieces_of(window: Window, region: Tear) -> Iterator[tuple[int, bytes]]:
    """Yield a region's bytes as (offset, bytes): by lines where it has lines of its own.

    What separates records from each other is left out at both ends.
    """
    start = region.start
    while start < region.end:
        data = window.read(start, min(region.end, start + MAX_REGION))
        lines = [0, *(found.end() for found in _NEW_LINE.finditer(data)), len(data)]
        if len(lines) > _MOST_LINES:
            lines = [0, len(data)]
        for begin, end in pairwise(lines):
            kept = data[begin:end].lstrip(_BETWEEN)
            offset = start + end - len(kept)
            if kept := kept.rstrip(_BETWEEN):
                yield offset, kept
        start += len(data)


def _resume(window: Window, start: int, first: scan.Extent) -> int:
    """Find the next place at which a record, or a document that holds some, begins."""
    hopeless = set(first.open)
    position = start
    wasted = 0
    while position < window.size:
        index = window.show(position, _LOOK)
        found = _BEGIN.search(window.data, index)
        if found is None:
            position = _near_the_end(window)
            continue
        at = window.base + found.start()
        position = at + 1
        if at in hopeless:
            continue
        extent = measure(window, at)
        if extent.end < 0:
            if HEAD.match(window.data, at - window.base):
                return at
            hopeless.update(extent.open)
            wasted += extent.fault - at
            if wasted > _WASTE * (at - start + _LOOK):
                position = max(position, extent.fault)
        elif _is_taken_up(window, at, extent.end):
            return at
        else:
            position = extent.end
    return window.size


def _near_the_end(window: Window) -> int:
    """Go on behind what is in sight, but for a beginning that may be cut in two."""
    end = window.base + len(window.data)
    return end if window.is_last else end - _NEAR


def _is_taken_up(window: Window, start: int, end: int) -> bool:
    """Tell whether a closed object is where the text goes on."""
    data = window.read(start, end)
    if _is_member(window, start, end):
        return False
    found = unwrap(Piece(data=data, offset=start))
    return any(isinstance(item, Slice) for item in found)


def _is_member(window: Window, start: int, end: int) -> bool:
    before = window.read(max(start - _NEAR, 0), start)
    name = _MEMBER_NAME.search(before)
    if name is None or name[1] in _WRAPPER_NAMES:
        return False
    return _FOLLOWED_BY_MEMBER.match(window.read(end, end + _NEAR)) is not None


def _reason(window: Window, start: int, extent: scan.Extent) -> str:
    if extent.is_cut_short:
        if extent.fault - start >= MAX_VALUE:
            return f"a value of more than {MAX_VALUE} bytes"
        return "the text ends inside a value"
    byte = window.read(extent.fault, extent.fault + 1)
    if not byte:
        return "the text ends inside a list"
    shown = ascii(byte.decode("ascii")) if byte.isascii() else f"byte {byte[0]:#04x}"
    return f"not JSON: unexpected {shown}"
