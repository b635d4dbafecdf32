"""Workers: processes that read sources while this one seals, without changing any order.

Worker k of n reads sources k, k + n, …; their parcels are taken in the order of the sources, so
that a ledger does not show how many processes made it. A worker that is ahead waits: a few parcels
of each are in memory, whatever the number of sources.
"""

from __future__ import annotations

import gc
import os
import signal
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, suppress
from multiprocessing import get_context
from queue import Queue
from threading import Thread
from typing import TYPE_CHECKING, Any, BinaryIO, Final, Self

from analyzer.errors import WorkerLostError
from analyzer.ingest.opening import Opening
from analyzer.ingest.reading import Parcel, Terms, parcels

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

    from analyzer.cloudtrail.sources import Source

_MOST: Final = 4
"""Sealing takes a third of the work: more readers than this would wait for it."""
_WORTH: Final = 8 << 20
"""Bytes on disk from which on the start of other processes pays."""
_AHEAD: Final = 2
"""Parcels of each worker that are taken in before they are needed."""
_COLLECT_AFTER: Final = 100_000
"""Objects after which Python looks for circles of references: a run of records holds none."""

Taken = tuple[int, Parcel]
"""The place of a source among all, and something that was read of it."""


def sensible(sources: Sequence[Source]) -> int:
    """Return how many workers pay for these sources on this machine; 0 for none."""
    files = [source for source in sources if source.is_anywhere]
    if len(files) < 2 or sum(source.size for source in files) < _WORTH:  # noqa: PLR2004
        return 0
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return min(cores or 1, len(files), _MOST) if (cores or 1) > 1 else 0


def read_all(
    sources: Sequence[Source],
    terms: Terms,
    *,
    stdin: BinaryIO | None,
    workers: int,
    on_read: Callable[[int], None],
) -> Iterator[Taken]:
    """Read sources one after the other, in this process or in others.

    Args:
        sources: in the order in which they are handed on.
        terms: how they are read.
        stdin: what `-` means; it is read here in any case.
        workers: processes to read in; 0 for this one.
        on_read: told how much of a source is read while nothing of it can be handed over yet.

    Raises:
        WorkerLostError: a worker was ended from outside.
    """
    with ExitStack() as stack:
        here = [source for source in sources if not (workers and source.is_anywhere)]
        opening = stack.enter_context(Opening(here, terms.access, stdin))
        shares = [
            [one for one in sources[first::workers] if one.is_anywhere] for first in range(workers)
        ]
        crew = [stack.enter_context(_Worker(share, terms)) for share in shares]
        for place, source in enumerate(sources):
            is_away = workers and source.is_anywhere
            read = parcels(source, terms, opening.open, on_read)
            for parcel in crew[place % workers].parcels() if is_away else read:
                yield place, parcel


class _Worker:
    """One process, and the thread that takes in what it sends."""

    def __init__(self, sources: Sequence[Source], terms: Terms) -> None:
        context = get_context("spawn")  # a fork would inherit the ledger's open file
        self._inlet, outlet = context.Pipe(duplex=False)
        self._queue: Queue[Parcel | None] = Queue(_AHEAD)
        self._process = context.Process(
            target=_work, args=(outlet, tuple(sources), terms), daemon=True
        )
        self._process.start()
        outlet.close()
        self._thread = Thread(target=self._take_in, daemon=True)
        self._thread.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self._process.terminate()
        self._process.join()
        while self._thread.is_alive():  # it may wait for room in the queue
            with suppress(Exception):
                self._queue.get(timeout=0.05)
        self._inlet.close()

    def parcels(self) -> Iterator[Parcel]:
        """Yield the parcels of the next of its sources."""
        while True:
            parcel = self._queue.get()
            if parcel is None:
                raise WorkerLostError
            yield parcel
            if parcel.tally is not None:
                return

    def _take_in(self) -> None:
        with suppress(EOFError, OSError):
            while True:
                self._queue.put(self._inlet.recv())
        self._queue.put(None)


def _work(outlet: Connection[Any, Any], sources: Sequence[Source], terms: Terms) -> None:
    """Read sources and send what they hold; the main function of a worker."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the process that seals
    gc.set_threshold(_COLLECT_AFTER)
    with suppress(BrokenPipeError), Opening(sources, terms.access, None) as opening:
        for source in sources:
            for parcel in parcels(source, terms, opening.open, lambda _count: None):
                outlet.send(parcel)
