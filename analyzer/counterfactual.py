"""Counterfactuals: what would have been without some events; by replay, not by a table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from analyzer.evidence import Evidence
from analyzer.history import History
from analyzer.moment import Moment
from analyzer.recovery.verdict import Verdict
from analyzer.replay import plausible_sequence
from analyzer.resource import Fact
from analyzer.resources.kms_key.events import (
    KeyDeleted,
    KeyDeletionCancelled,
    KeyDeletionScheduled,
    KeyEvent,
    KeyMaterialExpired,
    KeyMaterialImported,
    KeyPolicyPut,
    KeyRotated,
    KeyServed,
    KeyTouched,
)
from analyzer.resources.kms_key.evolve import evolve, is_possible
from analyzer.resources.kms_key.state import KeyState
from analyzer.resources.rds_database.events import (
    DatabaseCreated,
    DatabaseDeleted,
    DatabaseModified,
    DatabaseStarted,
    DatabaseStopped,
)
from analyzer.resources.rds_notice import DatabaseNotified, Notice

_OUTCOMES: Final[Mapping[type, frozenset[Notice]]] = {
    DatabaseDeleted: frozenset({Notice.DELETED}),
    DatabaseStopped: frozenset({Notice.STOPPED}),
    DatabaseStarted: frozenset({Notice.STARTED}),
    DatabaseModified: frozenset({Notice.BACKUPS_OFF, Notice.BACKUPS_ON}),
}
"""What RDS says once a call is carried out."""

_OF_LOSS = frozenset({Notice.KEY_UNREACHABLE, Notice.INACCESSIBLE})


def without(history: History, crossed_out: Iterable[int]) -> tuple[History, tuple[Fact, ...]]:
    """Replay a history without some of its entries and without what could only follow from them.

    Args:
        history: the baseline.
        crossed_out: ledger indexes of the events to leave out.

    Returns:
        The hypothetical history, and the facts that were dropped because they follow from the
        others.
    """
    removed = set(crossed_out)
    dropped = _followers(history, removed) + _completions(history, removed)
    removed |= {fact.evidence.entry for fact in dropped}
    hypothetical = _keeping(history, removed)
    echoes = [
        fact
        for fact in hypothetical.groups.facts
        if isinstance(fact.event, DatabaseNotified)
        and fact.event.notice in _OF_LOSS
        and _is_pointless(history, hypothetical, fact)
    ]
    if echoes:
        removed |= {fact.evidence.entry for fact in echoes}
        hypothetical = _keeping(history, removed)
    return hypothetical, tuple(dropped + echoes)


def decisive(history: History, identity: str, at: Moment) -> tuple[Evidence, ...]:
    """Return every single event without which the database would not be unrecoverable at *at*.

    Each candidate is crossed out in turn and the component of the database replayed without it.
    """
    component = history.component(identity)
    found = []
    for fact in component.groups.facts:
        if fact.evidence.time > at or not _is_candidate(fact):
            continue
        hypothetical, _ = without(component, (fact.evidence.entry,))
        judgement = hypothetical.judgements(identity).at(at)
        if judgement is not None and judgement.verdict not in {
            Verdict.UNRECOVERABLE,
            Verdict.UNKNOWN,
        }:
            found.append(fact.evidence)
    return tuple(found)


def _is_candidate(fact: Fact) -> bool:
    return not fact.has_failed and not isinstance(
        fact.event, KeyTouched | KeyPolicyPut | KeyRotated | DatabaseCreated
    )


def _keeping(history: History, removed: set[int]) -> History:
    kept = (fact for fact in history.groups.facts if fact.evidence.entry not in removed)
    return History(kept, history.rulebook)


def _followers(history: History, removed: set[int]) -> list[Fact]:
    """Return the key events that would have failed, or never come, without the removed ones."""
    touched = {
        fact.event.key
        for fact in history.groups.facts
        if fact.evidence.entry in removed and isinstance(fact.event, KeyEvent)
    }
    dropped: list[Fact] = []
    for arn in sorted(touched):
        dropped += _key_followers(arn, history.groups.key_facts[arn], removed)
    return dropped


def _completions(history: History, removed: set[int]) -> list[Fact]:
    """Return the RDS events that only tell of the outcome of a removed call."""
    dropped: list[Fact] = []
    for facts in history.groups.database_facts.values():
        awaited: set[Notice] = set()
        for fact in facts:
            outcomes = _OUTCOMES.get(type(fact.event))
            if outcomes is not None and not fact.has_failed:
                awaited = awaited | outcomes if fact.evidence.entry in removed else (
                    awaited - outcomes
                )  # fmt: skip
            elif isinstance(fact.event, DatabaseNotified) and fact.event.notice in awaited:
                dropped.append(fact)
                awaited = awaited - {fact.event.notice}
    return dropped


def _key_followers(arn: str, facts: list[Fact], removed: set[int]) -> list[Fact]:
    """Walk a key's events twice in step, as they were and as they would have been."""
    real = imagined = KeyState(arn=arn)
    schedule_gone = material_gone = False
    dropped: list[Fact] = []
    succeeded = [fact for fact in facts if not fact.has_failed]
    for fact in plausible_sequence(real, succeeded):
        event, entry = fact.event, fact.evidence.entry
        if isinstance(event, KeyServed):
            real = evolve(real, event, fact.evidence)
            imagined = evolve(imagined, event, fact.evidence)
            continue
        if isinstance(event, KeyDeletionScheduled):
            schedule_gone = entry in removed
        elif isinstance(event, KeyMaterialImported):
            material_gone = entry in removed
        was_possible = is_possible(real, event)
        real = evolve(real, event, fact.evidence)
        if entry in removed:
            continue
        follows = (isinstance(event, KeyDeleted | KeyDeletionCancelled) and schedule_gone) or (
            isinstance(event, KeyMaterialExpired) and material_gone
        )
        if follows or (was_possible and not is_possible(imagined, event)):
            dropped.append(fact)
        else:
            imagined = evolve(imagined, event, fact.evidence)
    return dropped


def _is_pointless(real: History, imagined: History, fact: Fact) -> bool:
    """Whether RDS would not have spoken: the key was lost then, and would not have been."""
    at = fact.evidence.time
    identity = real.groups.identities.at(fact.event.arn, at)
    key = real.groups.key_of(identity)
    if key is None:
        return False
    then, instead = real.key(key).at(at), imagined.key(key).at(at)
    was_lost = then is not None and then.is_usable is False
    return was_lost and instead is not None and instead.is_usable is not False
