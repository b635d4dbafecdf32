"""Walk: every object below a folder that is meant, listed page by page.

Some folders are listed at the same time, each one page ahead: however much lies there, no more is
held than these pages.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from dataclasses import dataclass, field
from functools import partial
from typing import Final

from analyzer.s3.address import S3Object
from analyzer.s3.bucket import Page
from analyzer.s3.crew import THREADS, Crew
from analyzer.s3.errors import StoreError
from analyzer.s3.layout import Look, Selection, is_hidden, look, wants

AT_ONCE: Final = 2 * THREADS
"""Folders that are listed at the same time."""

Pages = Callable[[str, bool], Iterator[Page]]
"""Lists a folder: its prefix, and whether everything below it, or its folders are only named."""


@dataclass(slots=True)
class Seen:
    """What a walk met.

    Attributes:
        listings: requests by which folders were listed.
        listed: objects that were listed, meant or not.
        hidden: objects that were left out for a name that begins with a dot.
        deleted: objects that are meant, and of which only older versions are left.
        foreign: prefixes of the folders of other services, which were left out.
        problems: folders that could not be listed, and why.
        is_there: whether there is anything at all.
    """

    listings: int = 0
    listed: int = 0
    hidden: int = 0
    deleted: int = 0
    foreign: list[str] = field(default_factory=list)
    problems: list[tuple[str, StoreError]] = field(default_factory=list)
    is_there: bool = False


@dataclass(slots=True)
class _Folder:
    prefix: str
    pages: Iterator[Page]
    last: str | None = None


def walk(
    crew: Crew, pages: Pages, top: str, selection: Selection, seen: Seen
) -> Iterator[list[S3Object]]:
    """Yield the objects below a folder that are meant, a page at a time.

    Args:
        crew: waits for S3.
        pages: lists a folder.
        top: prefix of the folder that a person named.
        selection: which folders are meant.
        seen: counts what is met.
    """
    waiting = deque([top])
    under_way: deque[tuple[_Folder, Future[Page | None]]] = deque()
    while waiting or under_way:
        while waiting and len(under_way) < AT_ONCE:
            prefix = waiting.popleft()
            how = look(prefix, top, selection)
            if how in {Look.INTO, Look.WHOLE}:
                folder = _Folder(prefix=prefix, pages=pages(prefix, how is Look.WHOLE))
                under_way.append((folder, _next(crew, folder)))
            elif how is Look.FOREIGN:
                seen.foreign.append(prefix)
        if not under_way:
            continue
        folder, future = under_way.popleft()
        try:
            page = future.result()
        except StoreError as error:
            after = f" after {folder.last!a}" if folder.last is not None else ""
            told = StoreError(error.trouble, f"cannot be listed{after}: {error.detail}")
            seen.problems.append((folder.prefix, told))
            continue
        if page is None:
            continue
        under_way.append((folder, _next(crew, folder)))
        waiting += page.folders
        folder.last = page.objects[-1].key if page.objects else folder.last
        yield _meant(page, top, selection, seen)


def _next(crew: Crew, folder: _Folder) -> Future[Page | None]:
    """Have the next page of a folder listed; None behind the last."""
    return crew.ask(partial(next, folder.pages, None))


def _meant(page: Page, top: str, selection: Selection, seen: Seen) -> list[S3Object]:
    """Count what is on a page, and return the objects that are meant."""
    seen.listings += 1
    seen.listed += len(page.objects)
    seen.is_there = seen.is_there or bool(page.folders or page.objects or page.deleted)
    seen.hidden += sum(is_hidden(one.key, top) for one in page.objects)
    seen.deleted += sum(wants(key, top, selection) for key in page.deleted)
    return [one for one in page.objects if wants(one.key, top, selection)]
