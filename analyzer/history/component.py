"""Components: the part of a history on which some databases depend, to be replayed apart from it.

The verdict on a database is the same in its component as in the whole history, and costs what the
component costs, however many keys and databases there are beside it. Databases that hang together
are asked of together: each component for itself would hold what all of them have in common.
"""

from __future__ import annotations

from collections.abc import Iterable

from analyzer.history.gaps import stand_in
from analyzer.history.history import History
from analyzer.resource import Fact
from analyzer.resources.backup import VaultMade
from analyzer.resources.kms_alias import AliasEvent
from analyzer.resources.kms_grant import GrantCreated
from analyzer.resources.rds_backup import ExportEvent
from analyzer.resources.rds_blue_green import DeploymentEvent
from analyzer.resources.rds_database.events import GlobalRenamed, GlobalSwitched, GlobalSwitchUndone
from analyzer.resources.rds_sharing import SnapshotShared
from analyzer.resources.trail import TrailEvent

_OF_ALL = TrailEvent | ExportEvent | GlobalRenamed | GlobalSwitched | GlobalSwitchUndone | VaultMade
"""Events that no single database owns: every component keeps them."""


def component(history: History, *identities: str) -> History:
    """Return what databases depend on: their own facts, their copies', their kin's, their keys'."""
    groups = history.groups
    kin = {*identities, *(other for one in identities for other in groups.kin(one))}
    keys = _keys(history, identities, kin)
    snapshots = frozenset(_snapshots(history, kin))
    parts = [
        *(groups.database_facts.get(member, []) for member in kin),
        *(groups.snapshot_facts.get(one, []) for one in snapshots),
        *(groups.key_facts.get(key, []) for key in keys),
    ]
    entries = {fact.evidence.entry for part in parts for fact in part}
    deployments = {
        fact.event.deployment
        for fact in groups.of(DeploymentEvent)
        if fact.evidence.entry in entries
    }
    aliases = {alias for key in keys for alias in groups.pointers.of_key.get(key, ())}

    def belongs(fact: Fact) -> bool:
        event = fact.event
        if isinstance(event, AliasEvent):
            return event.alias in aliases
        if isinstance(event, SnapshotShared):
            return event.snapshot in snapshots
        if isinstance(event, GrantCreated):
            return event.database in kin
        # What names the green one of a deployment need not be what dates its names.
        return not isinstance(event, DeploymentEvent) or event.deployment in deployments

    of_some = groups.of(AliasEvent, SnapshotShared, GrantCreated, DeploymentEvent, _OF_ALL)
    ended = {gap.ended.entry for gap in history.gaps if gap.ended is not None} - entries
    writing = map(stand_in, groups.at_entries(ended))  # a gap that nothing ended would last on
    kept = (*groups.at_entries(entries), *writing, *filter(belongs, of_some))
    return History(kept, history.rulebook, history.unvouched)


def _keys(history: History, identities: Iterable[str], kin: set[str]) -> set[str]:
    """Return the keys of the databases and of their copies, and the relatives of these keys."""
    found = {history.key_of(member) for member in kin}
    for identity in identities:
        found |= {state.key for one in history.copies(identity) for state in one.values}
    named = {key for key in found if key is not None}
    return named | {other for key in named for other in history.relatives(key)}


def _snapshots(history: History, kin: set[str]) -> list[str]:
    """Return the ARNs of the snapshots of databases, and of what they were copied from."""
    held = [one for member in kin for one in history.snapshots.get(member, ())]
    return [one.arn for one in held] + [one.source for one in held if one.source is not None]
