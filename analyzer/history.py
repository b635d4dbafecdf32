"""History: all facts of a ledger, grouped by resource, and the timelines that follow from them.

Timelines are made when they are asked for and kept. Every answer depends only on the set of facts,
never on their order; a resource depends on its own facts and on those of the keys under it, so that
parts of a history can be replayed apart.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import cached_property

from analyzer.identity import Identities
from analyzer.moment import Moment
from analyzer.record import sibling
from analyzer.recovery.access import access_changes
from analyzer.recovery.backups import backup_life, replica_life, volume_life
from analyzer.recovery.copies import Copy, under_key
from analyzer.recovery.database import DatabaseState, Input
from analyzer.recovery.snapshots import Snapshot, add_final_snapshot, by_database, snapshots_of
from analyzer.recovery.status import follow
from analyzer.recovery.verdict import Judgement, judge
from analyzer.replay import replay_key
from analyzer.resource import Fact, Oddity
from analyzer.resources.kms_alias import AliasEvent, AliasPointed
from analyzer.resources.kms_key import KeyCreated, KeyEvent, KeyServed
from analyzer.resources.kms_key_state import KeyState
from analyzer.resources.kms_store import StoreEvent
from analyzer.resources.rds_backup import BackupDeleted
from analyzer.resources.rds_instance import (
    DatabaseCreated,
    DatabaseDeleted,
    DatabaseStarted,
    InstanceEvent,
    ReplicaJoined,
    ReplicaLeft,
    ReplicaMove,
    ReplicaPromoted,
    source_arn,
)
from analyzer.resources.rds_notice import DatabaseNotified
from analyzer.resources.rds_snapshot import (
    SnapshotCopied,
    SnapshotCreated,
    SnapshotDeleted,
    SnapshotEvent,
)
from analyzer.timeline import Timeline

_SHOWING_FAULTS = ("KMSKeyNotAccessible", "InvalidDBInstanceState")
"""Errors that only an existing instance can answer with."""


class History:
    """Facts and what follows from them."""

    def __init__(self, facts: Iterable[Fact]) -> None:
        """Take the facts; nothing is replayed yet."""
        unique = {fact.evidence.entry: fact for fact in facts}
        self.facts: tuple[Fact, ...] = tuple(
            sorted(unique.values(), key=lambda fact: fact.evidence.order)
        )
        self._keys: dict[str, Timeline[KeyState]] = {}
        self._oddities: dict[str, tuple[Oddity, ...]] = {}
        self._databases: dict[str, Timeline[DatabaseState]] = {}
        self._copies: dict[str, tuple[Copy, ...]] = {}
        self._judgements: dict[str, Timeline[Judgement]] = {}

    def extended(self, facts: Iterable[Fact]) -> History:
        """Return the history that also knows *facts*; equal to one built from all at once."""
        return History((*self.facts, *facts))

    # Groups

    @cached_property
    def identities(self) -> Identities:
        """Resource ids by ARN and moment."""
        return Identities(
            (fact.event.seen.arn, fact.evidence.time, fact.event.seen.resource_id, _creates(fact))
            for fact in self.facts
            if isinstance(fact.event, InstanceEvent)
            and fact.event.seen.resource_id is not None
            and not fact.has_failed
        )

    @cached_property
    def key_facts(self) -> dict[str, list[Fact]]:
        """Facts by key ARN, the services of a key to databases included."""
        groups: dict[str, list[Fact]] = defaultdict(list)
        in_store: dict[str, set[str]] = defaultdict(set)
        for fact in self.facts:
            if isinstance(fact.event, KeyCreated) and fact.event.store is not None:
                in_store[fact.event.store].add(fact.event.key)
        for fact in self.facts:
            if isinstance(fact.event, KeyEvent):
                groups[fact.event.key].append(fact)
            elif isinstance(fact.event, StoreEvent):
                for key in in_store[fact.event.store]:
                    groups[key].append(fact)
            served = _served(fact)
            if served is not None:
                groups[served.key].append(Fact(evidence=fact.evidence, event=served))
        return {arn: facts for arn, facts in groups.items() if any(map(_shows_key, facts))}

    @cached_property
    def database_facts(self) -> dict[str, list[Fact]]:
        """Facts by database identity: calls, RDS events, snapshots taken, backups deleted."""
        groups: dict[str, list[Fact]] = defaultdict(list)
        for fact in self.facts:
            identity = self._database_of(fact)
            if identity is not None:
                groups[identity].append(fact)
        return {held: facts for held, facts in groups.items() if any(map(_shows_database, facts))}

    @cached_property
    def snapshot_facts(self) -> dict[str, list[Fact]]:
        """Facts by snapshot ARN."""
        groups: dict[str, list[Fact]] = defaultdict(list)
        for fact in self.facts:
            if isinstance(fact.event, SnapshotEvent):
                groups[fact.event.seen.arn].append(fact)
        return dict(groups)

    @cached_property
    def aliases(self) -> dict[str, Timeline[str | None]]:
        """For each alias ARN the key it pointed at, None once it was deleted."""
        changes: dict[str, list[tuple[Moment, str | None]]] = defaultdict(list)
        for fact in self.facts:
            if fact.has_failed or not isinstance(fact.event, AliasEvent):
                continue
            event = fact.event
            target = event.key if isinstance(event, AliasPointed) else None
            changes[event.alias].append((fact.evidence.time, target))
        return {alias: Timeline(pointed) for alias, pointed in changes.items()}

    def _database_of(self, fact: Fact) -> str | None:
        event, at = fact.event, fact.evidence.time
        if isinstance(event, InstanceEvent):
            return event.seen.resource_id or self.identities.at(event.seen.arn, at)
        if isinstance(event, DatabaseNotified):
            return self.identities.at(event.arn, at)
        if isinstance(event, BackupDeleted):
            arn = event.database_arn
            return event.database_id or (None if arn is None else self.identities.at(arn, at))
        if isinstance(event, SnapshotCreated | SnapshotDeleted):
            return event.seen.database_id or self._named(event, at)
        return None

    def _named(self, event: SnapshotCreated | SnapshotDeleted, at: Moment) -> str | None:
        name = event.seen.database_name
        if name is None:
            return None
        return self.identities.at(sibling(event.seen.arn, f"db:{name.lower()}"), at)

    # Timelines

    def key(self, arn: str) -> Timeline[KeyState]:
        """Return the states of a key; of one that no record names, Unknown."""
        if arn not in self._keys:
            self._keys[arn], self._oddities[arn] = replay_key(arn, self.key_facts.get(arn, ()))
        return self._keys[arn]

    def oddities(self, arn: str) -> tuple[Oddity, ...]:
        """Return the records of a key that its state did not allow."""
        self.key(arn)
        return self._oddities[arn]

    def key_of(self, identity: str) -> str | None:
        """Return the ARN of the key under a database, None where it has none or none is known."""
        for fact in self.database_facts.get(identity, ()):
            shows = isinstance(fact.event, InstanceEvent | SnapshotCreated)
            if shows and not fact.has_failed and fact.event.seen.key is not None:
                return str(fact.event.seen.key)
        return None

    def database(self, identity: str) -> Timeline[DatabaseState]:
        """Return the states of a database."""
        if identity not in self._databases:
            self._databases[identity] = follow(*self._inputs(identity))
        return self._databases[identity]

    def _inputs(self, identity: str) -> tuple[str, list[Input]]:
        facts = [fact for fact in self.database_facts.get(identity, ()) if not fact.has_failed]
        moving = [
            Input(at=fact.evidence.time, said=fact.event, evidence=fact.evidence)
            for fact in facts
            if isinstance(fact.event, InstanceEvent | DatabaseNotified | SnapshotCreated)
        ]
        key = self.key_of(identity)
        changes = access_changes(self.key(key)) if key is not None else ()
        moving += [Input(at=change.at, change=change) for change in changes]
        moving += self.replica_moves.get(identity, ())
        return _arn_of(identity, self.database_facts.get(identity, ())), moving

    @cached_property
    def replica_moves(self) -> dict[str, list[Input]]:
        """For each source of read replicas, when it gained one and when it lost it again."""
        moves: dict[str, list[Input]] = defaultdict(list)
        for facts in self.database_facts.values():
            source: str | None = None
            for fact in facts:
                event, at = fact.event, fact.evidence.time
                if fact.has_failed or not isinstance(event, InstanceEvent):
                    continue
                if isinstance(event, DatabaseCreated) and event.seen.replica_source is not None:
                    source = self.identities.at(source_arn(event.seen), at)
                    joined: ReplicaMove = ReplicaJoined(replica=event.seen.arn)
                elif isinstance(event, ReplicaPromoted | DatabaseDeleted) and source is not None:
                    joined = ReplicaLeft(replica=event.seen.arn)
                else:
                    continue
                moves[source].append(Input(at=at, said=joined, evidence=fact.evidence))
        return dict(moves)

    @cached_property
    def replicas(self) -> dict[str, list[str]]:
        """For each source the identities of the read replicas that were ever made of it."""
        found: dict[str, list[str]] = defaultdict(list)
        for source, moves in self.replica_moves.items():
            for move in moves:
                if isinstance(move.said, ReplicaJoined):
                    found[source].append(self.identities.at(move.said.replica, move.at))
        return dict(found)

    def copies(self, identity: str) -> tuple[Copy, ...]:
        """Return every copy of a database's data, the live volume first, then by age."""
        if identity not in self._copies:
            self._copies[identity] = tuple(self._all_copies(identity))
        return self._copies[identity]

    def _all_copies(self, identity: str) -> list[Copy]:
        database = self.database(identity)
        arn = self.key_of(identity)
        key = self.key(arn) if arn is not None else None
        if not database:
            return []
        found = [under_key(f"volume:{identity}", volume_life(database), arn, key)]
        deletions = [
            fact
            for fact in self.database_facts[identity]
            if isinstance(fact.event, BackupDeleted) and not fact.has_failed
        ]
        backups = backup_life(database, deletions)
        if backups is not None:
            found.append(under_key(f"automated-backup:{identity}", backups, arn, key))
        found += [self._replica(one, database) for one in self.replicas.get(identity, ())]
        owned = self.snapshots.get(identity, ())
        for snapshot in sorted(owned, key=lambda one: (one.born, one.arn)):
            under = snapshot.key
            if under is None and snapshot.is_encrypted is not False:
                under = arn
            states = self.key(under) if under is not None else None
            found.append(under_key(snapshot.arn, snapshot.life, under, states))
        return found

    def _replica(self, identity: str, source: Timeline[DatabaseState]) -> Copy:
        promoted = (
            fact.evidence.time
            for fact in self.database_facts[identity]
            if isinstance(fact.event, ReplicaPromoted) and not fact.has_failed
        )
        replica, arn = self.database(identity), self.key_of(identity)
        life = replica_life(replica, source, next(promoted, None))
        key = self.key(arn) if arn is not None else None
        return under_key(replica.last.instance.arn if replica.last else identity, life, arn, key)

    def judgements(self, identity: str) -> Timeline[Judgement]:
        """Return the verdicts on a database through time."""
        if identity not in self._judgements:
            arn = self.key_of(identity)
            self._judgements[identity] = judge(
                self.database(identity),
                self.copies(identity),
                self.key(arn) if arn is not None else None,
            )
        return self._judgements[identity]

    @cached_property
    def snapshots(self) -> dict[str, list[Snapshot]]:
        """Snapshots by the database whose data they hold, found through their lineage."""
        taken: dict[str, list[Snapshot]] = {}
        for arn, facts in self.snapshot_facts.items():
            taken[arn] = snapshots_of(arn, facts)
        for identity, facts in self.database_facts.items():
            if any(
                isinstance(fact.event, DatabaseDeleted) and fact.event.final_snapshot
                for fact in facts
            ):
                state = self.database(identity).last
                if state is not None and state.deleted_by is not None:
                    add_final_snapshot(taken, identity, state, state.deleted_by)
        return by_database(taken)

    def until(self, at: Moment) -> History:
        """Return the history as it would stand had nothing happened after *at*."""
        return History(fact for fact in self.facts if fact.evidence.time <= at)

    def component(self, identity: str) -> History:
        """Return what a database depends on: its own facts, its copies' and its keys'."""
        copies = self.snapshots.get(identity, ())
        keys = {self.key_of(identity), *(copy.key for copy in copies)}
        groups = [
            self.database_facts.get(identity, []),
            *(self.snapshot_facts.get(copy.arn, []) for copy in copies),
            *(self.key_facts.get(key, []) for key in keys if key is not None),
        ]
        entries = {fact.evidence.entry for group in groups for fact in group}
        return History(fact for fact in self.facts if fact.evidence.entry in entries)

    @property
    def end(self) -> Moment | None:
        """The newest event time, None where there are no facts."""
        return self.facts[-1].evidence.time if self.facts else None


