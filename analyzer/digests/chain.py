"""Chain: the digest files of one trail in one Region, each naming the one before it.

    A ◄── B ◄── C        B says where A lies, what it hashes to, and how it is signed

Walking it shows what was replaced, what was slipped in, and what is not there any more. Whether
hours are missing is told by the windows: each digest file says from when to when it speaks.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from analyzer.digests.document import ChainId, DigestFile, Place, base_name
from analyzer.digests.report import Finding, Kind, Mark, Silence
from analyzer.digests.stretches import Cover
from analyzer.moment import HOUR, Moment

Wrong = tuple[Kind, DigestFile, int | None]
"""What is wrong with a digest file, and the entry that shows it."""


class Chain:
    """One chain of digest files, in the order of the windows of which they speak."""

    def __init__(self, chain: ChainId, files: Iterable[DigestFile]) -> None:
        self.id = chain
        self.files: Sequence[DigestFile] = sorted(
            files, key=lambda one: (one.start, one.end, one.place, one.entry)
        )
        self._at: dict[Place, list[DigestFile]] = defaultdict(list)
        self._after: dict[Place, list[DigestFile]] = defaultdict(list)
        for file in self.files:
            self._at[file.place].append(file)
            if file.previous is not None:
                self._after[file.previous.place].append(file)

    def contradictions(self, marks: Mapping[int, Mark]) -> Iterator[Finding]:
        """Yield what cannot be true together with the rest of the chain, each file once.

        Args:
            marks: of the digest files, by entry.
        """
        told: set[int] = set()
        for file in self.files:
            mark = marks[file.entry]
            found = self._replaced(file, mark) or self._foreign(file) or self._unsigned(file, mark)
            if found is not None and found[1].entry not in told:
                kind, wrong, by = found
                told.add(wrong.entry)
                yield replace(self._finding(kind, wrong, by=by), start=wrong.start, end=wrong.end)

    def _replaced(self, file: DigestFile, mark: Mark) -> Wrong | None:
        """Say if the file is not what the next one says; or one of several of the same name."""
        after = [one for one in self._after[file.place] if one.previous and one.previous.digest]
        if after and not any(_fits(file, one) for one in after):
            if mark is Mark.VALID:  # AWS signed this one: it is the next one that is not AWS's
                return Kind.DIGEST_REPLACED, after[0], file.entry
            return Kind.DIGEST_REPLACED, file, after[0].entry
        others = [one for one in self._at[file.place] if one is not file]
        if others and not after:
            return Kind.DIGEST_REPLACED, file, others[0].entry
        return None

    def _unsigned(self, file: DigestFile, mark: Mark) -> Wrong | None:
        """Say if the file's signature is not CloudTrail's."""
        if mark is not Mark.INVALID:
            return None
        by = next((one.entry for one in self._after[file.place]), None)
        return Kind.SIGNATURE_INVALID, file, by

    def _foreign(self, file: DigestFile) -> Wrong | None:
        """Say if the chain leads past the file: nothing names it, though the next one is here."""
        if self._after[file.place]:
            return None
        following = next((one for one in self.files if one.start >= file.end), None)
        if following is None or following.previous is None:
            return None
        if following.start == file.end or self._at[following.previous.place]:
            return Kind.DIGEST_FOREIGN, file, following.entry
        return None

    def gaps(self, elsewhere: Cover) -> Iterator[Finding]:
        """Yield where the chain, or the time of which it speaks, has holes.

        Args:
            elsewhere: the time for which other chains vouch.
        """
        until: Moment | None = None
        for file in self.files:
            found = self._gap_before(file, until)
            if found is not None:
                is_covered = (
                    found.start is not None
                    and found.end is not None
                    and found.start < found.end
                    and elsewhere.holds(found.start, found.end)
                )
                yield replace(found, is_covered=is_covered)
            until = file.end if until is None else max(until, file.end)

    def _gap_before(self, file: DigestFile, until: Moment | None) -> Finding | None:
        """Say what is missing before a file, of a chain that was covered up to *until*."""
        before = file.previous
        if before is not None and not self._at[before.place]:
            if until is None:
                cut = self._finding(Kind.CHAIN_CUT, None, by=file.entry, name=before.place.key)
                return replace(cut, end=file.start)
            missing = self._finding(
                Kind.DIGESTS_MISSING, None, by=file.entry, name=before.place.key
            )
            start = min(until, file.start)
            count = max(1, -((start - file.start) // HOUR))
            return replace(missing, start=start, end=file.start, count=count)
        if until is None or (before is not None and file.start <= until):
            return None
        kind = Kind.CHAIN_RESTARTED if before is None else Kind.HOURS_WITHOUT_DIGESTS
        if before is not None and self.id.is_backfill:
            return None
        found = self._finding(kind, None, by=file.entry, name=file.place.key)
        return replace(found, start=min(until, file.start), end=file.start)

    def remarks(self) -> Iterator[Finding]:
        """Yield digest files that follow, in the chain, one of a later time; or lie elsewhere."""
        for file in self.files:
            before = self._at[file.previous.place] if file.previous is not None else []
            if any(one.start >= file.start for one in before):
                yield self._finding(Kind.DIGEST_OUT_OF_ORDER, file, by=before[0].entry)
            if file.names and not any(is_named(name, file.place.name) for name in file.names):
                yield self._finding(Kind.DIGEST_RENAMED, file, source=file.names[0])

    def silences(self, marks: Mapping[int, Mark], trusted: Iterable[DigestFile]) -> list[Silence]:
        """Return the stretches for which the trusted digest files name no log file."""
        runs: list[list[DigestFile]] = []
        for file in trusted:
            if file.logs:
                continue
            if runs and runs[-1][-1].end == file.start:
                runs[-1].append(file)
            else:
                runs.append([file])
        return [
            Silence(
                chain=self.id,
                start=run[0].start,
                end=run[-1].end,
                count=len(run),
                is_signed=all(marks[file.entry] is Mark.VALID for file in run),
            )
            for run in runs
        ]

    def _finding(
        self,
        kind: Kind,
        file: DigestFile | None,
        *,
        by: int | None = None,
        name: str | None = None,
        source: str | None = None,
    ) -> Finding:
        return Finding(
            kind=kind,
            chain=self.id,
            name=file.place.key if file is not None else name,
            entry=file.entry if file is not None else None,
            by=by,
            source=source or (next(iter(file.names), None) if file is not None else None),
            account=self.id.account,
            region=self.id.region or None,
        )


def chains(files: Iterable[DigestFile]) -> list[Chain]:
    """Put digest files into their chains, in the order of account, Region and trail."""
    found: dict[ChainId, list[DigestFile]] = defaultdict(list)
    for file in files:
        found[file.chain].append(file)
    return [Chain(chain, held) for chain, held in sorted(found.items())]


def is_named(local: str, name: str) -> bool:
    """Tell whether a local name ends like a key of S3; a pipe has no name, and may be anything."""
    return local == "-" or base_name(local).endswith(name)


def _fits(file: DigestFile, following: DigestFile) -> bool:
    """Tell whether a file is the one that *following* says came before it."""
    return following.previous is not None and following.previous.digest in file.digests
