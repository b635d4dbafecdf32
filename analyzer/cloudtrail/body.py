"""The inflated bytes of one source: hashed, in memory while they are few, else in a file.

A source has to be read to its end before anything of it can be sealed, because every entry names
the SHA-256 of the whole. So a compressed source is inflated once, into memory or a temporary file;
a large plain file is hashed where it lies and then read again.
"""

from __future__ import annotations

import codecs
import os
import tempfile
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, BinaryIO, Final

from analyzer.cloudtrail.errors import SourceError, TooLargeError
from analyzer.cloudtrail.inflate import inflate, is_compressed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

IN_MEMORY: Final = 64 << 20
"""Bytes of a source that are kept in memory; a larger one is read through windows."""

_PIECE: Final = 1 << 20
_CONTINUATION_BYTES: Final = bytes(range(0x80, 0xC0))
_NOT_LEADS_OF_FOUR: Final = bytes(range(0xF0))


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """A place where a source is damaged before it comes to its text.

    Attributes:
        reason: what is wrong, in words.
        compressed: offset in the bytes as they lie on disk.
        inflated: how many bytes it had inflated to until there.
    """

    reason: str
    compressed: int
    inflated: int


class Bytes:
    """Bytes that are read at an offset, wherever they lie."""

    def __init__(self, *, data: bytes = b"", file: BinaryIO | None = None, size: int = 0) -> None:
        self._data = data
        self._file = file
        self._stamp = _stamp(file) if file else (0, 0)
        self.size = size if file else len(data)

    def read(self, offset: int, size: int) -> bytes:
        """Return up to *size* bytes from *offset* on; fewer only at the end."""
        if self._file is None:
            whole = offset == 0 and size >= len(self._data)
            return self._data if whole else self._data[offset : offset + size]
        parts: list[bytes] = []
        while size > 0 and (part := os.pread(self._file.fileno(), size, offset)):
            parts.append(part)
            offset += len(part)
            size -= len(part)
        return parts[0] if len(parts) == 1 else b"".join(parts)

    def has_changed(self) -> bool:
        """Whether somebody wrote to the file since it was hashed."""
        return self._file is not None and _stamp(self._file) != self._stamp

    def close(self) -> None:
        """Give the memory or the file back."""
        self._data = b""
        if self._file is not None:
            self._file.close()


class Body:
    """One source, inflated.

    Attributes:
        digest: SHA-256 of the inflated bytes.
        size: of the inflated bytes.
        text: what is cut: the inflated bytes, or their UTF-8 spelling where they are UTF-16.
        encoding: `utf-16-le`, `utf-16-be`, or None for everything else.
        faults: damage to the compressed layers.
    """

    def __init__(self, inflated: Bytes, digest: bytes, faults: tuple[Fault, ...]) -> None:
        self._inflated = inflated
        self._mark = (0, 0)
        self.size = inflated.size
        self.digest = digest
        self.faults = faults
        self.encoding = _utf_16(inflated.read(0, 4))
        self.text = _transcoded(inflated, self.encoding) if self.encoding else inflated

    def origin(self, offset: int) -> int:
        """Turn an offset in the text into one in the inflated bytes; quick when asked in order."""
        if not self.encoding:
            return offset
        at, units = self._mark if self._mark[0] <= offset else (0, 0)
        while at < offset:
            piece = self.text.read(at, min(_PIECE, offset - at))
            at += len(piece)
            # A UTF-16 unit for each character, a second one for those of four bytes.
            units += len(piece.translate(None, _CONTINUATION_BYTES))
            units += len(piece.translate(None, _NOT_LEADS_OF_FOUR))
        self._mark = (at, units)
        return 2 * units

    def has_changed(self) -> bool:
        """Whether the source is not, any more, what its digest says."""
        return self._inflated.has_changed()

    def close(self) -> None:
        """Give memory and temporary files back."""
        self._inflated.close()
        self.text.close()


