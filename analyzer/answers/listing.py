"""Listing: the rows of `state` at any moment, each made once for as long as it holds.

From one moment to the next nearly every key and database stays as it is: the row that was made for
one moment is the row of others too. Whoever takes a row does not change it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from analyzer.answers.rows import database_row, key_row
from analyzer.answers.shape import Document
from analyzer.history.history import History
from analyzer.history.names import short
from analyzer.moment import Moment
from analyzer.recovery.database import DatabaseState
from analyzer.recovery.verdict import Judgement
from analyzer.resources.kms_key.events import KeyCreated, KeyStatus
from analyzer.resources.kms_key.state import KeyState
from analyzer.timeline import Timeline

KeyStanding = tuple[KeyState, tuple[str, ...]]
"""What the row of a key says: its state, and the aliases that point at it."""

DatabaseStanding = tuple[DatabaseState, Judgement]
"""What the row of a database says: its state, and the verdict on it."""


class Listing:
    """The keys and databases of a history as they are listed at one moment or another."""

    def __init__(self, history: History) -> None:
        """Take what is known; nothing is listed yet."""
        self.history = history
        self._rows: dict[tuple[object, ...], Document] = {}
        self._created: dict[str, Moment] = {}
        for fact in history.groups.of(KeyCreated):
            if not fact.has_failed:
                self._created.setdefault(fact.event.key, fact.evidence.time)
        self._aliases: dict[str, list[tuple[str, Timeline[str | None]]]] = defaultdict(list)
        pointers = history.groups.pointers
        for arn, aliases in pointers.of_key.items():
            self._aliases[arn] = [(short(one), pointers.aliases[one]) for one in sorted(aliases)]

    def keys(self, arns: Iterable[str], at: Moment) -> Iterator[Document]:
        """Yield the rows of those keys that existed by then, as far as the ledger can tell."""
        for arn in arns:
            standing = self.key(arn, at)
            if standing is not None:
                yield self._row_of_key(standing)

    def databases(self, identities: Iterable[str], at: Moment) -> list[Document]:
        """Return the rows of those databases that existed by then, by name."""
        standing = ((one, self.database(one, at)) for one in identities)
        rows = (self._row_of_database(one, there) for one, there in standing if there is not None)
        return sorted(rows, key=_by_name)

    def key(self, arn: str, at: Moment) -> KeyStanding | None:
        """Return what the row of a key says at a moment; None where it did not exist yet."""
        state = self.history.key(arn).at(at)
        if state is None or self._created.get(arn, at) > at:
            return None
        aliases = self._aliases.get(arn)
        if aliases is None or state.status is KeyStatus.DELETED:  # they go with their key
            return state, ()
        return state, tuple(name for name, targets in aliases if targets.at(at) == arn)

    def database(self, identity: str, at: Moment) -> DatabaseStanding | None:
        """Return what the row of a database says at a moment; None where it did not exist yet."""
        state = self.history.database(identity).at(at)
        judgement = self.history.judgements(identity).at(at)
        return None if state is None or judgement is None else (state, judgement)

    # Rows are kept by which states they were made of: to compare what these say would take longer
    # than to make a row. The history keeps every state, so that no number is used again.

    def _row_of_key(self, standing: KeyStanding) -> Document:
        state, aliases = standing
        made_of = (id(state), aliases)
        if made_of not in self._rows:
            self._rows[made_of] = key_row(state, aliases)
        return self._rows[made_of]

    def _row_of_database(self, identity: str, standing: DatabaseStanding) -> Document:
        state, judgement = standing
        made_of = (id(state), id(judgement))
        if made_of not in self._rows:
            key = self.history.key_of(identity)
            self._rows[made_of] = database_row(state, judgement, key)
        return self._rows[made_of]


def _by_name(row: Document) -> tuple[str, str, str]:
    return (row["name"], row["arn"], row["resource_id"] or "")
