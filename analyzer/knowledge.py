"""Knowledge: what the ledgers of an archive say together, and what of it a question may rest on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from itertools import chain
from typing import Final

from analyzer import when
from analyzer.answers.listing import Listing
from analyzer.answers.shape import Scope
from analyzer.archive import Archive, Cut
from analyzer.digests.check import Held, check
from analyzer.digests.keys import PublicKeys
from analyzer.digests.report import DigestReport
from analyzer.digests.unvouched import Unvouched, unvouched
from analyzer.errors import UnreadableTimeError
from analyzer.evidence import Evidence
from analyzer.export.sealed import Selection
from analyzer.findings.finding import Finding
from analyzer.findings.findings import find
from analyzer.history.history import History
from analyzer.history.repeats import Identity, identity, is_alike, once
from analyzer.latest import Latest
from analyzer.moment import Moment
from analyzer.progress import Progress
from analyzer.reader import Undecoded
from analyzer.recovery.rules import Rules, always, in_force, named
from analyzer.resource import Fact

_KEPT: Final = 4
"""Answers of a kind that are kept: a dashboard asks of a moment or two, `diff` of two."""

_Known = tuple[Cut, Cut]
"""How much is known: a cut, and the editions of what lies in it."""

Heard = tuple[tuple[Fact, ...], tuple[Evidence, ...]]
"""Facts, and the records that contradict an earlier one."""


class Knowledge:
    """The facts of an archive, read once and extended as it grows; it reads no clock."""

    def __init__(self, archive: Archive) -> None:
        """Take open ledgers; nothing is read yet."""
        self._archive = archive
        self._heard: Latest[_Known, Heard] = Latest(_KEPT)
        self._histories: Latest[tuple[_Known, str | None], History] = Latest(_KEPT)
        self._listings: Latest[History, Listing] = Latest(_KEPT)
        self._findings: Latest[tuple[_Known, str | None, Moment], tuple[Finding, ...]] = Latest(
            _KEPT
        )
        self._digests: Latest[tuple[_Known, frozenset[tuple[str, bytes]]], DigestReport] = Latest(
            _KEPT
        )

    def scope(self, at: str, known_at: str | None, now: Moment, rules: str | None = None) -> Scope:
        """Work out what a question rests on.

        Args:
            at: valid time, as typed.
            known_at: transaction time, as typed; None for everything that was sealed.
            now: the present, to which times may be relative.
            rules: the era by whose rules every loss is judged; None for those of its own time.

        Raises:
            UnreadableTimeError: one of the times cannot be read.
            UnknownRulesError: no era has that name.
        """
        era = named(rules) if rules is not None else None
        cut = self.cut(known_at, now)
        return self._scope(cut, when.parse(at, now=now, end=self.newest_time(cut) or 0), era)

    def within(self, cut: Cut) -> Scope:
        """Return what is known within a cut, at the moment of its newest event."""
        return self._scope(cut, self.newest_time(cut) or 0, None)

    def _scope(self, cut: Cut, at: Moment, era: Rules | None) -> Scope:
        contradictions = self._said(cut)[1]
        conflicts: dict[str, tuple[int, ...]] = defaultdict(tuple)
        for one in contradictions:
            conflicts[one.event_id] += (one.entry,)
        return Scope(
            history=self._history(cut, era),
            at=at,
            known_at=sum(cut),
            cut=cut,
            conflicts=dict(conflicts),
            contradictions=contradictions,
            undecoded=len(self.undecoded(cut)),
            redacted=tuple(
                one for volume, size in self._archive.cut(cut) for one in volume.redacted(size)
            ),
            lost=self._archive.lost,
            rules=era,
        )

    def read(self, on_progress: Progress) -> None:
        """Decode what was not decoded yet; *on_progress* is told the entries gone through."""
        before, total = 0, sum(self._archive.sizes())
        for volume in self._archive.volumes:
            for done in volume.read():
                on_progress(before + done, total)
            before += volume.size

    def undecoded(self, cut: Cut) -> list[Undecoded]:
        """Return what nobody knows the meaning of within a cut."""
        found: dict[Identity, Undecoded] = {}
        for volume, size in self._archive.cut(cut):
            for one in volume.undecoded(size):
                found.setdefault(identity(one.evidence), one)
        return list(found.values())

    def selection(
        self, since: str | None, until: str | None, known_at: str | None, now: Moment
    ) -> Selection:
        """Work out which stretch of time is meant; raises UnreadableTimeError."""
        cut = self.cut(known_at, now)
        end = self.newest_time(cut) or 0
        return Selection(
            size=sum(cut),
            cut=cut,
            since=None if since is None else when.parse(since, now=now, end=end),
            until=None if until is None else when.parse(until, now=now, end=end),
        )

    def cut(self, known_at: str | None, now: Moment) -> Cut:
        """Return how many entries were sealed by then.

        Raises:
            UnreadableTimeError: it cannot be read, or it counts entries, which have no order among
                the shards of a fleet.
        """
        sizes = self._archive.sizes()
        if known_at is None:
            return sizes
        count = when.parse_count(known_at)
        if count is not None and self._archive.is_fleet:
            raise UnreadableTimeError(known_at, when.FORMS)
        if count is not None:
            return tuple(min(count, size) for size in sizes)
        then = when.parse_known(known_at, now=now)
        return tuple(volume.size_at(then) for volume in self._archive.volumes)

    def size(self, known_at: str | None, now: Moment) -> int:
        """Return how many entries were sealed by then in all; raises UnreadableTimeError."""
        return sum(self.cut(known_at, now))

    def digests(self, cut: Cut | None = None, keys: PublicKeys | None = None) -> DigestReport:
        """Check digest files.

        Args:
            cut: how many entries are taken into account; None for all of them.
            keys: public keys; without any, hashes are checked and no signature is.
        """
        within = self._archive.sizes() if cut is None else cut
        asked = (within, self._editions()), frozenset((keys or {}).items())
        return self._digests.get(asked, lambda: check(self._held(within), keys or {}))

    def _held(self, cut: Cut) -> Held:
        parts = list(self._archive.cut(cut))
        held = [volume.held(size) for volume, size in parts]
        if len(held) > 1 and any(one.files for one in held):
            held = [volume.held(size, with_sources=True) for volume, size in parts]
        return _together(held)

    def findings(self, scope: Scope) -> tuple[Finding, ...]:
        """Return what deserves attention in a scope of this knowledge; see `findings.find`."""
        era = scope.rules.name if scope.rules is not None else None
        asked = (scope.cut, self._editions()), era, scope.at
        return self._findings.get(asked, lambda: find(scope))

    def listing(self, scope: Scope) -> Listing:
        """Return the rows of `state` of a scope's history, as far as they were made already."""
        return self._listings.get(scope.history, lambda: Listing(scope.history))

    def silent(self, cut: Cut) -> tuple[Unvouched, ...]:
        """Return the stretches for which nothing vouches; no record is decoded for that."""
        lost = (one.unvouched() for one in self._archive.lost)
        return (*unvouched(self.digests(cut)), *lost)

    def newest_time(self, cut: Cut) -> Moment | None:
        """Return the newest event time within a cut; None where no entry has one."""
        times = [volume.newest_time(size) for volume, size in self._archive.cut(cut)]
        return max((time for time in times if time is not None), default=None)

    def _history(self, cut: Cut, era: Rules | None) -> History:
        asked = (cut, self._editions()), era.name if era is not None else None
        return self._histories.get(asked, lambda: self._told(cut, era))

    def _told(self, cut: Cut, era: Rules | None) -> History:
        rulebook = in_force if era is None else always(era)
        return History(self._said(cut)[0], rulebook, self.silent(cut))

    def _said(self, cut: Cut) -> Heard:
        """Return what the volumes say within a cut, each record once."""
        return self._heard.get((cut, self._editions()), lambda: self._hear(cut))

    def _hear(self, cut: Cut) -> Heard:
        parts = [tuple(volume.facts(size)) for volume, size in self._archive.cut(cut)]
        facts, contradictions = once(parts, self._is_same)
        known = (one for volume, size in self._archive.cut(cut) for one in volume.conflicts(size))
        return facts, (*known, *contradictions)

    def _editions(self) -> Cut:
        """Tell what is known now from what was known before something was erased."""
        for volume in self._archive.volumes:
            volume.catch_up()
        return tuple(volume.edition for volume in self._archive.volumes)

    def _is_same(self, one: Evidence, other: Evidence) -> bool:
        return is_alike(*(self._archive.entry(said.entry).payload for said in (one, other)))


def _together(held: Sequence[Held]) -> Held:
    """Return what several ledgers hold as if one held it."""
    return Held(
        files=tuple(chain.from_iterable(one.files for one in held)),
        saved=tuple(chain.from_iterable(one.saved for one in held)),
        unreadable=tuple(chain.from_iterable(one.unreadable for one in held)),
        sources=tuple(chain.from_iterable(one.sources for one in held)),
    )
