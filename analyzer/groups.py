"""Groups: the facts of a ledger by the key, database, snapshot or alias that they speak of."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import cached_property

from analyzer.identity import Identities
from analyzer.kinship import Membership, global_members
from analyzer.moment import Moment
from analyzer.record import sibling
from analyzer.recovery.database import Input
from analyzer.recovery.grants import grant_moves
from analyzer.resource import Fact
from analyzer.resources.kms_alias import AliasEvent, AliasPointed
from analyzer.resources.kms_grant import GrantEvent
from analyzer.resources.kms_key.events import (
    KeyCreated,
    KeyEvent,
    KeyReplicated,
    KeyServed,
    KeyTouched,
)
from analyzer.resources.kms_key.store import StoreEvent
from analyzer.resources.rds_backup import BackupEvent, ExportEvent
from analyzer.resources.rds_database.attributes import source_arn
from analyzer.resources.rds_database.events import (
    DatabaseCreated,
    DatabaseDeleted,
    DatabaseEvent,
    DatabaseModified,
    DatabaseStarted,
    GlobalMove,
    ReplicaJoined,
    ReplicaLeft,
    ReplicaMove,
    ReplicaPromoted,
)
from analyzer.resources.rds_notice import OF_KEY, DatabaseNotified
from analyzer.resources.rds_snapshot import (
    SnapshotCopied,
    SnapshotCreated,
    SnapshotDeleted,
    SnapshotEvent,
)
from analyzer.timeline import Timeline
from analyzer.twins import twins_joined

_SHOWING_FAULTS = ("KMSKeyNotAccessible", "InvalidDBInstanceState")
"""Errors that only an existing instance can answer with."""


class Groups:
    """Facts, each once and in an order that does not depend on arrival, and their groups.

    A group is made when it is asked for and kept.
    """

    def __init__(self, facts: Iterable[Fact]) -> None:
        """Take the facts; nothing is grouped yet."""
        unique = {fact.evidence.entry: fact for fact in facts}
        ordered = sorted(unique.values(), key=lambda fact: fact.evidence.order)
        self.facts: tuple[Fact, ...] = tuple(twins_joined(ordered))

    @cached_property
    def identities(self) -> Identities:
        """Resource ids by ARN and moment."""
        return Identities(
            (arn, fact.evidence.time, fact.event.seen.resource_id, _creates(fact))
            for fact in self.facts
            if isinstance(fact.event, DatabaseEvent)
            and fact.event.seen.resource_id is not None
            and not fact.has_failed
            for arn in _addresses(fact.event)
        )

    @cached_property
    def members(self) -> dict[str, str]:
        """The cluster ARN of every instance that is a member: the cluster is what is judged."""
        found: dict[str, str] = {}
        for fact in self.facts:
            event = fact.event
            if fact.has_failed or not isinstance(event, DatabaseEvent):
                continue
            if event.seen.cluster is not None:
                name = event.seen.cluster.lower()
                found[event.seen.arn] = sibling(event.seen.arn, f"cluster:{name}")
            for member in event.seen.members:
                found[sibling(event.seen.arn, f"db:{member}")] = event.seen.arn
        return found

    @cached_property
    def global_members(self) -> dict[str, list[Membership]]:
        """For each global cluster its members: identity, when it joined, when it left."""
        return global_members(self.database_facts)

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
                if isinstance(fact.event, KeyReplicated):
                    groups[fact.event.primary].append(fact)
            elif isinstance(fact.event, GrantEvent):
                touch = KeyTouched(key=fact.event.key, what=fact.evidence.event_name)
                groups[touch.key].append(Fact(evidence=fact.evidence, event=touch))
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
    def export_facts(self) -> list[Fact]:
        """Facts about S3 exports."""
        return [fact for fact in self.facts if isinstance(fact.event, ExportEvent)]

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
        if isinstance(event, DatabaseEvent):
            if event.seen.arn in self.members:
                return None
            return event.seen.resource_id or self.identities.at(event.seen.arn, at)
        if isinstance(event, DatabaseNotified):
            cluster = self.members.get(event.arn)
            if cluster is not None and event.notice not in OF_KEY:
                return None
            return self.identities.at(cluster or event.arn, at)
        if isinstance(event, GlobalMove):
            return self.identities.at(event.arn, at)
        if isinstance(event, BackupEvent):
            arn = event.database_arn
            return event.database_id or (None if arn is None else self.identities.at(arn, at))
        if isinstance(event, SnapshotCreated | SnapshotDeleted):
            return event.seen.database_id or self._named(event, at)
        return None

    def _named(self, event: SnapshotCreated | SnapshotDeleted, at: Moment) -> str | None:
        name = event.seen.database_name
        if name is None:
            return None
        part = "cluster" if ":cluster-snapshot:" in event.seen.arn else "db"
        return self.identities.at(sibling(event.seen.arn, f"{part}:{name.lower()}"), at)

    def key_of(self, identity: str) -> str | None:
        """Return the ARN of the key under a database, None where it has none or none is known."""
        for fact in self.database_facts.get(identity, ()):
            shows = isinstance(fact.event, DatabaseEvent | SnapshotCreated)
            if shows and not fact.has_failed and fact.event.seen.key is not None:
                return self.resolved(fact.event.seen.key, fact.evidence.time)
        return None

    def resolved(self, key: str, at: Moment) -> str:
        """Return the key behind an alias as it pointed then; a key is returned as it is."""
        pointed = self.aliases.get(key)
        return (pointed.at(at) if pointed is not None else None) or key

    @cached_property
    def replica_moves(self) -> dict[str, list[Input]]:
        """For each source of read replicas, when it gained one and when it lost it again."""
        moves: dict[str, list[Input]] = defaultdict(list)
        for facts in self.database_facts.values():
            source: str | None = None
            for fact in facts:
                event, at = fact.event, fact.evidence.time
                if fact.has_failed or not isinstance(event, DatabaseEvent):
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

    def kin(self, identity: str) -> set[str]:
        """Return the replicas of a database and the members of its global databases."""
        found = set(self.replicas.get(identity, ()))
        for members in self.global_members.values():
            names = {one for one, _, _ in members}
            if identity in names:
                found |= names
        return found - {identity}

    @cached_property
    def grant_moves(self) -> dict[str, list[Input]]:
        """For each database RDS's grants on its key: when each was given and withdrawn."""
        return grant_moves(self.facts)

    @cached_property
    def replicas(self) -> dict[str, list[str]]:
        """For each source the identities of the read replicas that were ever made of it."""
        found: dict[str, list[str]] = defaultdict(list)
        for source, moves in self.replica_moves.items():
            for move in moves:
                if isinstance(move.said, ReplicaJoined):
                    found[source].append(self.identities.at(move.said.replica, move.at))
        return dict(found)

    @cached_property
    def multi_region(self) -> dict[str, list[str]]:
        """ARNs by the id of each multi-Region key."""
        found: dict[str, list[str]] = defaultdict(list)
        for arn in self.key_facts:
            key_id = arn.rpartition("/")[2]
            if key_id.startswith("mrk-"):
                found[key_id].append(arn)
        return dict(found)


def _addresses(event: DatabaseEvent) -> tuple[str, ...]:
    """Return the ARNs under which a database is known once *event* is: the old and the new name."""
    if isinstance(event, DatabaseModified) and event.renamed_to is not None:
        return (event.seen.arn, event.renamed_to)
    return (event.seen.arn,)


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


def arn_of(identity: str, facts: Sequence[Fact]) -> str:
    """Return how a database is first named, or its identity where no fact names it."""
    for fact in facts:
        if isinstance(fact.event, DatabaseEvent):
            return fact.event.seen.arn
        if isinstance(fact.event, DatabaseNotified):
            return fact.event.arn
    return identity
