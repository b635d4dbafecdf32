"""Inquiry: every question that can be asked of sealed records, in one ledger or in many.

An inquiry reads no clock: the present is an argument (`now`, microseconds since the epoch) wherever
a question may be relative to it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from analyzer import when
from analyzer.answers import find
from analyzer.answers.blast import blast
from analyzer.answers.diff import diff
from analyzer.answers.dossier import dossier
from analyzer.answers.explain import explain
from analyzer.answers.gaps import gaps
from analyzer.answers.shape import Document
from analyzer.answers.state import state
from analyzer.answers.timeline import timeline
from analyzer.answers.whatif import Changes, whatif
from analyzer.catalogue import Query as Question
from analyzer.catalogue import queries
from analyzer.digests.keys import PublicKeys
from analyzer.findings.finding import Finding
from analyzer.findings.suppressions import Suppression
from analyzer.history.naming import resolve
from analyzer.keeping import Keeping
from analyzer.moment import Moment
from analyzer.opened import Opened
from analyzer.playback.build import build, hypothetical
from analyzer.playback.playback import Playback
from analyzer.playback.usage import Usage
from analyzer.progress import unheard
from analyzer.proof.provenance import cited_in, provenance
from analyzer.usage import first_refused, last_used

if TYPE_CHECKING:
    from analyzer.warehouse.rows import Rows
    from analyzer.warehouse.session import Session as WarehouseSession

T = TypeVar("T")


class Inquiry(Opened):
    """What is asked, and what was read for it so far; its methods give it to who answers it."""

    custody: Keeping

    def ask(self, question: Callable[[Inquiry], T]) -> T:
        """Ask a question; a fleet asks it of the shards that can answer."""
        return question(self)

    def state(
        self,
        resource: str | None,
        at: str,
        known_at: str | None,
        now: Moment,
        rules: str | None = None,
    ) -> Document:
        """Answer the contract's `state`; raises the analyzer's errors."""
        scope = self._knowledge.scope(at, known_at, now, rules)
        kinds = ("key", "database")
        named = None if resource is None else resolve(scope.history, resource, scope.at, kinds)
        return state(scope, named, self._knowledge.listing(scope))

    def explain(
        self,
        database: str,
        at: str,
        known_at: str | None,
        now: Moment,
        rules: str | None = None,
        *,
        keys: PublicKeys | None = None,
    ) -> Document:
        """Answer the contract's `explain`; raises the analyzer's errors."""
        scope = self._knowledge.scope(at, known_at, now, rules)
        identity = resolve(scope.history, database, scope.at, ("database",)).id
        refused = partial(first_refused, self.archive, cut=scope.cut)
        told = explain(scope, identity, refused)
        report = self._knowledge.digests(scope.cut, keys)
        return {**told, "provenance": provenance(self.archive, cited_in(told), report)}

    def timeline(
        self, resource: str, at: str, known_at: str | None, now: Moment, rules: str | None = None
    ) -> Document:
        """Answer the contract's `timeline`; raises the analyzer's errors."""
        scope = self._knowledge.scope(at, known_at, now, rules)
        return timeline(scope, resolve(scope.history, resource, scope.at, ("key", "database")))

    def blast(
        self, key: str, at: str, known_at: str | None, now: Moment, rules: str | None = None
    ) -> Document:
        """Answer the contract's `blast`; raises the analyzer's errors."""
        scope = self._knowledge.scope(at, known_at, now, rules)
        arn = resolve(scope.history, key, scope.at, ("key",)).id
        return blast(scope, arn, last_used(self.archive, arn, scope.at, scope.cut))

    def diff(
        self, start: str, end: str, known_at: str | None, now: Moment, rules: str | None = None
    ) -> Document:
        """Answer `diff`, the earlier of two moments first; raises the analyzer's errors."""
        scope = self._knowledge.scope(end, known_at, now, rules)
        other = self._knowledge.scope(start, known_at, now, rules)
        first, last = sorted((other.at, scope.at))
        return diff(scope, first, last, self._knowledge.listing(scope))

    def whatif(
        self, changes: Changes, at: str, known_at: str | None, now: Moment, rules: str | None = None
    ) -> Document:
        """Answer the contract's `whatif`; raises the analyzer's errors."""
        scope = self._knowledge.scope(at, known_at, now, rules)
        return whatif(scope, changes, now, is_end=at.strip() == "end")

    def gaps(
        self,
        at: str,
        known_at: str | None,
        now: Moment,
        rules: str | None = None,
        *,
        keys: PublicKeys | None = None,
    ) -> Document:
        """Return where the evidence has holes; raises the analyzer's errors."""
        scope = self._knowledge.scope(at, known_at, now, rules)
        return gaps(scope, self._knowledge.digests(scope.cut, keys))

    def find(
        self,
        at: str,
        known_at: str | None,
        now: Moment,
        rules: str | None = None,
        *,
        since: str | None = None,
        suppressions: bytes = b"",
        is_whole: bool = False,
        with_queries: bool = False,
    ) -> Document:
        """Answer `find`: what deserves attention; raises the analyzer's errors.

        Args:
            at: valid time, as typed.
            known_at: transaction time, as typed; None for the whole ledger.
            now: the present.
            rules: the era by whose rules every loss is judged.
            since: only what began or ended from then on, as typed.
            suppressions: a file of suppressions.
            is_whole: also what was withdrawn, has ended or is suppressed.
            with_queries: also ask every query of the catalogue that has a severity.
        """
        scope = self._knowledge.scope(at, known_at, now, rules)
        wanted = find.Wanted(
            now=now,
            since=None if since is None else when.parse(since, now=now, end=scope.at),
            is_whole=is_whole,
            suppressions=_suppressed(suppressions) if suppressions else (),
            asked=self._asked(at, known_at, now, rules) if with_queries else (),
        )
        return find.answer(scope, self._knowledge.findings(scope), wanted)

    def _asked(
        self, at: str, known_at: str | None, now: Moment, rules: str | None
    ) -> tuple[Finding, ...]:
        from analyzer.asking import asked  # DuckDB only when somebody asks

        return asked(self.session(at=at, known_at=known_at, rules=rules, now=now))

    def findings(self, at: str, known_at: str | None, now: Moment) -> tuple[Finding, ...]:
        """Return every finding up to a moment; raises UnreadableTimeError."""
        return self._knowledge.findings(self._knowledge.scope(at, known_at, now))

    def dossier(
        self,
        database: str,
        at: str,
        known_at: str | None,
        now: Moment,
        rules: str | None = None,
        *,
        keys: PublicKeys | None = None,
    ) -> Document:
        """Answer `report`: all that an incident's file needs; raises the analyzer's errors."""
        scope = self._knowledge.scope(at, known_at, now, rules)
        identity = resolve(scope.history, database, scope.at, ("database",)).id
        report = self._knowledge.digests(scope.cut, keys)
        found = self._knowledge.findings(scope)
        return dossier(scope, identity, found, report, self.custody.sealed)

    def playback(
        self,
        at: str,
        known_at: str | None,
        now: Moment,
        on_progress: Callable[[int, int], None] = unheard,
    ) -> Playback:
        """Lay out everything that is known in time, up to *at*; raises the analyzer's errors."""
        self._knowledge.read(lambda done, total: on_progress(done, 2 * total))
        scope = self._knowledge.scope(at, known_at, now)
        return build(scope, lambda done, total: on_progress(total + done, 2 * total))

    def imagined(
        self,
        real: Playback,
        crossed_out: Collection[int],
        on_progress: Callable[[int, int], None] = unheard,
    ) -> Playback:
        """Lay out what would have been without some entries and what follows from them."""
        return hypothetical(real, crossed_out, on_progress)

    def warehouse(self, on_progress: Callable[[int, int], None] | None = None) -> Path:
        """Return the file of the columnar read model, made or extended first if it has to be."""
        from analyzer.warehouse.build import Material
        from analyzer.warehouse.store import refreshed

        knowledge = self._knowledge
        return refreshed(
            Material(archive=self.archive, knowledge=knowledge, on_progress=on_progress)
        )

    def questions(self) -> tuple[Question, ...]:
        """Return the catalogue, in the order of the names."""
        return tuple(queries())

    def query(
        self,
        text: str,
        parameters: Mapping[str, str],
        *,
        at: str = "end",
        known_at: str | None = None,
        rules: str | None = None,
        now: Moment,
        seconds: float | None = None,
        on_progress: Callable[[int, int], None] | None = None,
        on_wait: Callable[[], None] = lambda: None,
    ) -> Rows:
        """Answer a query of the catalogue, or SQL; see `analyzer.warehouse.asking.answer`."""
        from analyzer.warehouse.asking import answer

        session = self.session(at=at, known_at=known_at, rules=rules, now=now)
        return answer(session, text, parameters, seconds, on_progress, on_wait=on_wait)

    def usage(
        self,
        known_at: str | None,
        now: Moment,
        on_progress: Callable[[int, int], None] | None = None,
    ) -> Usage:
        """Count how often keys were used by the minute; see `analyzer.warehouse.pulse`."""
        from analyzer.warehouse.pulse import pulse

        session = self.session(at="end", known_at=None, rules=None, now=now)
        return pulse(session, self._knowledge.cut(known_at, now), on_progress)

    def session(
        self, *, at: str, known_at: str | None, rules: str | None, now: Moment
    ) -> WarehouseSession:
        """Return what a query rests on; see `analyzer.warehouse.session.Session`."""
        from analyzer.warehouse.session import Session

        return Session(
            self.archive, self._knowledge, at=at, known_at=known_at, rules=rules, now=now
        )


def _suppressed(content: bytes) -> tuple[Suppression, ...]:
    from analyzer import catalogue  # read only when somebody names its queries

    return find.suppressed(content, catalogue.names())
