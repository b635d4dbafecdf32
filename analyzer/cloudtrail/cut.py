"""The text of a source to verbatim records: streaming, and not to be stopped by damage.

Two ways lead to the same slices. Where the text is whole, `runs` splits megabytes at a time. Where
it is not, `scan` follows the structure value by value, and `torn` finds out where it goes on.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from analyzer.cloudtrail import scan
from analyzer.cloudtrail.body import IN_MEMORY
from analyzer.cloudtrail.record import Form, RejectedError, describe
from analyzer.cloudtrail.runs import run_of_elements, run_of_lines, slices_of
from analyzer.cloudtrail.slices import Flaw, Reject, Remark, Slice, one_by_one
from analyzer.cloudtrail.torn import HEAD, STAMP, has_swallowed, list_name, measure, pieces_of, tear
from analyzer.cloudtrail.unwrap import LISTS, Piece, element, unwrap
from analyzer.cloudtrail.window import Window

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

    from analyzer.cloudtrail.body import Bytes
    from analyzer.cloudtrail.runs import Run
    from analyzer.cloudtrail.slices import Item, Slices

_PATIENCE: Final = 1 << 20
"""Bytes taken value by value after a run that did not work out."""
_LOOK: Final = 64 << 10

_BLANKS = re.compile(rb"(?:[ \t\n\r\0\x1e]|\xef\xbb\xbf)++")
_LOOSE_ENDS = re.compile(rb"(?:[ \t\n\r\0\x1e,\]}]|\xef\xbb\xbf)++")
_SEPARATOR = re.compile(rb"[ \t\n\r]*+,?[ \t\n\r]*+")
_ALONE = re.compile(rb"[ \t]*+(?:[\n\r\0]|\Z)")
_LITERAL = re.compile(rb"(?:true|false|null|-?[0-9]++(?:\.[0-9]++)?+(?:[eE][+-]?[0-9]++)?+)\Z")


def cut(text: Bytes, *, is_quick: bool = True, in_memory: int = IN_MEMORY) -> Iterator[Item]:
    """Cut a text into records, rejects, flaws and remarks, in the order of its bytes.

    Memory stays within a window and one value, whatever the size of the text.

    Args:
        text: UTF-8, or what is meant to be.
        is_quick: whether whole stretches may be split at once; the result is the same.
        in_memory: bytes up to which a text is held whole; the result is the same.
    """
    return one_by_one(cut_by_columns(text, is_quick=is_quick, in_memory=in_memory))


def cut_by_columns(
    text: Bytes, *, is_quick: bool = True, in_memory: int = IN_MEMORY
) -> Iterator[Item | Slices]:
    """Cut a text as `cut` does; records that lie together come together, where that is quicker."""
    return _Cutter(Window(text, in_memory), is_quick=is_quick).items()


class _Cutter:
    def __init__(self, window: Window, *, is_quick: bool) -> None:
        self._window = window
        self._at = 0
        self._quick_from = 0 if is_quick else window.size + 1
        self._tears = 0
        self._bare = (0, -1)
        self._is_readable = False

    def items(self) -> Iterator[Item | Slices]:
        """Yield the items of a sequence of documents."""
        if self._skip(_BLANKS) is None:
            yield Flaw(offset=None, reason="empty")
        while (first := self._skip(_LOOSE_ENDS if self._tears else _BLANKS)) is not None:
            if first == b"{":
                if self._is_head():
                    yield from self._object()
                elif not (yield from self._run_of_lines()):
                    yield from self._value(None)
            elif first == b"[":
                self._at += 1
                yield from self._elements(b"")
            else:
                yield from self._line()

    def _object(self) -> Iterator[Item | Slices]:
        """Walk through an object that holds a list of records, member by member."""
        self._is_readable = True
        self._at += 1
        while (first := self._skip(_BLANKS)) is not None:
            if first == b"}":
                self._at += 1
                return
            if not (yield from self._member()):
                return
            following = self._skip(_BLANKS)
            if following == b",":
                self._at += 1
            elif following not in (b"}", None):
                yield from self._tear(self._fault())
                return
        yield from self._ended_inside("an object")

    def _member(self) -> Generator[Item | Slices, None, bool]:
        """Take one member of an object; return whether the object goes on."""
        index = self._window.show(self._at, _LOOK)
        name = scan.NAME.match(self._window.data, index)
        if name is None:
            yield from self._tear(self._fault())
            return False
        self._at += name.end() - index
        if name[1] in LISTS and self._skip(_BLANKS) == b"[":
            self._at += 1
            return (yield from self._elements(name[1]))
        extent = measure(self._window, self._at)
        if extent.end < 0:
            yield from self._tear(extent)
            return False
        self._at = extent.end
        return True

    def _elements(self, name: bytes) -> Generator[Item | Slices, None, bool]:
        """Walk through a list; return whether it was there to its end."""
        while (first := self._skip(_BLANKS)) is not None:
            if first == b"]":
                self._at += 1
                return True
            tears = self._tears
            if not (yield from self._run_of_elements(name)):
                yield from self._value(name)
            if self._tears == tears:
                yield from self._comma()
            if self._tears != tears and self._is_head():
                return False  # the damage swallowed the end of this document
        yield from self._ended_inside("a list")
        return False

    def _comma(self) -> Iterator[Item | Slices]:
        """Pass over what separates two elements."""
        following = self._skip(_BLANKS)
        if following == b",":
            self._at += 1
            if self._skip(_BLANKS) == b"]":
                yield Flaw(offset=self._at, reason="not JSON: a comma with nothing behind it")
        elif following == b"{":
            yield Flaw(offset=self._at, reason="not JSON: no comma between two elements")
        elif following not in (b"]", None):
            yield from self._tear(self._fault())

    def _value(self, name: bytes | None) -> Iterator[Item | Slices]:
        """Take one value: an element of the list *name*, or one that stands by itself."""
        extent = measure(self._window, self._at)
        if extent.end < 0:
            if name is None and list_name(self._window, extent) in LISTS:
                yield from self._object()
            else:
                yield from self._tear(extent)
            return
        offset, self._at = self._at, extent.end
        if name is not None and self._skip(_BLANKS) not in (b",", b"]"):
            if has_swallowed(self._window, offset, extent.end):
                self._at = offset
                yield from self._tear(scan.Extent(-1, extent.end, open=(offset,)))
                return
            self._at = extent.end
        yield from self._looked_through(name, self._window.read(offset, extent.end), offset)

    def _line(self) -> Iterator[Item | Slices]:
        """Take what begins like neither object nor list: it is a value only if it stands alone."""
        index = self._window.show(self._at, _LOOK)
        if stamp := STAMP.match(self._window.data, index):
            self._at += len(stamp[0])
            return
        extent = measure(self._window, self._at)
        if extent.end >= 0:
            data = self._window.read(self._at, extent.end)
            index = self._window.show(extent.end, _LOOK)
            if not _ALONE.match(self._window.data, index) or not (
                data.startswith(b'"') or _LITERAL.match(data)
            ):
                extent = scan.Extent(-1, self._at)
        if extent.end >= 0:
            yield from self._value(None)
        else:
            yield from self._tear(extent)

    def _looked_through(
        self, name: bytes | None, data: bytes, offset: int
    ) -> Iterator[Item | Slices]:
        if name is None:
            found = unwrap(Piece(data=data, offset=offset))
        else:
            found = element(name, Piece(data=data, offset=offset, depth=1))
        is_bare = not name
        for item in found:
            is_bare &= isinstance(item, Remark)
            yield item
        self._is_readable |= not is_bare
        self._bare = (offset, offset + len(data)) if is_bare else (0, -1)

    # Whole stretches, split by msgspec.

    def _run_of_elements(self, name: bytes) -> Generator[Item | Slices, None, bool]:
        """Take elements up to the end of the list, or of the run; return whether that worked."""
        if self._at < self._quick_from:
            return False
        run = run_of_elements(self._window, self._at)
        if not run.values:
            self._quick_from = self._at + _PATIENCE
            return False
        base = self._window.base
        yield from self._split(run, name)
        self._at = base + run.end
        return True

    def _run_of_lines(self) -> Generator[Item | Slices, None, bool]:
        """Take documents up to the end of the run; return whether that worked."""
        if self._at < self._quick_from:
            return False
        run = run_of_lines(self._window, self._at)
        base = self._window.base
        reached = yield from self._split(run, None)
        if reached == run.start:
            self._quick_from = self._at + _PATIENCE
            return False
        self._at = base + reached
        return True

    def _split(self, run: Run, name: bytes | None) -> Generator[Item | Slices, None, int]:
        """Yield what lies in a run; return where that ends.

        Documents end before one that has to be entered, or is no object.
        """
        base = self._window.base
        if (slices := slices_of(run, base, is_list=name is not None)) is not None:
            self._is_readable = True
            yield slices
            return run.end
        data, at = run.data, run.start
        for value in run.values:
            end = at + len(memoryview(value))
            payload = data[at:end]
            try:
                description = describe(payload)
            except RejectedError:
                description = None
            if description is not None and description.form is Form.CLOUDTRAIL:
                self._is_readable = True
                yield Slice(payload, base + at, (), description)
            elif name is None and (payload[:1] != b"{" or HEAD.match(payload)):
                return at
            else:
                yield from self._looked_through(name, payload, base + at)
            if data[end : end + 2] == b",{":
                at = end + 1
            else:
                separator = _SEPARATOR.match(data, end)
                at = separator.end() if separator else end
        return at

    # Damage.

    def _tear(self, extent: scan.Extent) -> Iterator[Item | Slices]:
        """Report damage that begins here, keep its bytes, and go on behind it.

        A value right before it, in which there was nothing, is the first part of what was torn.
        """
        start, end = self._bare
        if end < start or self._window.read(end, self._at).strip(b" \t"):
            start = self._at
        region = tear(self._window, start, extent)
        yield Flaw(offset=region.fault, reason=region.reason)
        self._is_readable |= region.end < self._window.size
        if self._is_readable:
            for offset, payload in pieces_of(self._window, region):
                yield Reject(payload=payload, offset=offset, reason=region.reason)
        self._at = region.end
        self._tears += 1

    def _fault(self) -> scan.Extent:
        return scan.Extent(-1, self._at)

    def _ended_inside(self, what: str) -> Iterator[Item | Slices]:
        if not self._tears:
            yield Flaw(offset=self._window.size, reason=f"the text ends inside {what}")

    # Places.

    def _skip(self, blanks: re.Pattern[bytes]) -> bytes | None:
        """Go behind blanks; return the byte that follows, None at the end of the text."""
        while self._at < self._window.size:
            index = self._window.show(self._at, _LOOK)
            found = blanks.match(self._window.data, index)
            if found is None:
                return self._window.data[index : index + 1]
            self._at += found.end() - index
        return None

    def _is_head(self) -> bool:
        index = self._window.show(self._at, _LOOK)
        return HEAD.match(self._window.data, index) is not None