def _shows_database(fact: Fact) -> bool:
    """Whether a fact shows that the database existed: a mistyped name in a failed call does not."""
    if not fact.has_failed:
        return True
    return not _creates(fact) and (fact.evidence.error or "").startswith(_SHOWING_FAULTS)


def _shows_key(fact: Fact) -> bool:
    """Whether a fact shows that the key existed."""
    return fact.evidence.error != "NotFoundException"


def _creates(fact: Fact) -> bool:
    return isinstance(fact.event, DatabaseCreated)


def _served(fact: Fact) -> KeyServed | None:
    """Return the service that a key did to a database, if this success could not be without it."""
    event = fact.event
    if fact.has_failed or not isinstance(
        event, DatabaseCreated | DatabaseStarted | SnapshotCreated | SnapshotCopied
    ):
        return None
    key = event.seen.key
    if key is None or key.split(":")[4:5] != event.seen.arn.split(":")[4:5]:
        return None  # another account's key is not judged by what it did once
    default = isinstance(event, DatabaseCreated) and event.seen.takes_default_key
    return KeyServed(key=key, manager="AWS" if default else None)


def _arn_of(identity: str, facts: Sequence[Fact]) -> str:
    for fact in facts:
        if isinstance(fact.event, InstanceEvent):
            return fact.event.seen.arn
        if isinstance(fact.event, DatabaseNotified):
            return fact.event.arn
    return identity
