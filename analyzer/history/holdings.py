"""Holdings: every copy of a database's data, gathered from its own facts and those of its kin."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from analyzer.history.groups import Groups
from analyzer.history.kinship import overlap
from analyzer.history.replication import Replication
from analyzer.recovery.backups import Following, backup_life, replica_life, volume_life
from analyzer.recovery.copies import Copy, Kind, doubted, under_key
from analyzer.recovery.database import DatabaseState
from analyzer.recovery.elsewhere import replicated_backups
from analyzer.recovery.snapshots import Snapshot
from analyzer.resources.kms_key.state import KeyState
from analyzer.resources.rds_backup import BackupDeleted
from analyzer.timeline import Timeline


@dataclass(frozen=True, slots=True, kw_only=True)
class Holdings:
    """Where copies are looked for.

    Attributes:
        groups: the facts.
        database: returns the states of a database by identity.
        key: returns the states of a key by ARN.
        snapshots: by the identity of the database whose data they hold.
    """

    groups: Groups
    database: Callable[[str], Timeline[DatabaseState]]
    key: Callable[[str], Timeline[KeyState]]
    snapshots: Mapping[str, Sequence[Snapshot]]

    def of(self, identity: str) -> list[Copy]:
        """Return every copy of a database's data, the live volume first, then by age."""
        database = self.database(identity)
        arn = self.groups.key_of(identity)
        key = self.key(arn) if arn is not None else None
        if not database:
            return []
        found = [under_key(f"volume:{identity}", volume_life(database), arn, key)]
        own_facts = self.groups.database_facts[identity]
        distant = list(replicated_backups(own_facts, database))
        replicated = {one.id for one in distant}
        deletions = [
            fact
            for fact in self.groups.database_facts[identity]
            if isinstance(fact.event, BackupDeleted)
            and not fact.has_failed
            and fact.event.backup not in replicated
        ]
        backups = backup_life(database, deletions)
        if backups is not None:
            found.append(under_key(f"automated-backup:{identity}", backups, arn, key))
        pairs = self.groups.replications.of_source(identity)
        found += [self._replica(pair, database) for pair in pairs]
        found += self._secondaries(identity, database)
        owned = self.snapshots.get(identity, ())
        for snapshot in sorted(owned, key=lambda one: (one.born, one.arn)):
            under = snapshot.key
            if under is None and snapshot.is_encrypted is not False:
                under = arn
            under = under and self.groups.resolved(under, snapshot.born)
            states = self.key(under) if under is not None else None
            found.append(under_key(snapshot.arn, snapshot.life, under, states))
        sources = {_address(database, identity), *(one.arn for one in owned)}
        taken = (one for source in sources for one in self.groups.exports.get(source, ()))
        distant += sorted(taken, key=lambda one: one.place)
        for one in distant:
            states = self.key(one.key) if one.key is not None else None
            found.append(under_key(one.id, one.life, one.key, states))
        return list(doubted(found, database, arn))

    def _secondaries(self, identity: str, primary: Timeline[DatabaseState]) -> list[Copy]:
        """Return the other members of the global databases to which a cluster ever belonged."""
        found: list[Copy] = []
        for name in self.groups.global_names.get(identity, ()):
            held = self.groups.global_members[name]
            own = next(one for one in held if one[0] == identity)
            writers = self.groups.global_writers.get(name, Timeline(()))
            for other in held:
                together = overlap(own, other)
                if other == own or together is None:
                    continue
                one, (joined, left) = other[0], together
                states, arn = self.database(one), self.groups.key_of(one)
                address = _address(states, one)
                how = Following(
                    kind=Kind.GLOBAL_SECONDARY,
                    joined=joined,
                    left=left,
                    leads=Timeline(
                        (span.start, span.value.arn == address) for span in writers.spans()
                    ),
                )
                life = replica_life(states, primary, how)
                key = self.key(arn) if arn is not None else None
                found.append(under_key(address, life, arn, key))
        return found

    def _replica(self, pair: Replication, source: Timeline[DatabaseState]) -> Copy:
        replica, arn = self.database(pair.replica), self.groups.key_of(pair.replica)
        how = Following(
            kind=Kind.REPLICA,
            joined=pair.joined.time,
            left=None if pair.left is None else pair.left.time,
            halts=Timeline(pair.halts),
        )
        life = replica_life(replica, source, how)
        key = self.key(arn) if arn is not None else None
        return under_key(_address(replica, pair.replica), life, arn, key)


def _address(database: Timeline[DatabaseState], identity: str) -> str:
    return database.last.traits.arn if database.last is not None else identity
