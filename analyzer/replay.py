"""Replay: the facts of one KMS key, in an order free of arrival, folded to its timeline.

Timed rules (deletion date, expiry of material) are applied between records. They are inferences:
any record that shows the key alive later overrules them, also when it arrives late.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from analyzer.moment import SECOND, Moment
from analyzer.resource import Fact, Oddity
from analyzer.resources.kms_key.events import KeyDeleted, KeyMaterialExpired, KeyStatus
from analyzer.resources.kms_key.evolve import (
    evolve,
    is_possible,
    passed_deletion_date,
    passed_expiry,
)
from analyzer.resources.kms_key.material import next_expiry
from analyzer.resources.kms_key.state import DELETION_SLACK, KeyState
from analyzer.timeline import DAWN, Timeline

_TRIED_ORDERS = 8
"""Up to so many records of one second every order is tried; beyond, the first that fits."""


def replay_key(arn: str, facts: Iterable[Fact]) -> tuple[Timeline[KeyState], tuple[Oddity, ...]]:
    """Fold a key's facts.

    Args:
        arn: the key.
        facts: every fact that names it, in any order; failed calls are passed over.

    Returns:
        Its states from before the ledger begins, inferred future moves included, and what was odd.
    """
    state = KeyState(arn=arn)
    changes: list[tuple[Moment, KeyState]] = [(DAWN, state)]
    oddities: list[Oddity] = []
    succeeded = sorted(
        (fact for fact in facts if not fact.has_failed), key=lambda fact: fact.evidence.order
    )
    seconds = _seconds(succeeded)
    for index, second in enumerate(seconds):
        later = [fact for following in seconds[index:] for fact in following]
        state = _infer(state, later, second[0].evidence.time, changes)
        for fact in plausible_order(state, second):
            if not is_possible(state, fact.event):
                oddities.append(_impossible(state, fact))
            state = evolve(state, fact.event, fact.evidence)
            changes.append((fact.evidence.time, state))
    _infer(state, [], None, changes)
    return Timeline(changes), tuple(oddities)


def plausible_order(state: KeyState, facts: Sequence[Fact]) -> Sequence[Fact]:
    """Order the facts of one second so that AWS's rules allow each step, if some order does.

    The first such order, by event id and then payload hash, is taken; if there is none, that order
    itself is.
    """
    if len(facts) == 1:
        return facts
    if len(facts) <= _TRIED_ORDERS:
        return _search(state, tuple(facts)) or facts
    left, chosen = list(facts), []
    while left:
        fitting = (fact for fact in left if is_possible(state, fact.event))
        fact = next(fitting, left[0])
        left.remove(fact)
        chosen.append(fact)
        state = evolve(state, fact.event, fact.evidence)
    return chosen


def plausible_sequence(state: KeyState, facts: Sequence[Fact]) -> list[Fact]:
    """Order a key's successful facts as the replay does, timed rules aside."""
    sequence: list[Fact] = []
    for second in _seconds(sorted(facts, key=lambda fact: fact.evidence.order)):
        for fact in plausible_order(state, second):
            state = evolve(state, fact.event, fact.evidence)
            sequence.append(fact)
    return sequence


def _search(state: KeyState, facts: tuple[Fact, ...]) -> tuple[Fact, ...] | None:
    if not facts:
        return ()
    for index, fact in enumerate(facts):
        if is_possible(state, fact.event):
            rest = (*facts[:index], *facts[index + 1 :])
            found = _search(evolve(state, fact.event, fact.evidence), rest)
            if found is not None:
                return (fact, *found)
    return None


def _seconds(facts: Sequence[Fact]) -> list[list[Fact]]:
    """Group ordered facts by the second they happened in; CloudTrail's times have no fraction."""
    groups: list[list[Fact]] = []
    for fact in facts:
        if groups and groups[-1][0].evidence.time // SECOND == fact.evidence.time // SECOND:
            groups[-1].append(fact)
        else:
            groups.append([fact])
    return groups


def _infer(
    state: KeyState,
    later: Sequence[Fact],
    until: Moment | None,
    changes: list[tuple[Moment, KeyState]],
) -> KeyState:
    """Apply the timed rules that fall due before *until* and that no later record overrules."""
    told = state.status is KeyStatus.DELETED or any(
        isinstance(fact.event, KeyMaterialExpired) for fact in later
    )
    due_material = next_expiry(state.materials)
    while due_material is not None and due_material.valid_to is not None and not told:
        if until is not None and due_material.valid_to >= until:
            break
        state = passed_expiry(state, due_material)
        changes.append((due_material.valid_to, state))
        due_material = next_expiry(state.materials)
    due = state.deletion_date
    if state.status is KeyStatus.PENDING_DELETION and due is not None and not later:
        # Only after the last record of the key: every later success shows that it was still there.
        shown_alive = changes[-1][0]
        at = max(due, shown_alive)
        if at <= due + DELETION_SLACK:
            state = passed_deletion_date(state, at)
            changes.append((at, state))
    return state


def _impossible(state: KeyState, fact: Fact) -> Oddity:
    name = "deletion" if isinstance(fact.event, KeyDeleted) else fact.evidence.event_name
    cited = (fact.evidence,) if state.cause is None else (state.cause, fact.evidence)
    return Oddity(
        rule="kms.impossible-move",
        resource=state.arn,
        evidence=cited,
        detail=f"{name} succeeded although the key was {state.status.value}",
    )
