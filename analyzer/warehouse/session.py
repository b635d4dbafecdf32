"""Session: the warehouse as it is asked: at one moment, with what was known by then."""

from __future__ import annotations

from functools import cached_property

from analyzer import when
from analyzer.answers.shape import Scope
from analyzer.archive import Archive, Cut
from analyzer.digests.unvouched import Unvouched
from analyzer.knowledge import Knowledge
from analyzer.moment import Moment
from analyzer.progress import Progress
from analyzer.warehouse import build
from analyzer.warehouse.build import Material
from analyzer.warehouse.engine import Engine
from analyzer.warehouse.store import refreshed
from analyzer.warehouse.tables import DERIVED, FINDINGS


class Session:
    """What a question rests on; nothing is read or made before somebody asks."""

    def __init__(
        self,
        archive: Archive,
        knowledge: Knowledge,
        *,
        at: str,
        known_at: str | None,
        rules: str | None,
        now: Moment,
    ) -> None:
        """Take an archive, what was read from it, and the two times and the rules, as typed."""
        self.archive = archive
        self._knowledge = knowledge
        self._at = at
        self._known_at = known_at
        self.rules = rules
        self.now = now

    @cached_property
    def scope(self) -> Scope:
        """The moment asked about and what was known; see `Knowledge.scope`."""
        return self._knowledge.scope(self._at, self._known_at, self.now, self.rules)

    @cached_property
    def cut(self) -> Cut:
        """How many entries of each ledger are known; raises UnreadableTimeError."""
        return self._knowledge.cut(self._known_at, self.now)

    @property
    def asked_at(self) -> Moment:
        """The moment asked about, found without reading a record; raises UnreadableTimeError."""
        end = self._knowledge.newest_time(self.cut) or 0
        return when.parse(self._at, now=self.now, end=end)

    @property
    def silent(self) -> tuple[Unvouched, ...]:
        """The stretches for which nothing vouches, found without reading a record."""
        return self._knowledge.silent(self.cut)

    def open(self, on_progress: Progress | None = None, *, is_distrusted: bool = False) -> Engine:
        """Open the warehouse for reading, made or extended first if it has to be; to be closed.

        The file itself speaks of the newest event, of all that was sealed, and judges every loss by
        the rules of its time. Else tables of the session's own are laid over those of the file.

        Args:
            on_progress: told how many entries of how many are loaded.
            is_distrusted: make the file anew, whatever it says of itself.

        Raises:
            UnreadableTimeError: one of the times.
            UnknownRulesError: the rules.
            DamagedFileError: the file cannot be read, though it may say that it is whole.
            ForeignFileError: a DuckDB file of somebody else is in its place.
            OSError: it can be written nowhere.
        """
        is_whole = (self._at, self._known_at, self.rules) == ("end", None, None)
        scope = None if is_whole else self.scope
        material = Material(
            archive=self.archive, knowledge=self._knowledge, on_progress=on_progress
        )
        engine = Engine.reading(refreshed(material, is_distrusted=is_distrusted))
        if scope is not None:
            is_partial = scope.cut != self.archive.sizes()
            if is_partial:
                build.forget(engine, self.archive, scope.cut)
            is_other = is_partial or self.rules is not None
            build.derive(engine, scope, DERIVED if is_other else (FINDINGS,), is_temporary=True)
            build.ask_at(engine, scope.at, scope.known_at)
        engine.lock()
        return engine
