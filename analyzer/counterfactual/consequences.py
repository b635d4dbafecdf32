"""Consequences: which records could not have come, had others not come, or come beside them.

A record is dropped only where AWS's rules let it succeed in what happened and would not have let it
succeed in what is imagined: `DeleteKey` without its schedule, an expiry without its import, a start
or a restore with a key that would have been unusable, RDS's word on a loss that would not be.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from analyzer.history.history import History
from analyzer.history.replay import plausible_sequence
from analyzer.moment import Moment
from analyzer.resource import Fact
from analyzer.resources.kms_key.events import (
    KeyCreated,
    KeyDeleted,
    KeyDeletionCancelled,
    KeyDeletionScheduled,
    KeyEvent,
    KeyMaterialExpired,
    KeyMaterialImported,
    KeyReplicated,
    KeyStatus,
)
from analyzer.resources.kms_key.evolve import evolve, is_possible, passed_deletion_date
from analyzer.resources.kms_key.state import KeyState
from analyzer.resources.rds_blue_green import DeploymentCompleted, DeploymentSwitched, Renamed
from analyzer.resources.rds_database.events import (
    DatabaseCreated,
    DatabaseDeleted,
    DatabaseModified,
    DatabaseStarted,
    DatabaseStopped,
)
from analyzer.resources.rds_notice import DatabaseNotified, Notice
from analyzer.resources.rds_snapshot import SnapshotCopied, SnapshotCreated, SnapshotDeleted

_OUTCOMES: Final[Mapping[type, frozenset[Notice]]] = {
    DatabaseDeleted: frozenset({Notice.DELETED}),
    DatabaseStopped: frozenset({Notice.STOPPED}),
    DatabaseStarted: frozenset({Notice.STARTED}),
    DatabaseModified: frozenset({Notice.BACKUPS_OFF, Notice.BACKUPS_ON}),
}
"""What RDS says once a call is carried out."""

_OF_LOSS: Final = frozenset({Notice.KEY_UNREACHABLE, Notice.INACCESSIBLE})


def followers_of(history: History, removed: set[int], added: Sequence[Fact]) -> list[Fact]:
    """Return the records that would have failed, or never come, with their keys as imagined.

    Args:
        history: what happened.
        removed: entries that are crossed out.
        added: facts that are put in.
    """
    touched = {
        fact.event.key
        for fact in (*history.groups.facts, *added)
        if (fact.evidence.entry in removed or fact.evidence.entry < 0)
        and isinstance(fact.event, KeyEvent)
    }
    dropped: list[Fact] = []
    for arn in sorted(touched):
        own = [fact for fact in added if isinstance(fact.event, KeyEvent) and fact.event.key == arn]
        dropped += _of_key(arn, [*history.groups.key_facts.get(arn, ()), *own], removed)
    return dropped


def orphans_of(history: History, removed: set[int]) -> list[Fact]:
    """Return what speaks of things that would not be, and the RDS events that end removed calls."""
    dropped = [*_of_databases(history, removed), *_of_switchovers(history, removed)]
    dropped += _of_snapshots(history, removed | {fact.evidence.entry for fact in dropped})
    return dropped


def echoes_of(real: History, imagined: History) -> list[Fact]:
    """Return RDS's words on a loss of access, or its end, that would not have been."""
    return [
        fact
        for fact in imagined.groups.facts
        if isinstance(fact.event, DatabaseNotified) and _is_pointless(real, imagined, fact)
    ]


def _of_key(arn: str, facts: list[Fact], removed: set[int]) -> Iterator[Fact]:
    """Walk a key's events twice in step, as they were and as they would have been."""
    real = imagined = KeyState(arn=arn)
    schedule_gone = material_gone = False
    succeeded = [fact for fact in facts if not fact.has_failed]
    for fact in plausible_sequence(real, succeeded):
        event, entry = fact.event, fact.evidence.entry
        imagined = _overtaken(imagined, real, fact.evidence.time)
        if isinstance(event, KeyDeletionScheduled):
            schedule_gone = entry in removed
        elif isinstance(event, KeyMaterialImported):
            material_gone = entry in removed
        if entry < 0:
            imagined = evolve(imagined, event, fact.evidence)
            continue
        before = real
        real = evolve(real, event, fact.evidence)
        if entry in removed:
            continue
        follows = (isinstance(event, KeyDeleted | KeyDeletionCancelled) and schedule_gone) or (
            isinstance(event, KeyMaterialExpired) and material_gone
        )
        if follows or (_can_be(before, event) and not _can_be(imagined, event)):
            schedule_gone |= isinstance(event, KeyDeletionScheduled)
            yield fact
        else:
            imagined = evolve(imagined, event, fact.evidence)


