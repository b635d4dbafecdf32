"""Opening: sources to bytes, in their order; what lies in S3 is fetched before it is needed.

Only so much is fetched ahead as fits into some memory: whoever reads slowly is not overrun.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future
from dataclasses import dataclass
from functools import partial
from typing import BinaryIO, Final, Self

from analyzer.cloudtrail.sources import Source, open_source
from analyzer.s3.access import Access
from analyzer.s3.address import S3Object
from analyzer.s3.bucket import Buckets
from analyzer.s3.client import Client
from analyzer.s3.crew import THREADS, Crew
from analyzer.s3.download import Downloaded, download

MAX_INFLATED: Final = 4 << 30
"""Bytes to which one compressed source may inflate, unless asked otherwise."""

AHEAD: Final = 4 * THREADS
"""Objects that are fetched before they are needed."""

AHEAD_BYTES: Final = 64 << 20
"""Bytes of such objects; one is always fetched, whatever its size."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A source that can be read.

    Attributes:
        stream: its bytes; None where S3 keeps no signature beside an object.
        version: of the object, if it is one.
    """

    stream: BinaryIO | None
    version: S3Object | None = None


class Opening:
    """Opens some sources, one after the other, in the order in which they were given."""

    def __init__(self, sources: Iterable[Source], access: Access, stdin: BinaryIO | None) -> None:
        self._wanted = [source.object for source in sources if source.object is not None]
        self._access = access
        self._stdin = stdin
        self._ahead: _Ahead | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        if self._ahead is not None:
            self._ahead.close()

    def open(self, source: Source) -> Opened:
        """Open the next source; raises SourceError."""
        if source.object is None:
            return Opened(stream=open_source(source, self._stdin))
        if self._ahead is None:
            self._ahead = _Ahead(self._wanted, self._access)
        found = self._ahead.next()
        return Opened(stream=found.stream, version=found.version)


class _Ahead:
    """Downloads that are under way before anybody waits for them."""

    def __init__(self, wanted: Iterable[S3Object], access: Access) -> None:
        self._client = Client("s3", access)
        self._buckets = Buckets(self._client)
        self._crew = Crew()
        self._left: Iterator[S3Object] = iter(wanted)
        self._next = next(self._left, None)
        self._waiting: deque[tuple[int, Future[Downloaded]]] = deque()
        self._bytes = 0

    def next(self) -> Downloaded:
        """Return what was downloaded in place of the next object; raises SourceError."""
        self._fill()
        size, future = self._waiting.popleft()
        self._bytes -= size
        self._fill()
        return future.result()

    def close(self) -> None:
        """Stop what is under way."""
        self._client.close()
        self._crew.close()
        for _, future in self._waiting:
            future.add_done_callback(_discard)

    def _fill(self) -> None:
        while self._next is not None and self._has_room(self._next.size):
            future = self._crew.ask(partial(download, self._buckets, self._next))
            self._waiting.append((self._next.size, future))
            self._bytes += self._next.size
            self._next = next(self._left, None)

    def _has_room(self, size: int) -> bool:
        if not self._waiting:
            return True
        return len(self._waiting) < AHEAD and self._bytes + size <= AHEAD_BYTES


def _discard(future: Future[Downloaded]) -> None:
    if future.exception() is None and (stream := future.result().stream) is not None:
        stream.close()
