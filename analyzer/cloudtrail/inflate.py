"""Compressed bytes to inflated ones: gzip and zstd, told by their first bytes, damaged or whole.

Everything streams; what can be inflated of a damaged stream is passed on, and the fault beside it.
"""

from __future__ import annotations

import zlib
from itertools import chain
from typing import TYPE_CHECKING, Final, TypeAlias, cast

import zstandard
from isal import isal_zlib

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator

GZIP_MAGIC: Final = b"\x1f\x8b\x08"
ZSTD_MAGIC: Final = b"\x28\xb5\x2f\xfd"
_SKIPPABLE: Final = b"\x2a\x4d\x18"
_SKIPPABLE_FIRST: Final = 0x5
"""A skippable frame of zstd begins with 0x50 to 0x5f, then these three (RFC 8878, 3.1.2)."""

_PIECE: Final = 1 << 20
"""Compressed bytes fed at once."""
_SEARCH_PIECE: Final = 4 << 10
_ZSTD_PIECE: Final = 512
"""Small: zstd takes no limit on what it gives back, and gives up to 32 kB for one byte."""
_OUTPUT: Final = 256 << 10
"""Small enough to be hashed while it is in the processor's cache."""
_HELD: Final = 16 << 20
"""Compressed bytes of one member that are kept, to get the last byte out of it if it is damaged."""
_LOOK_BACK: Final = 16 << 10
"""A fault shows a little after the damage: the next member may have begun before it."""
_CANDIDATES: Final = 1000
"""Members tried after a fault that turn out to be none, before the search is given up."""
_LAYERS: Final = 4
"""Gzip within gzip happens (pipelines compress twice); what is nested deeper is taken as it is."""
_ZSTD_WINDOW: Final = 128 << 20
_GZIP_HEADER: Final = 31
_DAMAGE: Final = cast("type[Exception]", isal_zlib.error)
"""What isal raises; its stub forgets that it is an exception."""

Note: TypeAlias = "Callable[[str, int], None]"


def inflate(pieces: Iterator[bytes], note: Note) -> Iterator[bytes]:
    """Undo compression, layer by layer, for as long as the first bytes tell of one.

    Args:
        pieces: the bytes as they lie on disk.
        note: told of each fault: the reason and the offset in the compressed bytes.
    """
    for _ in range(_LAYERS):
        feed = _Feed(pieces)
        head = feed.peek(len(ZSTD_MAGIC))
        if head.startswith(GZIP_MAGIC):
            pieces = _chained(feed, _gzip_member, GZIP_MAGIC, note)
        elif _is_zstd(head):
            pieces = _chained(feed, _zstd_frame, ZSTD_MAGIC, note)
        else:
            return feed.rest()
    return pieces


def is_compressed(head: bytes) -> bool:
    """Tell by its first four bytes whether a stream is compressed."""
    return head.startswith(GZIP_MAGIC) or _is_zstd(head)


def _is_zstd(head: bytes) -> bool:
    is_skippable = head[1:4] == _SKIPPABLE and head[0] >> 4 == _SKIPPABLE_FIRST
    return head.startswith(ZSTD_MAGIC) or is_skippable