def _can_be(state: KeyState, event: KeyEvent) -> bool:
    """Whether the key's state lets a call succeed; of a deleted key nothing is told any more."""
    if state.status is KeyStatus.DELETED:
        return isinstance(event, KeyDeleted | KeyReplicated | KeyCreated)
    return is_possible(state, event)


def _overtaken(imagined: KeyState, real: KeyState, at: Moment) -> KeyState:
    """Let an imagined deletion date pass; one that stood in reality too is judged by the replay."""
    date = imagined.deletion_date
    is_due = imagined.status is KeyStatus.PENDING_DELETION and date is not None and date < at
    if not is_due or date is None or (real.status, real.deletion_date) == (imagined.status, date):
        return imagined
    return passed_deletion_date(imagined, date)


def _of_databases(history: History, removed: set[int]) -> Iterator[Fact]:
    """Yield everything about databases that would not be, and outcomes of removed calls."""
    for facts in history.groups.database_facts.values():
        awaited: set[Notice] = set()
        is_absent = False
        for fact in facts:
            is_removed = fact.evidence.entry in removed
            if isinstance(fact.event, DatabaseCreated) and not fact.has_failed:
                is_absent = is_removed
            outcomes = _OUTCOMES.get(type(fact.event))
            if outcomes is not None and not fact.has_failed:
                awaited = awaited | outcomes if is_removed else awaited - outcomes
            elif isinstance(fact.event, DatabaseNotified) and fact.event.notice in awaited:
                yield fact
                awaited = awaited - {fact.event.notice}
                continue
            if is_absent and not is_removed:
                yield fact


def _of_switchovers(history: History, removed: set[int]) -> Iterator[Fact]:
    """Yield RDS's words on blue/green switchovers that nobody would have called for."""
    uncalled: set[str] = set()
    for fact in history.groups.facts:
        event = fact.event
        if isinstance(event, DeploymentSwitched) and not fact.has_failed:
            is_removed = fact.evidence.entry in removed
            uncalled = (
                uncalled | {event.deployment} if is_removed else uncalled - {event.deployment}
            )
        elif isinstance(event, Renamed | DeploymentCompleted) and event.deployment in uncalled:
            yield fact


def _of_snapshots(history: History, removed: set[int]) -> list[Fact]:
    """Return the deletions and copies of snapshots that would not be, and so on along copies."""
    dropped: list[Fact] = []
    absent: set[str] = set()
    for fact in history.groups.facts:
        event, is_removed = fact.event, fact.evidence.entry in removed
        if fact.has_failed or not isinstance(
            event, SnapshotCreated | SnapshotCopied | SnapshotDeleted
        ):
            continue
        is_orphan = event.seen.arn in absent if isinstance(event, SnapshotDeleted) else (
            isinstance(event, SnapshotCopied) and event.source in absent
        )  # fmt: skip
        if is_orphan and not is_removed:
            dropped.append(fact)
        if isinstance(event, SnapshotDeleted):
            continue
        if is_removed or is_orphan:
            absent.add(event.seen.arn)
        else:
            absent.discard(event.seen.arn)
    return dropped


def _is_pointless(real: History, imagined: History, fact: Fact) -> bool:
    """Whether RDS would not have spoken: the key was as it tells, and would not have been."""
    notice, at = fact.event.notice, fact.evidence.time
    if notice not in _OF_LOSS and notice is not Notice.KEY_REACHABLE:
        return False
    key = real.groups.key_of(real.groups.identities.at(fact.event.arn, at))
    if key is None:
        return False
    then, instead = real.key(key).at(at), imagined.key(key).at(at)
    was_lost = then is not None and then.is_usable is False
    would_be_lost = instead is not None and instead.is_usable is False
    return was_lost is (notice in _OF_LOSS) and would_be_lost is not was_lost
