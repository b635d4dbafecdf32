"""A walk through a bucket holds a page of each folder that is being listed, and no more."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from threading import Lock

from analyzer.s3.address import S3Object
from analyzer.s3.bucket import Page
from analyzer.s3.crew import Crew
from analyzer.s3.errors import StoreError, Trouble
from analyzer.s3.layout import Selection
from analyzer.s3.walk import AT_ONCE, Seen, walk

FOLDERS, PAGES, OBJECTS = 100, 5, 10


class Bucket:
    """Folders of several pages each, which counts the pages that nobody has taken yet."""

    def __init__(self) -> None:
        self.lock = Lock()
        self.given = self.taken = self.most = 0

    def pages(self, prefix: str, _is_whole: bool) -> Iterator[Page]:
        if not prefix:
            names = tuple(f"{number}/" for number in range(FOLDERS))
            yield self.page(folders=names)
            return
        for page in range(PAGES):
            yield self.page(prefix, page)

    def page(self, prefix: str = "", page: int = 0, folders: tuple[str, ...] = ()) -> Page:
        objects = tuple(
            S3Object(bucket="b", key=f"{prefix}{page}-{number}", etag="e", size=1)
            for number in range(OBJECTS if prefix else 0)
        )
        with self.lock:
            self.given += 1
            self.most = max(self.most, self.given - self.taken)
        return Page(folders=folders, objects=objects)


def test_everything_is_met_and_little_is_held() -> None:
    bucket, seen, met = Bucket(), Seen(), set[str]()
    with closing(Crew()) as crew:
        for objects in walk(crew, bucket.pages, "", Selection(), seen):
            met |= {one.key for one in objects}
            with bucket.lock:
                bucket.taken += 1
    assert len(met) == seen.listed == FOLDERS * PAGES * OBJECTS
    assert seen.listings == 1 + FOLDERS * PAGES
    assert bucket.most <= AT_ONCE + 1


def test_a_folder_that_breaks_off_tells_where_and_stops_no_other() -> None:
    bucket, seen, met = Bucket(), Seen(), set[str]()

    def pages(prefix: str, is_whole: bool) -> Iterator[Page]:
        for number, page in enumerate(bucket.pages(prefix, is_whole)):
            if prefix == "7/" and number == 2:
                raise StoreError(Trouble.DENIED, "no")
            yield page

    with closing(Crew()) as crew:
        for objects in walk(crew, pages, "", Selection(), seen):
            met |= {one.key for one in objects}
    [(prefix, problem)] = seen.problems
    assert (prefix, problem.detail) == ("7/", "cannot be listed after '7/1-9': no")
    assert len(met) == ((FOLDERS - 1) * PAGES + 2) * OBJECTS