def read_body(
    stream: BinaryIO, *, max_inflated: int, on_read: Callable[[int], None], may_stay: bool = False
) -> Body:
    """Read a source to its end.

    Args:
        stream: the bytes as they lie on disk.
        max_inflated: bytes to which a compressed source may inflate.
        on_read: told how many bytes of the stream have been read.
        may_stay: the stream is a file that may stay in use until the body is closed, so that a
            large plain one need not be copied.

    Raises:
        SourceError: it inflates beyond the limit, or cannot be read.
    """
    try:
        pieces = _pieces(stream, on_read)
        head = next(pieces, b"")
        is_large = may_stay and stream.seekable() and _stamp(stream)[0] > IN_MEMORY
        if is_large and not is_compressed(head):
            return _in_place(stream, head, pieces)
        return _spooled(head, pieces, max_inflated)
    except OSError as error:
        raise SourceError(f"cannot be read: {error.strerror or error}") from error


def _spooled(head: bytes, pieces: Iterator[bytes], max_inflated: int) -> Body:
    limit = max_inflated if is_compressed(head) else None
    faults: list[Fault] = []
    spool = _Spool()
    digest = sha256()

    def note(reason: str, compressed: int) -> None:
        faults.append(Fault(reason=reason, compressed=compressed, inflated=spool.size))

    try:
        for piece in inflate(_joined(head, pieces), note):
            digest.update(piece)
            spool.write(piece, limit)
    except BaseException:
        spool.close()
        raise
    return Body(spool.bytes(), digest.digest(), tuple(faults))


def _in_place(stream: BinaryIO, head: bytes, pieces: Iterator[bytes]) -> Body:
    inflated = Bytes(file=stream, size=_stamp(stream)[0])
    digest = sha256(head)
    left = inflated.size - len(head)
    for piece in pieces:
        digest.update(piece[:left])
        left -= len(piece)
        if left <= 0:
            break  # it grows while it is read: what was there at first is taken
    return Body(inflated, digest.digest(), ())


class _Spool:
    """Takes bytes in, in memory at first and from some size on in a temporary file."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []
        self._file: BinaryIO | None = None
        self.size = 0

    def write(self, part: bytes, limit: int | None = None) -> None:
        self.size += len(part)
        if limit is not None and self.size > limit:
            raise TooLargeError(limit)
        if self._file is None and self.size > IN_MEMORY:
            self._file = tempfile.TemporaryFile(prefix="keyledger-")  # noqa: SIM115 - closed by Bytes
            self._file.writelines(self._parts)
            self._parts.clear()
        if self._file is None:
            self._parts.append(part)
        else:
            self._file.write(part)

    def bytes(self) -> Bytes:
        if self._file is not None:
            self._file.flush()
            return Bytes(file=self._file, size=self.size)
        return Bytes(data=self._parts[0] if len(self._parts) == 1 else b"".join(self._parts))

    def close(self) -> None:
        if self._file is not None:
            self._file.close()


def _pieces(stream: BinaryIO, on_read: Callable[[int], None]) -> Iterator[bytes]:
    count = 0
    while piece := stream.read(_PIECE):
        count += len(piece)
        on_read(count)
        yield piece


def _joined(head: bytes, pieces: Iterator[bytes]) -> Iterator[bytes]:
    yield head
    yield from pieces


def _stamp(file: BinaryIO) -> tuple[int, int]:
    found = os.fstat(file.fileno())
    return found.st_size, found.st_mtime_ns


def _utf_16(head: bytes) -> str | None:
    """Tell UTF-16 by its byte order mark, or by the zeros between ASCII characters."""
    if head.startswith(codecs.BOM_UTF16_LE):
        return "utf-16-le"
    if head.startswith(codecs.BOM_UTF16_BE):
        return "utf-16-be"
    is_zero = [byte == 0 for byte in head]
    if is_zero == [False, True, False, True]:
        return "utf-16-le"
    return "utf-16-be" if is_zero == [True, False, True, False] else None


def _transcoded(inflated: Bytes, encoding: str) -> Bytes:
    decoder = codecs.getincrementaldecoder(encoding)("surrogatepass")
    spool = _Spool()
    offset = 0
    while piece := inflated.read(offset, _PIECE):
        offset += len(piece)
        spool.write(decoder.decode(piece).encode("utf-8", "surrogatepass"))
    return spool.bytes()
