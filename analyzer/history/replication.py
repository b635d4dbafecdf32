"""Replication: which database follows which, from when until when.

Sources: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_ReadRepl.html (when the source
is deleted, its replicas are promoted; one of PostgreSQL in another Region stays a replica whose
replication has ended), .../oracle-switchover.html (source and replica trade places, the other
replicas follow the new source).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from analyzer.evidence import Evidence
from analyzer.frozen import Frozen, replace
from analyzer.history.identity import Identities
from analyzer.moment import Moment
from analyzer.recovery.database import Input
from analyzer.resource import Fact
from analyzer.resources.rds_database.attributes import source_arn
from analyzer.resources.rds_database.events import (
    DatabaseCreated,
    DatabaseDeleted,
    DatabaseEvent,
    GreenTookOver,
    ReplicaJoined,
    ReplicaLeft,
    ReplicaMove,
    ReplicaPromoted,
    ReplicaSwitched,
    SourceChanged,
)
from analyzer.resources.rds_notice import DatabaseNotified, Notice

_HALTS = frozenset({Notice.REPLICATION_STOPPED, Notice.REPLICATION_RESUMED})


class Replication(Frozen, frozen=True, kw_only=True):
    """Two databases that hold the same data for a while.

    Attributes:
        source: identity of the database whose copy the other one is.
        replica: identity of the other one.
        joined: the record since which it follows.
        left: the record since which it does not; None while it does.
        halts: moments at which RDS said that it stopped following (True), or resumed (False).
    """

    source: str
    replica: str
    joined: Evidence
    left: Evidence | None = None
    halts: tuple[tuple[Moment, bool], ...] = ()


class _Body(NamedTuple):
    """What is known of a database here: how it is addressed, and its engine."""

    arn: str
    engine: str


@dataclass(slots=True)
class Replications:
    """Every replication of a ledger, and what they mean for the databases at either end.

    Attributes:
        pairs: oldest first.
        moves: inputs by the identity of the database that they move.
    """

    pairs: list[Replication] = field(default_factory=list)
    moves: dict[str, list[Input]] = field(default_factory=lambda: defaultdict(list))
    _source_of: dict[str, str] = field(default_factory=dict)
    _followers: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    _places: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    _bodies: dict[str, _Body] = field(default_factory=dict)

    @classmethod
    def followed(cls, groups: Mapping[str, Sequence[Fact]], identities: Identities) -> Replications:
        """Follow the facts of all databases.

        Args:
            groups: facts by database identity.
            identities: resource ids by ARN and moment.
        """
        found = cls()
        ends = _ends(groups, identities)
        for identity, fact in _in_order({one: groups[one] for one in groups if one in ends}):
            found._take(identity, fact, identities)
        return found

    def of_source(self, identity: str) -> list[Replication]:
        """Return the replications in which a database is the source, each replica once."""
        merged: dict[str, Replication] = {}
        for pair in self.of(identity):
            if pair.source == identity:
                first = merged.get(pair.replica, pair)
                halts = first.halts if first is pair else first.halts + pair.halts
                merged[pair.replica] = replace(first, left=pair.left, halts=halts)
        return list(merged.values())

    def of(self, identity: str) -> list[Replication]:
        """Return the replications in which a database is the source or the replica."""
        return [self.pairs[place] for place in self._places.get(identity, ())]

    def _take(self, identity: str, fact: Fact, identities: Identities) -> None:
        event, by = fact.event, fact.evidence
        if isinstance(event, DatabaseEvent):
            known = self._bodies.get(identity)
            engine = event.seen.engine or (known.engine if known is not None else "")
            self._bodies[identity] = _Body(event.seen.arn, engine)
        if isinstance(event, DatabaseCreated) and event.seen.replica_source is not None:
            self._join(identities.at(source_arn(event.seen), by.time), identity, by)
        elif isinstance(event, ReplicaPromoted):
            self._leave(identity, by)
        elif isinstance(event, ReplicaSwitched):
            self._switch(identity, by)
        elif isinstance(event, GreenTookOver):
            self._take_over(identity, by)
        elif isinstance(event, DatabaseDeleted) or (
            isinstance(event, DatabaseNotified) and event.notice is Notice.DELETED
        ):
            self._leave(identity, by)
            self._orphan(identity, by)

        elif isinstance(event, DatabaseNotified) and event.notice in _HALTS:
            self._halt(identity, by, is_halted=event.notice is Notice.REPLICATION_STOPPED)

    def _halt(self, replica: str, by: Evidence, *, is_halted: bool) -> None:
        for place in self._places[replica]:
            pair = self.pairs[place]
            if pair.replica == replica and pair.left is None:
                halts = (*pair.halts, (by.time, is_halted))
                self.pairs[place] = replace(pair, halts=halts)

    def _join(self, source: str, replica: str, by: Evidence) -> None:
        self._pair(Replication(source=source, replica=replica, joined=by))
        self._source_of[replica] = source
        self._followers[source].append(replica)
        self._move(source, ReplicaJoined(replica=self._arn(replica)), by)

    def _pair(self, pair: Replication) -> None:
        for end in (pair.source, pair.replica):
            self._places[end].append(len(self.pairs))
        self.pairs.append(pair)

    def _let_go(self, replica: str) -> str | None:
        """Return whom a replica followed until now, and forget it."""
        source = self._source_of.pop(replica, None)
        if source is not None:
            self._followers[source].remove(replica)
        return source

    def _leave(self, replica: str, by: Evidence) -> None:
        """Let a replica stand by itself."""
        source = self._let_go(replica)
        if source is None:
            return
        self._move(source, ReplicaLeft(replica=self._arn(replica)), by)
        self._part({source, replica}, by)

    def _part(self, ends: set[str], by: Evidence) -> None:
        for place in self._places[min(ends)]:
            pair = self.pairs[place]
            if pair.left is None and {pair.source, pair.replica} == ends:
                self.pairs[place] = replace(pair, left=by)

    def _orphan(self, source: str, by: Evidence) -> None:
        """Promote the replicas of a deleted source, as far as RDS does."""
        for replica in list(self._followers[source]):
            if not self._ends_terminated(source, replica):
                self._leave(replica, by)
                self._move(replica, SourceChanged(source=None), by)

    def _ends_terminated(self, source: str, replica: str) -> bool:
        engine = self._bodies[replica].engine if replica in self._bodies else ""
        is_far = self._arn(source).split(":")[3:4] != self._arn(replica).split(":")[3:4]
        return is_far and engine.startswith("postgres")

    def _switch(self, replica: str, by: Evidence) -> None:
        """Let a replica and its source trade places; the other replicas follow the new source."""
        source = self._let_go(replica)
        if source is None:
            return
        followers = list(self._followers[source])
        for follower in (replica, *followers):
            self._move(source, ReplicaLeft(replica=self._arn(follower)), by)
        self._move(replica, SourceChanged(source=None), by)
        for follower in (source, *followers):
            self._let_go(follower)
            self._join(replica, follower, by)
            self._move(follower, SourceChanged(source=self._arn(replica)), by)

    def _take_over(self, green: str, by: Evidence) -> None:
        """Let green go its own way; to it, blue is a copy as of now."""
        blue = self._source_of.get(green)
        self._leave(green, by)
        if blue is not None:
            self._pair(Replication(source=green, replica=blue, joined=by, left=by))

    def _arn(self, identity: str) -> str:
        return self._bodies[identity].arn if identity in self._bodies else identity

    def _move(self, identity: str, said: ReplicaMove, by: Evidence) -> None:
        self.moves[identity].append(Input(at=by.time, said=said, evidence=by))


def _ends(groups: Mapping[str, Sequence[Fact]], identities: Identities) -> set[str]:
    """Return the databases that follow another one or are followed; the others need no look."""
    return {
        end
        for identity, facts in groups.items()
        for fact in facts
        if (source := _source_named(fact)) is not None
        for end in (identity, identities.at(source, fact.evidence.time))
    }


def _source_named(fact: Fact) -> str | None:
    """Return the ARN of what a database is created as a replica of; None for any other fact."""
    event = fact.event
    if type(event) is not DatabaseCreated or event.seen.replica_source is None or fact.has_failed:
        return None
    return source_arn(event.seen)


def _in_order(groups: Mapping[str, Sequence[Fact]]) -> Iterator[tuple[str, Fact]]:
    succeeded: Iterable[tuple[str, Fact]] = (
        (identity, fact) for identity, facts in groups.items() for fact in facts
        if not fact.has_failed
    )  # fmt: skip
    yield from sorted(succeeded, key=lambda one: (one[1].evidence.order, one[0]))
