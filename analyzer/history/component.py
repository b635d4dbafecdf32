"""Components: the part of a history on which one database depends, to be replayed apart from it.

The verdict on a database is the same in its component as in the whole history, and costs what the
component costs, however many keys and databases there are beside it.
"""

from __future__ import annotations

from analyzer.history.history import History
from analyzer.resource import Fact
from analyzer.resources.backup import VaultMade
from analyzer.resources.kms_alias import AliasPointed, AliasRemoved
from analyzer.resources.kms_grant import GrantCreated
from analyzer.resources.rds_backup import ExportEvent
from analyzer.resources.rds_blue_green import DeploymentEvent
from analyzer.resources.rds_database.events import GlobalRenamed, GlobalSwitched, GlobalSwitchUndone
from analyzer.resources.rds_sharing import SnapshotShared
from analyzer.resources.trail import TrailEvent

_OF_ALL = TrailEvent | ExportEvent | GlobalRenamed | GlobalSwitched | GlobalSwitchUndone | VaultMade
"""Events that no single database owns: every component keeps them."""


def component(history: History, identity: str) -> History:
    """Return what a database depends on: its own facts, its copies', its kin's, their keys'."""
    groups = history.groups
    kin = {identity, *groups.kin(identity)}
    keys = _keys(history, identity, kin)
    snapshots = frozenset(_snapshots(history, kin))
    parts = [
        *(groups.database_facts.get(member, []) for member in kin),
        *(groups.snapshot_facts.get(one, []) for one in snapshots),
        *(groups.key_facts.get(key, []) for key in keys),
    ]
    entries = {fact.evidence.entry for part in parts for fact in part}
    aliases = _aliases(history, keys)
    deployments = {
        fact.event.deployment
        for fact in groups.facts
        if isinstance(fact.event, DeploymentEvent) and fact.evidence.entry in entries
    }

    def belongs(fact: Fact) -> bool:
        match fact.event:
            case AliasPointed() | AliasRemoved():
                return fact.event.alias in aliases
            case GrantCreated() if fact.event.database in kin:
                return True
            case SnapshotShared():
                return fact.event.snapshot in snapshots
        if isinstance(fact.event, DeploymentEvent) and fact.event.deployment in deployments:
            return True  # what names the green one need not be what dates its names
        return fact.evidence.entry in entries or isinstance(fact.event, _OF_ALL)

    kept = (fact for fact in groups.facts if belongs(fact))
    return History(kept, history.rulebook, history.unvouched)


def _keys(history: History, identity: str, kin: set[str]) -> set[str]:
    """Return the keys of the databases and of their copies, and the relatives of these keys."""
    found = {history.key_of(member) for member in kin}
    found |= {state.key for one in history.copies(identity) for state in one.values}
    named = {key for key in found if key is not None}
    return named | {other for key in named for other in history.relatives(key)}


def _snapshots(history: History, kin: set[str]) -> list[str]:
    """Return the ARNs of the snapshots of databases, and of what they were copied from."""
    held = [one for member in kin for one in history.snapshots.get(member, ())]
    return [one.arn for one in held] + [one.source for one in held if one.source is not None]


def _aliases(history: History, keys: set[str]) -> set[str]:
    """Return the aliases that ever pointed at one of *keys*."""
    return {
        alias
        for alias, pointed in history.groups.aliases.items()
        if not keys.isdisjoint(pointed.values)
    }
