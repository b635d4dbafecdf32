"""Finding: an address in S3 to the sources that it means, in the order of their names.

What the layout and the selection leave out is not even listed. A folder that may not be listed is a
source with a problem, and stops no other.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final, Self

from analyzer.cloudtrail.services import Services
from analyzer.cloudtrail.sources import Source
from analyzer.s3.address import S3Object, is_bucket, parse_bucket, spelled
from analyzer.s3.bucket import Buckets, Page
from analyzer.s3.client import Client
from analyzer.s3.crew import Crew
from analyzer.s3.errors import StoreError, Trouble
from analyzer.s3.layout import is_digest
from analyzer.s3.marks import mark
from analyzer.s3.walk import Seen, walk
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
        older: of what was found, how many versions are not the newest.
        deleted: objects of which only older versions are left, as far as these were asked for.
    """

    listings: int = 0
    found: int = 0
    unchanged: int = 0
    hidden: int = 0
    foreign: list[str] = field(default_factory=list)
    older: int = 0
    deleted: int = 0

    def take(self, bucket: str, seen: Seen) -> None:
        """Add what was met below a folder."""
        self.listings += seen.listings
        self.hidden += seen.hidden
        self.deleted += seen.deleted
        self.foreign += [spelled(bucket, prefix) for prefix in seen.foreign]

    def document(self) -> dict[str, Any]:
        """Return the part of the JSON document of `ingest`."""
        return {
            "listings": self.listings,
            "found": self.found,
            "unchanged": self.unchanged,
            "older": self.older,
            "deleted": self.deleted,
        }

    def warnings(self) -> Iterator[str]:
        """Yield what a person may have expected otherwise."""
        if self.hidden:
            left = counted(self.hidden, "object")
            yield f"{left} left out: a name on its way begins with a dot, which hides it as on disk"
        if self.deleted:
            left = counted(self.deleted, "object")
            yield f"{left} deleted in S3 meanwhile: what is left are older versions"
        if self.foreign:
            told = "left out, CloudTrail does not write there; name one to have it read"
            yield f"{named(self.foreign, _SHOWN)}: {told}"


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
            on_listed: told now and then how many objects were listed so far.

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
        self._met = 0
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
            yield from sorted(self._new([one, *self._older(buckets, one)]), key=_by_name)
            return
        if isinstance(one, StoreError) and one.trouble is not Trouble.DENIED:
            yield _problem(bucket, key, one)
            return
        # Who may not read what has this name may still list what lies below it.
        top = key if not key or key.endswith("/") else f"{key}/"
        seen = Seen()
        yield from self._below(crew, buckets, (bucket, top), seen)
        for prefix, problem in seen.problems:
            yield _problem(bucket, prefix, problem)
        if not seen.is_there and not seen.problems:
            yield _problem(bucket, key, one or StoreError(Trouble.ABSENT, _NOTHING))

    def _below(
        self, crew: Crew, buckets: Buckets, place: tuple[str, str], seen: Seen
    ) -> Iterator[Source]:
        """Yield what is meant below a folder, in the order of the names.

        Of what was listed only what has to be read is held: what is sealed as it is may be far
        more.
        """
        bucket, top = place
        lists = buckets.versions if self._remote.with_versions else buckets.pages
        before, found = self._met, list[Source]()

        def pages(prefix: str, is_whole: bool) -> Iterator[Page]:  # noqa: FBT001 - as in `Pages`
            return lists(bucket, prefix, is_whole=is_whole)

        for objects in walk(crew, pages, top, self._remote.selection, seen):
            found += self._new(objects)
            self._met = before + seen.listed
            self._on_listed(self._met)
        self.survey.take(bucket, seen)
        yield from sorted(found, key=_by_name)

    def _older(self, buckets: Buckets, one: S3Object) -> Iterator[S3Object]:
        """Yield the older versions of an object that was named, where they are asked for."""
        if self._remote.with_versions:
            for page in buckets.versions(one.bucket, one.key, is_whole=True):
                yield from (old for old in page.objects if old.key == one.key and old.version)

    def _asking(self) -> tuple[Buckets, Crew]:
        """Return whom to ask; the first time, look up every object that was named."""
        if self._asked is None:
            buckets, crew = Buckets(Client("s3", self._remote.access)), Crew()
            self._asked = buckets, crew
            named = [one for one, (_, key) in self._named.items() if key and key[-1] != "/"]
            found = crew.each(lambda one: _looked_up(buckets, *self._named[one]), named)
            self._objects = dict(zip(named, found, strict=True))
        return self._asked

    def _new(self, objects: Sequence[S3Object]) -> Iterator[Source]:
        """Yield what is not sealed yet; beside a digest file the signature that S3 keeps of it."""
        signed = [replace(one, is_signature=True) for one in objects if is_digest(one.key)]
        everything = [*objects, *signed]
        marks = [mark(one, self._services) for one in everything]
        known = () if self._remote.is_reread else self._remembers(marks)
        self.survey.found += len(objects)
        self.survey.older += sum(bool(one.version) for one in objects)
        for one, its in zip(everything, marks, strict=True):
            if its in known:
                self.survey.unchanged += not one.is_signature
            else:
                size = 0 if one.is_signature else one.size
                yield Source(name=one.name, path=None, size=size, object=one)


def _by_name(source: Source) -> str:
    return source.name


def _looked_up(buckets: Buckets, bucket: str, key: str) -> S3Object | StoreError | None:
    try:
        return buckets.find(bucket, key)
    except StoreError as error:
        return error


def _problem(bucket: str, key: str, error: StoreError) -> Source:
    return Source(name=spelled(bucket, key), path=None, problem=error.detail)
