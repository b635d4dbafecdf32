"""Unrest: which keys and databases time alone may move, whatever moment is asked about.

A clock runs only after records of some kinds: a key was scheduled for deletion, a database stopped,
a grant withdrawn. Of nearly all keys and databases no record says any such thing; nothing awaits
them at any moment, and none of them has to be replayed up to a moment to know that. What counts
here is every record that could ever be taken to be about one, so that it holds of every past too,
in which fewer names were known. Who is named wrongly here costs time, and changes no answer.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import chain
from typing import Final, NamedTuple, get_args

from analyzer.history.groups import Groups
from analyzer.history.signs import addresses
from analyzer.moment import Moment
from analyzer.recovery.copies import Copy, Kind
from analyzer.resource import Fact
from analyzer.resources.backup import VaultMade
from analyzer.resources.kms_grant import GrantTaken
from analyzer.resources.kms_key.events import (
    KeyCreated,
    KeyDeletionScheduled,
    KeyEnabled,
    KeyEvent,
    KeyMaterialImported,
    KeyPolicyPut,
    KeyReplicated,
    KeyRotated,
    KeyServed,
    KeyStatus,
    KeyTouched,
    PrimaryMoved,
)
from analyzer.resources.rds_backup import BackupEvent
from analyzer.resources.rds_blue_green import DeploymentCreated
from analyzer.resources.rds_database.attributes import source_arn
from analyzer.resources.rds_database.events import (
    DatabaseCreated,
    DatabaseEvent,
    DatabaseModified,
    DatabaseRebooted,
    DatabaseStarted,
    GlobalMove,
)
from analyzer.resources.rds_notice import DatabaseNotified, Notice
from analyzer.resources.rds_snapshot import SnapshotCreated
from analyzer.timeline import DAWN

_DATED: Final = (KeyDeletionScheduled, KeyMaterialImported, KeyReplicated, PrimaryMoved)
"""After these a key may be deleted, or lose its material, without a further record."""

_HARMLESS: Final = (KeyEnabled, KeyPolicyPut, KeyRotated, KeyServed, KeyTouched)
_HARMING: Final = tuple(kind for kind in get_args(KeyEvent) if kind not in {*_HARMLESS, KeyCreated})
"""After these a key may not be usable, and the clock of a database may run."""

_QUIET: Final = (DatabaseRebooted, DatabaseStarted)
_QUIET_NOTICES: Final = frozenset(
    {
        Notice.CREATED,
        Notice.STARTED,
        Notice.SERVING,
        Notice.SAID,
        Notice.BACKUPS_ON,
        Notice.BACKUPS_OFF,
    }
)
"""What RDS says of a database whose key works, and which starts no clock."""


class Unrest(NamedTuple):
    """What time alone may move, with the moment before which no record makes it do so.

    Attributes:
        keys: by ARN.
        databases: by identity.
    """

    keys: Mapping[str, Moment]
    databases: Mapping[str, Moment]


CopiesOf = Callable[[str], tuple[Copy, ...]]
"""Every copy of a database's data through time, by the database's id."""

_Since = tuple[str | None, Moment]
"""A name, if there is one, and a moment since which a clock may run for what has it."""


def unrest_of(groups: Groups, copies: CopiesOf, *, is_doubtful: bool) -> Unrest:
    """Return which keys and databases of a history something may await at some moment."""
    dated = _first(_dated(groups))
    if is_doubtful:  # by what is lost anything may move at any moment
        return Unrest(dated, dict.fromkeys(groups.database_facts, DAWN))
    harmed = _first((*dated.items(), *_harmed(groups)))
    moved = _first(_moved(groups, copies))
    databases = {}
    for identity in groups.database_facts:
        since = [harmed[key] for key in _keys(groups, copies, identity) if key in harmed]
        since += [moved[identity]] if identity in moved else []
        if since:
            databases[identity] = min(since)
    return Unrest(dated, databases)


def _first(named: Iterable[_Since]) -> dict[str, Moment]:
    found: dict[str, Moment] = {}
    for name, at in named:
        if name is not None:
            found[name] = min(at, found.get(name, at))
    return found


def _dated(groups: Groups) -> Iterator[_Since]:
    """Yield the keys that may be deleted, or lose material, without a further record."""
    for arns in groups.multi_region.values():
        yield from ((arn, DAWN) for arn in arns if len(arns) > 1)
    for fact in groups.of(*_DATED):
        yield fact.event.key, fact.evidence.time
        if isinstance(fact.event, KeyReplicated | PrimaryMoved):
            yield fact.event.primary, fact.evidence.time


def _harmed(groups: Groups) -> Iterator[_Since]:
    """Yield the keys that may not be usable at some moment."""
    for fact in groups.of(*_HARMING):
        yield fact.event.key, fact.evidence.time
    for fact in groups.of(KeyCreated):
        if fact.event.status is not KeyStatus.ENABLED or fact.event.store is not None:
            yield fact.event.key, fact.evidence.time


def _keys(groups: Groups, copies: CopiesOf, identity: str) -> set[str]:
    """Return every key under which a database or any copy of its data may ever have lain."""
    found = {groups.key_of(identity)}
    for fact in groups.database_facts[identity]:
        if isinstance(fact.event, DatabaseEvent | SnapshotCreated) and fact.event.seen.key:
            found.add(groups.resolved(fact.event.seen.key, fact.evidence.time))
    found |= {state.key for one in copies(identity) for state in one.values}
    return {key for key in found if key is not None}


def _moved(groups: Groups, copies: CopiesOf) -> Iterator[_Since]:
    """Yield the databases of which a record says something that may start a clock."""
    for name, at in _first((*_told(groups), *_deployed(groups))).items():
        yield name, at
        yield from ((one, at) for one in groups.identities.behind(name))
    yield from ((one, DAWN) for one in groups.global_names)
    for pair in groups.replications.pairs:
        yield from ((end, pair.joined.time) for end in (pair.source, pair.replica))
    for identity, moves in groups.grant_moves.items():
        yield from ((identity, one.at) for one in moves if isinstance(one.said, GrantTaken))
    keys_of_vaults: dict[str, set[str]] = defaultdict(set)
    for fact in groups.of(VaultMade):
        keys_of_vaults[fact.event.vault].add(fact.event.key)
    if any(len(keys) > 1 for keys in keys_of_vaults.values()):
        # Which key lay under a vault that was made twice depends on how much is known.
        for identity in groups.database_facts:
            if any(
                state.kind is Kind.RECOVERY_POINT
                for one in copies(identity)
                for state in one.values
            ):
                yield identity, DAWN


def _told(groups: Groups) -> Iterator[_Since]:
    """Yield the names by which records that may start a clock call a database, ARNs and ids."""
    for fact in groups.of(DatabaseEvent, DatabaseNotified, GlobalMove, BackupEvent):
        if fact.has_failed or _is_quiet(fact):
            continue
        yield from ((name, fact.evidence.time) for name in _names(fact.event))
        if isinstance(fact.event, DatabaseNotified):
            yield groups.members.get(fact.event.arn), fact.evidence.time


def _names(
    event: DatabaseEvent | DatabaseNotified | GlobalMove | BackupEvent,
) -> Iterator[str | None]:
    if isinstance(event, DatabaseEvent):
        yield from (*addresses(event), event.seen.resource_id)
        if event.seen.replica_source is not None:
            yield source_arn(event.seen)
    elif isinstance(event, BackupEvent):
        yield from (event.database_arn, event.database_id)
    else:
        yield event.arn


def _deployed(groups: Groups) -> Iterator[_Since]:
    """Yield what a blue/green deployment names; what that means depends on later records."""
    for fact in groups.of(DeploymentCreated):
        yield from ((name, DAWN) for name in (fact.event.source, *chain(*fact.event.pairs)))
    for one in groups.deployments:
        olds = (one.old(blue) for blue in (one.source, *(blue for blue, _ in one.pairs)))
        yield from ((name, DAWN) for name in (*olds, *one.olds.values(), *chain(*one.pairs)))


def _is_quiet(fact: Fact) -> bool:
    event = fact.event
    if isinstance(event, DatabaseNotified):
        return event.notice in _QUIET_NOTICES
    if isinstance(event, DatabaseCreated):
        return event.seen.replica_source is None and event.seen.global_cluster is None
    return isinstance(event, _QUIET) or (isinstance(event, DatabaseModified) and not event.detaches)
