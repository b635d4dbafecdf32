"""Replay: the facts of one KMS key, in an order free of arrival, folded to its timeline.

Timed rules (deletion date, expiry of material) are applied between records. They are inferences:
any record that shows the key alive later overrules them, also when it arrives late.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import Final, NamedTuple

from analyzer.frozen import replace
from analyzer.moment import MINUTE, SECOND, Moment, text
from analyzer.resource import Fact, Oddity
from analyzer.resources.kms_key.events import (
    KeyDeleted,
    KeyMaterialExpired,
    KeyReplicated,
    KeyServed,
    KeyStatus,
    KeyTouched,
    PrimaryMoved,
    RelativeEvent,
)
from analyzer.resources.kms_key.evolve import evolve, is_possible, passed_deletion_date
from analyzer.resources.kms_key.holding import passed_expiry
from analyzer.resources.kms_key.material import next_expiry
from analyzer.resources.kms_key.state import MANAGED_BY_AWS, KeyState
from analyzer.resources.kms_key.store import StoreEvent
from analyzer.timeline import DAWN, Timeline

SETTLING: Final = 5 * MINUTE
"""So long after a change of state a use of the key is no contradiction (accessing-kms.html)."""

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
    succeeded = [fact for fact in facts if not fact.has_failed]
    succeeded.sort(key=_order)
    ahead = _NOTHING_AHEAD
    for life in _lives(arn, succeeded):
        before, ahead = ahead, _Ahead.of(chain.from_iterable(life))
        for index, second in enumerate(life):
            due_by = second[0].evidence.time
            state = _infer(state, ahead if index else before, due_by, changes)
            for fact in plausible_order(state, second):
                oddities += _oddities(state, fact)
                state = evolve(state, fact.event, fact.evidence)
                changes.append((fact.evidence.time, state))
    _infer(state, ahead, None, changes)
    return Timeline(_moving(changes)), tuple(oddities)


def _order(fact: Fact) -> tuple[Moment, str, str]:
    return fact.evidence.order


def _moving(changes: list[tuple[Moment, KeyState]]) -> Iterator[tuple[Moment, KeyState]]:
    """Yield the changes that are any: most records of a key leave it as it is.

    A key that serves a thousand databases would else be looked at a thousand times for each.
    """
    last: KeyState | None = None
    for at, state in changes:
        if state is not last:
            yield at, state
        last = state


class _Ahead(NamedTuple):
    """What all records of a key together say about how long it lived.

    Attributes:
        alive: the newest moment at which a record shows that it existed.
        expired: the newest moment at which a record tells of an expiry of material.
    """

    alive: Moment
    expired: Moment

    @classmethod
    def of(cls, facts: Iterable[Fact]) -> _Ahead:
        """Gather from successful facts; what is about a store or a relative shows nothing."""
        alive = expired = DAWN
        for one in facts:
            if isinstance(one.event, KeyMaterialExpired):
                expired = max(expired, one.evidence.time)
            if not isinstance(one.event, StoreEvent | RelativeEvent):
                alive = max(alive, one.evidence.time)
        return cls(alive=alive, expired=expired)


_NOTHING_AHEAD = _Ahead.of(())


def _oddities(state: KeyState, fact: Fact) -> tuple[Oddity, ...]:
    if not is_possible(state, fact.event) and not _is_settling(state, fact):
        return (_impossible(state, fact),)
    return (_early(state, fact),) if _is_early(state, fact) else ()


def _lives(arn: str, facts: Sequence[Fact]) -> list[list[list[Fact]]]:
    """Part a key's facts by its lives, and these by seconds.

    A replica can be made again only once it was deleted.
    """
    lives: list[list[list[Fact]]] = [[]]
    for second in _seconds(facts):
        if lives[-1] and any(_is_birth(arn, fact) for fact in second):
            lives.append([])
        lives[-1].append(second)
    return lives


def _is_birth(arn: str, fact: Fact) -> bool:
    return isinstance(fact.event, KeyReplicated) and fact.event.key == arn


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
    ahead: _Ahead,
    until: Moment | None,
    changes: list[tuple[Moment, KeyState]],
) -> KeyState:
    """Apply the timed rules that fall due before *until* and that no later record overrules."""
    if not state.materials and state.status is not KeyStatus.PENDING_DELETION:
        return state  # nothing falls due, as with most keys at most times
    now = changes[-1][0]
    while (due := next_expiry(state.materials)) is not None and due.valid_to is not None:
        is_told = now < ahead.expired or state.status is KeyStatus.DELETED
        if is_told or (until is not None and due.valid_to >= until):
            break
        state = passed_expiry(state, due)
        changes.append((due.valid_to, state))
    date = state.deletion_date
    if state.status is not KeyStatus.PENDING_DELETION or date is None:
        return state
    # Every record that shows the key after the date shows that it was not deleted until then.
    at = max(date, ahead.alive)
    is_over = until is None or (at < until and ahead.alive < until)
    if is_over and now >= ahead.alive and at <= (state.latest_deletion or date):
        state = passed_deletion_date(state, at)
        changes.append((at, state))
    return state


def _is_settling(state: KeyState, fact: Fact) -> bool:
    """Whether a use of the key may have met its state of a moment before (accessing-kms.html)."""
    is_use = isinstance(fact.event, KeyTouched | KeyServed | PrimaryMoved)
    return is_use and state.since is not None and fact.evidence.time - state.since.at <= SETTLING


def _is_early(state: KeyState, fact: Fact) -> bool:
    """Whether KMS deleted before the waiting period was over, which it never does."""
    date = state.deletion_date
    is_pending = state.status is KeyStatus.PENDING_DELETION and date is not None
    return is_pending and isinstance(fact.event, KeyDeleted) and fact.evidence.time < (date or 0)


def _early(state: KeyState, fact: Fact) -> Oddity:
    return replace(
        _impossible(state, fact),
        detail=f"deletion succeeded before {text(state.deletion_date or 0)}, the end of the "
        "waiting period",
    )


def _impossible(state: KeyState, fact: Fact) -> Oddity:
    name = "deletion" if isinstance(fact.event, KeyDeleted) else fact.evidence.event_name
    cited = (fact.evidence,) if state.cause is None else (state.cause, fact.evidence)
    return Oddity(
        rule="kms.impossible-move",
        resource=state.arn,
        evidence=cited,
        detail=f"{name} succeeded although {_obstacle(state, fact)}",
    )


def _obstacle(state: KeyState, fact: Fact) -> str:
    if state.manager == "AWS" and isinstance(fact.event, MANAGED_BY_AWS):
        return "AWS manages the key"
    if state.is_symmetric is False and isinstance(fact.event, KeyServed):
        return "the key is none for symmetric encryption"
    return f"the key was {state.status.value}"
