"""Crew: processes that check segments while the audit walks on, without changing any order.

A segment that nobody could check, because its rows cannot be read or because a process was ended
from outside, is left to the audit: a crew can only save time.
"""

from __future__ import annotations

import os
import signal
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import BrokenExecutor, Executor, Future, ProcessPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import replace
from multiprocessing import get_context
from typing import TYPE_CHECKING, Final

from ledger.errors import LedgerError
from ledger.merkle import NOTHING
from ledger.segment import MAX_ENTRIES
from ledger.sheet import Sheet, check

if TYPE_CHECKING:  # not wanted in the processes that check, which this module is loaded into
    from ledger.rows import Rows

_MOST: Final = 4
"""Hands: reading and growing the tree takes a tenth of the work, more would wait for that."""
_WORTH: Final = 200_000
"""Entries from which on the start of other processes pays."""
_AHEAD: Final = 24
"""Segments that are read before they are needed: some are checked while a process still starts."""
_HEAVY: Final = 4 << 20
"""Bytes beyond which a segment is not sent about: it is far from an ordinary one, and many are held
at once."""

Bounds = tuple[int, int]
"""First entry of a segment, and how many it has."""

Checked = tuple[Sheet, Mapping[int, bytes]]
"""A segment that is whole by what it says itself, and the roots of its full tiles."""


def sensible(size: int) -> int:
    """How many processes beside this one pay for a ledger of this size on this machine."""
    if size < _WORTH:
        return 0
    has_affinity = hasattr(os, "sched_getaffinity")
    cores = len(os.sched_getaffinity(0)) if has_affinity else os.cpu_count() or 1
    return min(cores, _MOST) - 1


@contextmanager
def called(workers: int) -> Iterator[Executor | None]:
    """Have processes started that check segments, and ended at the end; None without any.

    It takes as long as checking forty segments, so they are called before there is work for them.

    Args:
        workers: processes that check beside this one.
    """
    if not workers:
        yield None
        return
    pool = ProcessPoolExecutor(workers, get_context("spawn"), initializer=_ignore_interrupts)
    try:
        pool.submit(_ignore_interrupts)  # the first task starts them
        yield pool
    finally:
        # What is under way when somebody interrupts takes a few hundredths of a second to end.
        pool.shutdown(cancel_futures=True)


def checked(
    rows: Rows, bounds: Iterable[Bounds], pool: Executor | None
) -> Iterator[tuple[Bounds, Checked | None]]:
    """Have segments checked, in their order.

    Args:
        rows: of one snapshot, read in this thread only.
        bounds: the segments.
        pool: the processes that were called.

    Yields:
        Every segment with what came of it; None where the audit has to look itself.
    """
    if pool is None:
        return (_Task(rows, bound).taken() for bound in bounds)
    return _in_order(rows, bounds, pool)


class _Task:
    """One segment to be checked, by whoever has time."""

    def __init__(self, rows: Rows, bounds: Bounds, pool: Executor | None = None) -> None:
        self.bounds = bounds
        self._sheet = _sheet(rows, bounds)
        self._future: Future[Mapping[int, bytes] | None] | None = None
        self._roots: Mapping[int, bytes] | None = None
        if pool is not None and self._sheet is not None and not _is_heavy(self._sheet):
            with suppress(BrokenExecutor):
                self._future = pool.submit(check, self._sheet)
                return
        self._check()

    @property
    def is_done(self) -> bool:
        """Whether nobody has to be waited for."""
        return self._future is None or self._future.done()

    def take_over(self) -> bool:
        """Check it in this process, unless another one has begun."""
        if self._future is None or not self._future.cancel():
            return False
        self._future = None
        self._check()
        return True

    def taken(self) -> tuple[Bounds, Checked | None]:
        """What came of it, waited for."""
        if self._future is not None:
            with suppress(BrokenExecutor):
                self._roots = self._future.result()
        if self._sheet is None or self._roots is None:
            return self.bounds, None
        return self.bounds, (self._sheet, self._roots)

    def _check(self) -> None:
        if self._sheet is not None:
            self._roots = check(self._sheet)
            self._sheet = replace(self._sheet, frames=NOTHING)  # it may wait for long


def _in_order(
    rows: Rows, bounds: Iterable[Bounds], pool: Executor
) -> Iterator[tuple[Bounds, Checked | None]]:
    """Check from the end of what is read ahead, while others check from its front."""
    waiting: deque[_Task] = deque()
    for bound in bounds:
        waiting.append(_Task(rows, bound, pool))
        if len(waiting) > _AHEAD:
            yield _first(waiting)
    while waiting:
        yield _first(waiting)


def _first(waiting: deque[_Task]) -> tuple[Bounds, Checked | None]:
    while not waiting[0].is_done and any(task.take_over() for task in reversed(waiting)):
        pass
    return waiting.popleft().taken()


def _sheet(rows: Rows, bound: Bounds) -> Sheet | None:
    """Read a segment; None where it cannot be read."""
    first, count = bound
    if not 0 < count <= MAX_ENTRIES:
        return None
    try:
        row = rows.segment_from(first)
        frames = rows.frames(first)
        if row is None or (row.first, row.count) != bound:
            return None
        return Sheet(row=row, frames=frames, leaves=rows.leaves(first, first + count))
    except LedgerError:
        return None


def _is_heavy(sheet: Sheet) -> bool:
    return sum(map(len, sheet.frames.values())) > _HEAVY


def _ignore_interrupts() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the process that audits
