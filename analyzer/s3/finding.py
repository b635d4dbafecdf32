"""Finding: an address in S3 to the sources that it means, in the order of their names.

Folder by folder: what the layout and the selection leave out is not even listed. Several folders
are listed at the same time. One that may not be listed is a source with a problem, and stops no
other.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from threading import Lock
from typing import TYPE_CHECKING, Any, Final, Self

from analyzer.cloudtrail.services import Services
from analyzer.cloudtrail.sources import Source
from analyzer.s3.address import S3Object, is_bucket, parse_bucket, spelled
from analyzer.s3.bucket import Buckets
from analyzer.s3.client import Client
from analyzer.s3.crew import Crew
from analyzer.s3.errors import StoreError, Trouble
from analyzer.s3.layout import Look, is_digest, is_hidden, look, wants
from analyzer.s3.marks import mark
from analyzer.wording import counted, named

if TYPE_CHECKING:
    from analyzer.s3.access import Remote
    from ledger.hashing import Digest

_SHOWN: Final = 2
"""Folders of other services that are named; the others are counted."""

_NOTHING: Final = "there is no object and no folder of this name"

Remembers = Callable[[Sequence["Digest"]], Collection["Digest"]]
"""Which of some marks are remembered."""


@dataclass(slots=True)
class Survey:
    """What was seen on the way.

    Attributes:
        listings: requests by which folders were listed.
        found: objects that are meant.
        unchanged: of these, how many were sealed before as they are.
        hidden: objects that were left out for a name that begins with a dot.
        foreign: folders of other services, which were left out.
    """

    listings: int = 0
    found: int = 0
    unchanged: int = 0
    hidden: int = 0
    foreign: list[str] = field(default_factory=list)

    def document(self) -> dict[str, Any]:
        """Return the part of the JSON document of `ingest`."""
        return {"listings": self.listings, "found": self.found, "unchanged": self.unchanged}

    def warnings(self) -> Iterator[str]:
        """Yield what a person may have expected otherwise."""
        if self.hidden:
            left = counted(self.hidden, "object")
            yield f"{left} left out: a name on its way begins with a dot, which hides it as on disk"
        if self.foreign:
            told = "left out, CloudTrail does not write there; name one to have it read"
            yield f"{named(self.foreign, _SHOWN)}: {told}"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Listed:
    """What one folder holds, as far as it could be listed."""

    folders: Sequence[str]
    objects: Sequence[S3Object]
    pages: int
    problem: StoreError | None


class Finder:
    """Finds sources in S3, and counts what it saw; it is a context manager."""

    def __init__(
        self,
        remote: Remote,
        services: Services,
        remembers: Remembers,
        arguments: Sequence[str],
        on_listed: Callable[[int], None],
    ) -> None:
        """Take what is wanted; nothing is asked yet.

        Args:
            remote: in whose name, and what of it.
            services: which events will be sealed.
            remembers: which objects need not be read again.
            arguments: those of them that name something in S3 will be asked for.
            on_listed: told now and then, by any thread, how many objects were listed so far.

        Raises:
            AddressError: one of these names no bucket.
        """
        self._remote = remote
        self._services = services
        self._remembers = remembers
        self._named = {one: parse_bucket(one) for one in arguments if is_bucket(one)}
        self._asked: tuple[Buckets, Crew] | None = None
        self._objects: Mapping[str, S3Object | StoreError | None] = {}
        self._on_listed = on_listed
        self._met, self._lock = 0, Lock()
        self.survey = Survey()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        if self._asked is not None:
            buckets, crew = self._asked
            buckets.client.close()
            crew.close()

    def sources(self, argument: str) -> Iterator[Source]:
        """Yield what an address means: one object, or all that are meant in a folder.

        Raises:
            StoreError: there is no such profile.
        """
        buckets, crew = self._asking()
        bucket, key = self._named[argument]
        one = self._objects.get(argument)
        if isinstance(one, S3Object):
            yield from self._new([one])
            return
        if isinstance(one, StoreError) and one.trouble is not Trouble.DENIED:
            yield _problem(bucket, key, one)
            return
        # Who may not read what has this name may still list what lies below it.
        top = key if not key or key.endswith("/") else f"{key}/"
        objects, problems, is_there = self._walk(crew, buckets, bucket, top)
        yield from self._new(objects)
        for prefix, problem in problems:
            yield _problem(bucket, prefix, problem)
        if not is_there and not problems:
            yield _problem(bucket, key, one or StoreError(Trouble.ABSENT, _NOTHING))

    def _asking(self) -> tuple[Buckets, Crew]:
        """Return whom to ask; the first time, look up every object that was named."""
        if self._asked is None:
            buckets, crew = Buckets(Client("s3", self._remote.access)), Crew()
            self._asked = buckets, crew
            named = [one for one, (_, key) in self._named.items() if key and key[-1] != "/"]
            found = crew.each(lambda one: _looked_up(buckets, *self._named[one]), named)
            self._objects = dict(zip(named, found, strict=True))
        return self._asked

    def _walk(
        self, crew: Crew, buckets: Buckets, bucket: str, top: str
    ) -> tuple[list[S3Object], list[tuple[str, StoreError]], bool]:
        """List folder after folder, level by level.

        Returns:
            The objects that are meant; the folders that could not be listed, and why; and whether
            there is anything at all.
        """
        selection = self._remote.selection
        objects: list[S3Object] = []
        problems: list[tuple[str, StoreError]] = []
        is_there = False
        level = [top]
        while level:
            looks = [look(prefix, top, selection) for prefix in level]
            pairs = list(zip(level, looks, strict=True))
            self.survey.foreign += [
                spelled(bucket, prefix) for prefix, one in pairs if one is Look.FOREIGN
            ]
            asked = [pair for pair in pairs if pair[1] in {Look.INTO, Look.WHOLE}]
            level = []
            found = crew.each(lambda pair: self._listed(buckets, bucket, *pair), asked)
            for (prefix, _), listed in zip(asked, found, strict=True):
                self.survey.listings += listed.pages
                is_there = is_there or bool(listed.folders or listed.objects)
                self.survey.hidden += sum(is_hidden(one.key, top) for one in listed.objects)
                objects += [one for one in listed.objects if wants(one.key, top, selection)]
                level += listed.folders
                if listed.problem is not None:
                    problems.append((prefix, listed.problem))
        return objects, problems, is_there

    def _listed(self, buckets: Buckets, bucket: str, prefix: str, how: Look) -> _Listed:
        folders: list[str] = []
        objects: list[S3Object] = []
        pages = 0
        problem = None
        try:
            for page in buckets.pages(bucket, prefix, is_whole=how is Look.WHOLE):
                pages += 1
                folders += page.folders
                objects += page.objects
                with self._lock:
                    self._met += len(page.objects)
                    self._on_listed(self._met)
        except StoreError as error:
            after = f" after {objects[-1].key!a}" if objects else ""
            problem = StoreError(error.trouble, f"cannot be listed{after}: {error.detail}")
        return _Listed(folders=folders, objects=objects, pages=pages, problem=problem)

    def _new(self, objects: Sequence[S3Object]) -> Iterator[Source]:
        """Yield what is not sealed yet; beside a digest file the signature that S3 keeps of it."""
        signed = [replace(one, is_signature=True) for one in objects if is_digest(one.key)]
        everything = sorted((*objects, *signed), key=lambda one: one.name)
        marks = [mark(one, self._services) for one in everything]
        known = () if self._remote.is_reread else self._remembers(marks)
        self.survey.found += len(objects)
        for one, its in zip(everything, marks, strict=True):
            if its in known:
                self.survey.unchanged += not one.is_signature
            else:
                size = 0 if one.is_signature else one.size
                yield Source(name=one.name, path=None, size=size, object=one)


def _looked_up(buckets: Buckets, bucket: str, key: str) -> S3Object | StoreError | None:
    try:
        return buckets.find(bucket, key)
    except StoreError as error:
        return error


def _problem(bucket: str, key: str, error: StoreError) -> Source:
    return Source(name=spelled(bucket, key), path=None, problem=error.detail)
