"""Logs: the log files that digest files name, held against the sources of a ledger.

A source is known by its hash first: then it is the log file, wherever it lies now. Only where no
source has the hash does the name count: a source of that name is another content, an altered one.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Final

from analyzer.digests.document import DigestFile, LogFile, Place, base_name
from analyzer.digests.report import Finding, Kind, Mark, Signature, Vouched
from analyzer.digests.stretches import Cover
from analyzer.frozen import Frozen
from analyzer.moment import MINUTE, SECOND, Moment, parse_iso

SETTLED: Final = 15 * MINUTE
"""A file whose name tells a moment may be delivered, and so be named, a little later."""

_TRAIL_FILE = re.compile(
    r"(?P<account>[^/_]+)_CloudTrail_(?P<region>[a-z0-9-]+)"
    r"_(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})Z_[A-Za-z0-9]+\.json\Z"
)


class Source(Frozen, frozen=True, kw_only=True):
    """A source that was met.

    Attributes:
        digest: SHA-256 of its inflated bytes, in hexadecimal.
        names: under which it was met.
        entry: the first that was sealed of it; None where nothing was.
    """

    digest: str
    names: tuple[str, ...]
    entry: int | None


class Delivered(Frozen, frozen=True, kw_only=True):
    """What the name of a trail file tells: whose it is, and when it was delivered."""

    account: str
    region: str
    at: Moment


class Logs:
    """What is named, beside what is here."""

    def __init__(self, files: Iterable[DigestFile], sources: Sequence[Source]) -> None:
        """Take the digest files that nothing contradicts, and every source."""
        self._sources = sources
        self._by_digest = {source.digest: source for source in sources}
        self._by_name: dict[str, list[Source]] = defaultdict(list)
        for source in sources:
            for name in {base_name(name) for name in source.names}:
                self._by_name[name].append(source)
        self._named: dict[Place, list[tuple[DigestFile, LogFile]]] = defaultdict(list)
        for file in files:
            for log in file.logs:
                self._named[log.place].append((file, log))

    def vouched(self, signatures: Mapping[int, Signature]) -> dict[str, Vouched]:
        """Return, for each source that a digest file names, the best of those that do."""
        found: dict[str, Vouched] = {}
        for place, told in self._named.items():
            for file, log in told:
                known, signature = found.get(log.digest), signatures[file.entry]
                is_better = known is None or (
                    known.mark is not Mark.VALID and signature.mark is Mark.VALID
                )
                if log.digest in self._by_digest and is_better:
                    found[log.digest] = Vouched(
                        file=file,
                        log_file=place,
                        mark=signature.mark,
                        signature=signature.value,
                    )
        return found

    def held(self, file: DigestFile) -> int:
        """Return how many of the log files that a digest file names are here as delivered."""
        return sum(log.digest in self._by_digest for log in file.logs)

    def altered(self) -> Iterator[Finding]:
        """Yield the sources that are called like a log file and are not what was delivered."""
        for place, told in self._named.items():
            digests = {log.digest for _, log in told}
            for source in self._by_name.get(place.name, ()):
                if source.digest not in digests:
                    yield self._finding(Kind.LOG_FILE_ALTERED, *told[0], source)

    def absent(self) -> Iterator[Finding]:
        """Yield the log files that are named, and not here under any name."""
        for place, told in self._named.items():
            is_here = any(log.digest in self._by_digest for _, log in told)
            if not is_here and place.name not in self._by_name:
                yield self._finding(Kind.LOG_FILE_ABSENT, *told[0], None)

    def renamed(self) -> Iterator[Finding]:
        """Yield the log files that are here, but under names that are not theirs."""
        for place, told in self._named.items():
            for file, log in told:
                source = self._by_digest.get(log.digest)
                if source is None or not source.names:
                    continue
                if "-" not in source.names and source not in self._by_name[place.name]:
                    yield self._finding(Kind.LOG_FILE_RENAMED, file, log, source)
                    break

    def unnamed(self, covers: Mapping[tuple[str, str], Cover]) -> Iterator[Finding]:
        """Yield trail files that no digest file names, though those of their time are here.

        Args:
            covers: by account and Region, the time for which digest files vouch.
        """
        for source, delivered in self._unknown:
            if delivered is None:
                continue
            cover = covers.get((delivered.account, delivered.region))
            if cover is not None and cover.holds(delivered.at, delivered.at + SETTLED):
                yield Finding(
                    kind=Kind.LOG_FILE_UNNAMED,
                    name=source.names[0],
                    entry=source.entry,
                    source=source.names[0],
                    start=delivered.at,
                    end=delivered.at,
                    account=delivered.account,
                    region=delivered.region,
                )

    def unknown(self) -> int:
        """Return how many sources no digest file names."""
        return len(self._unknown)

    @cached_property
    def _unknown(self) -> list[tuple[Source, Delivered | None]]:
        """The sources that no digest file names, and what their own names tell."""
        found: list[tuple[Source, Delivered | None]] = []
        named = {log.digest for told in self._named.values() for _, log in told}
        names = {place.name for place in self._named}
        for source in self._sources:
            if source.digest not in named:
                bases = [base_name(name) for name in source.names]
                if names.isdisjoint(bases):
                    found.append((source, next(filter(None, map(_delivered, bases)), None)))
        return found

    def _finding(
        self, kind: Kind, file: DigestFile, log: LogFile, source: Source | None
    ) -> Finding:
        start = log.oldest if log.oldest is not None else file.start
        end = log.newest + SECOND if log.newest is not None else file.end
        return Finding(
            kind=kind,
            chain=file.chain,
            name=log.place.key,
            entry=source.entry if source is not None else None,
            by=file.entry,
            source=next(iter(source.names), None) if source is not None else None,
            start=start,
            end=max(start, end),
            account=file.chain.account,
            region=file.chain.region or None,
        )


def _delivered(name: str) -> Delivered | None:
    match = _TRAIL_FILE.match(name)
    if match is None:
        return None
    year, month, day, hour, minute = match.groups()[2:]
    at = parse_iso(f"{year}-{month}-{day}T{hour}:{minute}:00Z")
    if at is None:
        return None
    return Delivered(account=match["account"], region=match["region"], at=at)
