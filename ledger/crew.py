"""Crew: processes that check segments while the audit walks on, without changing any order.

A segment that nobody checked, because its rows cannot be read, because it is too large to travel,
or because its process was ended from outside, is left to the audit: a crew can only save time.
"""

from __future__ import annotations

import os
import signal
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import BrokenExecutor, Executor, Future, ProcessPoolExecutor
from contextlib import ExitStack, contextmanager
from multiprocessing import get_context
from typing import Final

from ledger.errors import LedgerError
from ledger.rows import Rows
from ledger.segment import MAX_ENTRIES
from ledger.sheet import Sheet, check

_MOST: Final = 4
"""Reading and growing the tree takes a tenth of the work: more would wait for that."""
_WORTH: Final = 200_000
"""Entries from which on the start of other processes pays."""
_AHEAD: Final = 3
"""Segments of each process that are read before they are needed."""
_HEAVY: Final = 32 << 20
"""Bytes beyond which a segment is not sent about."""

Bounds = tuple[int, int]
"""First entry of a segment, and how many it has."""

Checked = tuple[Sheet, dict[int, bytes]]
"""A segment that is whole by what it says itself, and the roots of its full tiles."""


def sensible(size: int) -> int:
    """How many processes pay for a ledger of this size on this machine; 0 for none."""
    if size < _WORTH:
        return 0
    has_affinity = hasattr(os, "sched_getaffinity")
    cores = len(os.sched_getaffinity(0)) if has_affinity else os.cpu_count() or 1
    return min(cores, _MOST) if cores > 1 else 0


@contextmanager
def checked(
    rows: Rows, bounds: Iterable[Bounds], workers: int
) -> Iterator[Iterator[tuple[Bounds, Checked | None]]]:
    """Have segments checked, in their order.

    Args:
        rows: of one snapshot, read in this thread only.
        bounds: the segments.
        workers: processes to check in; 0 for this one.

    Yields:
        Every segment with what came of it; None where the audit has to look itself.
    """
    with ExitStack() as stack:
        if not workers:
            yield ((bound, _checked(_sheet(rows, bound))) for bound in bounds)
            return
        pool = ProcessPoolExecutor(workers, get_context("spawn"), initializer=_ignore_interrupts)
        # What is under way when somebody interrupts takes a few hundredths of a second to end.
        stack.callback(pool.shutdown, cancel_futures=True)
        yield _in_order(rows, bounds, pool, workers * _AHEAD)


def _in_order(
    rows: Rows, bounds: Iterable[Bounds], pool: Executor, ahead: int
) -> Iterator[tuple[Bounds, Checked | None]]:
    waiting: deque[tuple[Bounds, Sheet | None, Future[dict[int, bytes] | None] | None]] = deque()
    for bound in bounds:
        sheet = _sheet(rows, bound)
        waiting.append((bound, sheet, _submitted(pool, sheet)))
        if len(waiting) > ahead:
            yield _taken(*waiting.popleft())
    while waiting:
        yield _taken(*waiting.popleft())


def _submitted(pool: Executor, sheet: Sheet | None) -> Future[dict[int, bytes] | None] | None:
    try:
        return None if sheet is None else pool.submit(check, sheet)
    except BrokenExecutor:
        return None


def _taken(
    bound: Bounds, sheet: Sheet | None, future: Future[dict[int, bytes] | None] | None
) -> tuple[Bounds, Checked | None]:
    if sheet is None or future is None:
        return bound, None
    try:
        roots = future.result()
    except BrokenExecutor:
        return bound, None
    return bound, None if roots is None else (sheet, roots)


def _checked(sheet: Sheet | None) -> Checked | None:
    roots = None if sheet is None else check(sheet)
    return None if sheet is None or roots is None else (sheet, roots)


def _sheet(rows: Rows, bound: Bounds) -> Sheet | None:
    """Read a segment; None where it cannot be read, or is nothing to be sent about."""
    first, count = bound
    if not 0 < count <= MAX_ENTRIES:
        return None
    try:
        row = rows.segment_from(first)
        frames = rows.frames(first)
        is_heavy = sum(map(len, frames.values())) > _HEAVY
        if row is None or (row.first, row.count) != bound or is_heavy:
            return None
        return Sheet(row=row, frames=frames, leaves=rows.leaves(first, first + count))
    except LedgerError:
        return None


def _ignore_interrupts() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the process that audits
