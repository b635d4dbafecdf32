"""Identity index: which entries may share an identity, in eight bytes an entry.

A 64-bit prefix of the SHA-256 of each full identity, sorted, in runs that are merged as they grow
(at most a million entries a run). They lie on disk; in memory there is a sieve of each run. A hit
only names a suspect: the caller compares the full identity with what is sealed, so a collision, or
an index that somebody wrote by hand, drops nothing.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

import numpy as np

from ledger.columns import Numbers
from ledger.derived import Derived, IdentityRow
from ledger.errors import MalformedError, UnreadableError
from ledger.segment import pack_numbers, unpack_numbers
from ledger.sieve import Sieve

MAX_RUN: Final = 1 << 20
_FAN: Final = 4
"""Runs of about one size that are merged into the next: few runs to search, few rewrites."""
_REBUILD: Final = 1 << 16

Prefixes = Callable[[int, int], Numbers]
"""Re-derives the prefixes of sealed entries [start, stop), in their order."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Run:
    """Entries [first, first + count): their prefixes, and what these belong to, stay on disk."""

    first: int
    count: int
    checksum: int
    sieve: Sieve


Listed = tuple[Numbers, Numbers]
"""The sorted prefixes of a run, and to which of its entries each of them belongs."""


class IdentityIndex:
    """The index of one ledger, kept in step with its derived table."""

    def __init__(self, derived: Derived) -> None:
        self._derived = derived
        self._runs: list[Run] = []
        self._listed: dict[int, Listed] = {}

    def sync(self, size: int, rebuild: Prefixes) -> None:
        """Make the index cover exactly the entries [0, size), inside a write transaction.

        Args:
            size: entries of the ledger.
            rebuild: asked for whatever is missing, damaged or lagging behind.
        """
        cached = {(run.first, run.count, run.checksum): run for run in self._runs}
        self._runs, self._listed = [], {}
        keys = self._derived.identity_keys()
        covered = 0
        for key in keys:
            first, count, _ = key
            if first != covered or not 0 < count <= size - covered:
                break
            run = cached.get(key) or self._load(first)
            if run is None:
                break
            self._runs.append(run)
            covered += count
        self._derived.drop_identity_rows(first for first, _, _ in keys[len(self._runs) :])
        for start in range(covered, size, _REBUILD):
            self.add(start, rebuild(start, min(start + _REBUILD, size)))

    def find(self, prefixes: Numbers) -> dict[int, list[int]]:
        """Find sealed entries that may share an identity.

        Args:
            prefixes: one per candidate.

        Returns:
            Place of the candidate to entries, ascending; candidates without any are left out.
        """
        order = np.argsort(prefixes)
        wanted = prefixes[order]
        found: dict[int, list[int]] = {}
        for run in self._runs:
            passing = run.sieve.passing(wanted)
            if not len(passing):
                continue
            known, places = self._listed_of(run)
            left = np.searchsorted(known, wanted[passing])
            is_hit = known[np.minimum(left, run.count - 1)] == wanted[passing]
            hits, starts = passing[is_hit], left[is_hit]
            candidates = order[hits].tolist()
            ends = np.searchsorted(known, wanted[hits], side="right")
            firsts = (places[starts].astype(np.uint64) + np.uint64(run.first)).tolist()
            for candidate, entry in zip(candidates, firsts, strict=True):
                found.setdefault(candidate, []).append(entry)
            for which in np.flatnonzero(ends - starts > 1).tolist():  # a prefix of several entries
                more = places[starts[which] + 1 : ends[which]].astype(np.uint64)
                found[candidates[which]] += (more + np.uint64(run.first)).tolist()
        for entries in found.values():
            entries.sort()
        return found

    def add(self, first: int, prefixes: Numbers) -> None:
        """Index the entries from *first* on, inside a write transaction."""
        if len(prefixes):
            order = np.argsort(prefixes, kind="stable")
            self._store(first, prefixes[order], order.astype(np.uint32), replacing=())
            self._merge()

    def forget(self) -> None:
        """Drop what is cached: the transaction that it was read or written in did not commit."""
        self._runs, self._listed = [], {}

    def _merge(self) -> None:
        while (count := self._mergeable()) >= _FAN:
            runs = self._runs[-count:]
            first = runs[0].first
            listed = [self._listed_of(run) for run in runs]
            shifts = [np.uint32(run.first - first) for run in runs]
            prefixes = np.concatenate([known for known, _ in listed])
            places = np.concatenate(
                [places + shift for (_, places), shift in zip(listed, shifts, strict=True)]
            )
            order = np.argsort(prefixes, kind="stable")
            del self._runs[-count:], listed
            replaced = [run.first for run in runs]
            self._store(first, prefixes[order], places[order], replacing=replaced)

    def _mergeable(self) -> int:
        """How many runs at the end are of the last one's order of magnitude or below it."""
        level = _level(self._runs[-1].count)
        total = count = 0
        for run in reversed(self._runs):
            total += run.count
            if _level(run.count) > level or total > MAX_RUN:
                break
            count += 1
        return count

    def _store(
        self, first: int, prefixes: Numbers, places: Numbers, *, replacing: Iterable[int]
    ) -> None:
        packed = pack_numbers(prefixes), pack_numbers(places)
        checksum = _checksum(first, *packed)
        row = IdentityRow(
            first=first,
            count=len(prefixes),
            checksum=checksum,
            prefixes=packed[0],
            places=packed[1],
        )
        self._derived.put_identity_row(row, replacing=replacing)
        self._runs.append(
            Run(first=first, count=len(prefixes), checksum=checksum, sieve=Sieve(prefixes))
        )
        self._listed = {first: (prefixes, places)}

    def _load(self, first: int) -> Run | None:
        """A run as it lies on disk; None where it is damaged."""
        row = self._derived.identity_row(first)
        try:
            prefixes, _ = _listed(row)
        except MalformedError:
            return None
        if np.any(prefixes[1:] < prefixes[:-1]):
            return None
        return Run(first=first, count=row.count, checksum=row.checksum, sieve=Sieve(prefixes))

    def _listed_of(self, run: Run) -> Listed:
        """What a run lists; that of the run used last is kept, whole ledgers are not."""
        if run.first not in self._listed:
            try:
                self._listed = {run.first: _listed(self._derived.identity_row(run.first))}
            except MalformedError as error:
                raise UnreadableError(self._derived.connection.path, error.detail) from error
        return self._listed[run.first]


def _listed(row: IdentityRow) -> Listed:
    if _checksum(row.first, row.prefixes, row.places) != row.checksum:
        raise MalformedError("a run of the identity index is damaged")
    return (
        unpack_numbers(row.prefixes, row.count, np.uint64),
        unpack_numbers(row.places, row.count, np.uint32),
    )


def _level(count: int) -> int:
    return (count.bit_length() - 1) // (_FAN.bit_length() - 1)


def _checksum(first: int, prefixes: bytes, places: bytes) -> int:
    return zlib.crc32(places, zlib.crc32(prefixes, first & 0xFFFFFFFF))
