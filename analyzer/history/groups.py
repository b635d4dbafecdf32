"""Groups: the facts of a ledger by the key, database, snapshot or alias that they speak of."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from functools import cached_property

from analyzer.history.blue_green import (
    Deployment,
    deployments_of,
    facts_of_databases,
    members_since,
    sightings,
)
from analyzer.history.identity import Identities
from analyzer.history.kinds import Kinds
from analyzer.history.kinship import Membership, Takeover, global_members, renames_of, writers_of
from analyzer.history.pointers import Pointers
from analyzer.history.relatives import MULTI_REGION
from analyzer.history.replication import Replications
from analyzer.history.signs import (
    SERVICES,
    addresses,
    creates,
    members_of,
    names_living,
    served,
    shows_database,
    shows_key,
)
from analyzer.history.twins import twins_joined
from analyzer.moment import Moment
from analyzer.recovery.database import Input
from analyzer.recovery.elsewhere import Distant, exports
from analyzer.recovery.grants import grant_moves
from analyzer.resource import Fact
from analyzer.resources.backup import VaultMade
from analyzer.resources.kms_alias import AliasEvent
from analyzer.resources.kms_grant import GrantEvent
from analyzer.resources.kms_key.events import (
    KeyCreated,
    KeyEvent,
    KeyReplicated,
    KeyTouched,
    PrimaryMoved,
)
from analyzer.resources.kms_key.store import StoreEvent
from analyzer.resources.rds_backup import BackupEvent, ExportEvent, ReplicationStarted
from analyzer.resources.rds_blue_green import DeploymentEvent
from analyzer.resources.rds_database.events import (
    DatabaseCreated,
    DatabaseEvent,
    GlobalJoined,
    GlobalMove,
    GlobalRenamed,
    GlobalSwitched,
    GlobalSwitchUndone,
)
from analyzer.resources.rds_notice import OF_KEY, DatabaseNotified
from analyzer.resources.rds_sharing import SnapshotShared
from analyzer.resources.rds_snapshot import (
    CopyCancelled,
    SnapshotCreated,
    SnapshotDeleted,
    SnapshotEvent,
)
from analyzer.timeline import Timeline

_OF_DATABASES = (
    DatabaseEvent, DatabaseNotified, GlobalMove, BackupEvent, SnapshotCreated, SnapshotDeleted,
)  # fmt: skip
"""Events that may speak of one database."""


class Groups:
    """Facts, each once and in an order that does not depend on arrival, and their groups.

    A group is made when it is asked for and kept.
    """

    def __init__(self, facts: Iterable[Fact]) -> None:
        """Take the facts; nothing is grouped yet."""
        unique = {fact.evidence.entry: fact for fact in facts}
        ordered = sorted(unique.values(), key=lambda fact: fact.evidence.order)
        self.facts: tuple[Fact, ...] = tuple(twins_joined(ordered))
        kinds = Kinds(self.facts)
        self.of, self.at_entries = kinds.of, kinds.at_entries
        self._keys: dict[str, str | None] = {}

    @cached_property
    def identities(self) -> Identities:
        """Resource ids by ARN and moment."""
        seen = [
            (arn, fact.evidence.time, fact.event.seen.resource_id, creates(fact))
            for fact in self.of(DatabaseEvent)
            if fact.event.seen.resource_id is not None and not fact.has_failed
            for arn in addresses(fact.event)
        ]
        for fact in self.of(SnapshotCreated, ReplicationStarted):
            arn, resource_id = names_living(fact)
            if arn is not None and resource_id is not None:
                seen.append((arn, fact.evidence.time, resource_id, False))
        known = Identities(seen)
        renamed = list(sightings(self.deployments, known))
        return Identities([*seen, *renamed]) if renamed else known

    @cached_property
    def deployments(self) -> list[Deployment]:
        """Blue/green deployments."""
        return deployments_of(self.of(DeploymentEvent))

    @cached_property
    def members(self) -> dict[str, str]:
        """The cluster ARN of every instance that is a member: the cluster is what is judged."""
        found = members_of(self.of(DatabaseEvent))
        return found | members_since(self.deployments, found)

    @cached_property
    def global_members(self) -> dict[str, list[Membership]]:
        """For each global cluster its members: identity, when it joined, when it left."""
        made = (fact.event.seen for fact in self.of(DatabaseCreated))
        if not self.of(GlobalJoined) and all(seen.global_cluster is None for seen in made):
            return {}
        return global_members(self.database_facts, renames_of(self.of(GlobalRenamed)))

    @cached_property
    def global_names(self) -> dict[str, list[str]]:
        """For each database the global clusters to which it ever belonged."""
        names: dict[str, list[str]] = defaultdict(list)
        for name, held in self.global_members.items():
            for identity, _, _ in held:
                names[identity].append(name)
        return dict(names)

    @cached_property
    def global_writers(self) -> dict[str, Timeline[Takeover]]:
        """For each global cluster of which the writer was switched, which member writes."""
        return writers_of(
            self.of(GlobalSwitched, GlobalSwitchUndone), renames_of(self.of(GlobalRenamed))
        )

    @cached_property
    def key_facts(self) -> dict[str, list[Fact]]:
        """Facts by key ARN, the services of a key to databases included."""
        groups: dict[str, list[Fact]] = defaultdict(list)
        in_store: dict[str, set[str]] = defaultdict(set)
        for fact in self.of(KeyCreated):
            if fact.event.store is not None:
                in_store[fact.event.store].add(fact.event.key)
        for fact in self.of(KeyEvent, GrantEvent, StoreEvent, *SERVICES):
            if isinstance(fact.event, SERVICES):
                service = served(fact)
                if service is not None:
                    groups[service.key].append(Fact(evidence=fact.evidence, event=service))
            elif isinstance(fact.event, KeyEvent):
                groups[fact.event.key].append(fact)
                of_two = (
                    fact.event if isinstance(fact.event, KeyReplicated | PrimaryMoved) else None
                )
                if of_two is not None and of_two.primary != of_two.key:
                    groups[of_two.primary].append(fact)
            elif isinstance(fact.event, GrantEvent):
                touch = KeyTouched(key=fact.event.key, what=fact.evidence.event_name)
                groups[touch.key].append(Fact(evidence=fact.evidence, event=touch))
            elif isinstance(fact.event, StoreEvent):
                for key in in_store[fact.event.store]:
                    groups[key].append(fact)
        return {arn: facts for arn, facts in groups.items() if any(map(shows_key, facts))}

    @cached_property
    def database_facts(self) -> dict[str, list[Fact]]:
        """Facts by database identity: calls, RDS events, snapshots taken, backups deleted."""
        groups: dict[str, list[Fact]] = defaultdict(list)
        for fact in self.of(*_OF_DATABASES):
            identity = self.database_of(fact)
            if identity is not None:
                groups[identity].append(fact)
        for identity, fact in facts_of_databases(
            self.deployments, self.identities, dict(groups), self.members
        ):
            groups[identity].append(fact)
            groups[identity].sort(key=lambda one: one.evidence.order)
        return {held: facts for held, facts in groups.items() if any(map(shows_database, facts))}

    @cached_property
    def snapshot_facts(self) -> dict[str, list[Fact]]:
        """Facts by snapshot ARN."""
        groups: dict[str, list[Fact]] = defaultdict(list)
        for fact in self.of(SnapshotEvent):
            groups[fact.event.seen.arn].append(fact)
        return dict(groups)

    @cached_property
    def cancelled_copies(self) -> list[Fact]:
        """Facts about copies of snapshots that did not come to be."""
        return self.of(CopyCancelled)

    @cached_property
    def sharers(self) -> dict[str, frozenset[str]]:
        """By snapshot ARN the accounts with which it was ever shared, `all` for everybody."""
        found: dict[str, frozenset[str]] = defaultdict(frozenset)
        for fact in self.of(SnapshotShared):
            if not fact.has_failed:
                found[fact.event.snapshot] |= set(fact.event.added)
        return dict(found)

    @cached_property
    def exports(self) -> dict[str, list[Distant]]:
        """S3 exports by what was exported: ARNs of databases and snapshots."""
        return exports(self.of(ExportEvent))

    @cached_property
    def pointers(self) -> Pointers:
        """At which key aliases and vaults point, and when."""
        return Pointers(self.of(AliasEvent), self.of(VaultMade))

    @property
    def aliases(self) -> dict[str, Timeline[str | None]]:
        """For each alias ARN the key it pointed at, None once it was deleted."""
        return self.pointers.aliases

    def database_of(self, fact: Fact) -> str | None:
        """Return the identity of the database of which a fact speaks, None for none or several."""
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
            arn = event.seen.of
            return event.seen.database_id or (None if arn is None else self.identities.at(arn, at))
        return None

    def key_of(self, identity: str) -> str | None:
        """Return the ARN of the key under a database, None where it has none or none is known."""
        if identity not in self._keys:
            self._keys[identity] = self._key_of(identity)
        return self._keys[identity]

    def _key_of(self, identity: str) -> str | None:
        for fact in self.database_facts.get(identity, ()):
            shows = isinstance(fact.event, DatabaseEvent | SnapshotCreated)
            if shows and not fact.has_failed and fact.event.seen.key is not None:
                return self.resolved(fact.event.seen.key, fact.evidence.time)
        return None

    def resolved(self, key: str, at: Moment) -> str:
        """Return the key behind an alias as it pointed then, or a vault; a key as it is."""
        return self.pointers.key(key, at)

    @cached_property
    def replications(self) -> Replications:
        """Which database follows which, and what that means for either."""
        return Replications.followed(self.database_facts, self.identities)

    def kin(self, identity: str) -> set[str]:
        """Return what is tied to a database by replication or a global database, near or far."""
        found, waiting = {identity}, [identity]
        while waiting:
            new = self._next_of_kin(waiting.pop()) - found
            found |= new
            waiting += new
        return found - {identity}

    def _next_of_kin(self, identity: str) -> set[str]:
        found: set[str] = set()
        for pair in self.replications.of(identity):
            found |= {pair.source, pair.replica}
        for name in self.global_names.get(identity, ()):
            found |= {one for one, _, _ in self.global_members[name]}
        return found

    @cached_property
    def grant_moves(self) -> dict[str, list[Input]]:
        """For each database RDS's grants on its key: when each was given and withdrawn."""
        return grant_moves(self.of(GrantEvent))

    @cached_property
    def multi_region(self) -> dict[str, list[str]]:
        """ARNs by the id of each multi-Region key."""
        found: dict[str, list[str]] = defaultdict(list)
        for arn in self.key_facts:
            key_id = arn.rpartition("/")[2]
            if key_id.startswith(MULTI_REGION):
                found[key_id].append(arn)
        return dict(found)