class _Feed:
    """Pieces of a stream, with a place to put back what was not used."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces
        self._ready = b""
        self._start = 0
        self.offset = 0

    def peek(self, size: int) -> bytes:
        while len(self._ready) - self._start < size and (piece := next(self._pieces, b"")):
            self._ready = self._ready[self._start :] + piece
            self._start = 0
        return self._ready[self._start : self._start + size]

    def take(self, size: int) -> bytes:
        self.peek(1)
        taken = self._ready[self._start : self._start + size]
        self._start += len(taken)
        self.offset += len(taken)
        return taken

    def put_back(self, unused: bytes) -> None:
        self.offset -= len(unused)
        if self._start >= len(unused):
            self._start -= len(unused)
        else:
            self._ready = unused + self._ready[self._start :]
            self._start = 0

    def rest(self) -> Iterator[bytes]:
        while piece := self.take(_PIECE):
            yield piece

    def skip_zeros(self) -> None:
        while piece := self.take(_SEARCH_PIECE):
            if kept := piece.lstrip(b"\0"):
                self.put_back(kept)
                return

    def skip_to(self, magic: bytes) -> bool:
        """Drop everything before the next *magic*; say whether there is one."""
        while len(self.peek(len(magic))) == len(magic):
            piece = self.take(_PIECE)
            found = piece.find(magic)
            if found >= 0:
                self.put_back(piece[found:])
                return True
            # The magic may lie across two pieces; never put back all of one.
            self.put_back(piece[max(len(piece) - len(magic) + 1, 1) :])
        return False


class _MemberError(Exception):
    """What is wrong with a member and where; the feed stands where the search goes on."""

    def __init__(self, reason: str, offset: int) -> None:
        super().__init__(reason)
        self.reason = reason
        self.offset = offset


def _chained(
    feed: _Feed, member: Callable[[_Feed, int], Iterator[bytes]], magic: bytes, note: Note
) -> Iterator[bytes]:
    """Inflate member after member; after a fault, go on with the next one that begins properly."""
    failed = 0
    while feed.peek(1) and failed < _CANDIDATES:
        has_output = False
        try:
            for output in member(feed, _SEARCH_PIECE if failed else _PIECE):
                has_output = True
                yield output
        except _MemberError as fault:
            if has_output or not failed:
                note(fault.reason, fault.offset)
            failed = 1 if has_output else failed + 1
            if not feed.skip_to(magic):
                return
            continue
        failed = 0
        feed.skip_zeros()  # tapes and block devices pad
        head = feed.peek(len(ZSTD_MAGIC))
        if head and not is_compressed(head):
            offset = feed.offset
            size = sum(map(len, feed.rest()))
            note(f"{size} bytes follow the compressed data and belong to nothing", offset)


def _gzip_member(feed: _Feed, piece_size: int) -> Iterator[bytes]:
    machine = isal_zlib.decompressobj(_GZIP_HEADER)
    begin = feed.offset
    held: list[bytes] = []
    produced = 0
    while not machine.eof:
        piece = feed.take(piece_size)
        if feed.offset - begin <= _HELD:
            held.append(piece)
        try:
            for output in _outputs(machine, piece):
                produced += len(output)
                yield output
        except _DAMAGE:
            fault = feed.offset - len(piece)
            if feed.offset - begin <= _HELD:
                fault = begin + (yield from _salvage(held, produced))
            resume = max(begin + len(GZIP_MAGIC), fault - _LOOK_BACK, feed.offset - len(piece))
            feed.put_back(piece[len(piece) - (feed.offset - resume) :])
            raise _MemberError("the gzip stream is damaged", fault) from None
        if not piece and not machine.eof:
            raise _MemberError("the gzip stream ends too early", feed.offset)
    feed.put_back(machine.unused_data)


def _outputs(machine: isal_zlib.Decompress, piece: bytes) -> Iterator[bytes]:
    """Feed one piece, giving back what it inflates to in bounded parts."""
    while True:
        output = machine.decompress(piece, _OUTPUT)
        if output:
            yield output
        piece = machine.unconsumed_tail
        if machine.eof or (not piece and len(output) < _OUTPUT):
            return


def _salvage(held: list[bytes], produced: int) -> Generator[bytes, None, int]:
    """Inflate a damaged member again up to the very fault; isal drops what it had by then.

    Args:
        held: the member's bytes, the piece with the fault last.
        produced: bytes of output that were passed on already.

    Returns:
        The offset of the fault in the member.
    """
    machine = zlib.decompressobj(_GZIP_HEADER)
    fault = 0
    last = held[-1]
    single = (last[index : index + 1] for index in range(len(last)))
    try:
        for piece in chain(held[:-1], single):
            output = machine.decompress(piece)
            fault += len(piece)
            if len(output) > produced:
                yield output[produced:]
            produced = max(produced - len(output), 0)
    except zlib.error:
        pass
    return fault


def _zstd_frame(feed: _Feed, _piece_size: int) -> Iterator[bytes]:
    machine = zstandard.ZstdDecompressor(max_window_size=_ZSTD_WINDOW).decompressobj()
    while not machine.eof:
        piece = feed.take(_ZSTD_PIECE)
        if not piece:
            raise _MemberError("the zstd stream ends too early", feed.offset)
        try:
            output = machine.decompress(piece)
        except zstandard.ZstdError:
            fault = feed.offset - len(piece)
            feed.put_back(piece[len(ZSTD_MAGIC) :])
            raise _MemberError("the zstd stream is damaged", fault) from None
        if output:
            yield output
    feed.put_back(machine.unused_data)
