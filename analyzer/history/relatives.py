"""Relatives: multi-Region keys that share an id and material, one in each Region.

Source: https://docs.aws.amazon.com/kms/latest/developerguide/multi-region-keys-overview.html and
.../deleting-keys.html: the waiting period of a primary key begins when its last replica is deleted,
and a replica that was deleted can be made again from a relative that lives.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from analyzer.frozen import replace
from analyzer.history.replay import replay_key
from analyzer.moment import DAY, Moment
from analyzer.resource import Fact
from analyzer.resources.kms_key.events import (
    DEFAULT_WINDOW_DAYS,
    KeyMaterialDeleted,
    KeyMaterialExpired,
    KeyReplicated,
    KeyRotated,
    KeyStatus,
    RelativeDeleted,
    RelativeForgot,
    RelativeRotated,
)
from analyzer.resources.kms_key.material import needed
from analyzer.resources.kms_key.state import KeyState
from analyzer.timeline import Timeline

MULTI_REGION: Final = "mrk-"
"""How the ids of multi-Region keys begin."""

_ABSENT = frozenset({KeyStatus.DELETED, KeyStatus.UNKNOWN})


def relatives_of(arn: str, arns: Iterable[str]) -> list[str]:
    """Return the other ARNs with the id of a multi-Region key, sorted; none for any other key."""
    key_id = arn.rpartition("/")[2]
    if not key_id.startswith(MULTI_REGION):
        return []
    return sorted(other for other in arns if other != arn and other.rpartition("/")[2] == key_id)


def among_relatives(
    arn: str, relatives: Sequence[str], groups: Mapping[str, Sequence[Fact]]
) -> list[Fact]:
    """Return the facts of the multi-Region key *arn*, and what its relatives mean for it.

    Args:
        arn: a key; one that is none of several Regions has no relatives, and its facts alone.
        relatives: the ARNs of the others with its id.
        groups: facts by key ARN.
    """
    own = groups.get(arn, ())
    if not relatives:
        return list(own)
    lives = {one: replay_key(one, groups.get(one, ()))[0] for one in relatives}
    return [
        *(_with_materials(fact, arn, lives) for fact in own),
        *_deletions(arn, lives),
        *(said for one in relatives for said in _on_material(arn, lives[one], groups.get(one, ()))),
    ]


Lives = Mapping[str, Timeline[KeyState]]


def _with_materials(fact: Fact, arn: str, lives: Lives) -> Fact:
    """Tell a replica that comes to be which imported material its primary key needs."""
    event = fact.event
    if not isinstance(event, KeyReplicated) or event.key != arn or event.primary not in lives:
        return fact
    primary = lives[event.primary].at(fact.evidence.time)
    held = needed(primary.materials) if primary is not None else ()
    return replace(fact, event=replace(event, materials=held))


def _deletions(arn: str, lives: Lives) -> Iterator[Fact]:
    """Yield a fact for each deletion of a relative.

    Which of them is the primary may change (UpdatePrimaryRegion), so that every relative counts:
    only a primary key waits for the others.
    """
    for one, states in lives.items():
        for span in states.spans():
            by = span.value.cause
            if span.value.status is not KeyStatus.DELETED or by is None:
                continue
            left = (other.at(span.start) for name, other in lives.items() if name != one)
            is_last = all(state is None or state.status in _ABSENT for state in left)
            latest = span.value.since.latest if span.value.since is not None else None
            event = RelativeDeleted(key=arn, replica=one, is_last=is_last, latest=latest)
            # An inferred deletion has its own moment, later than the record it rests on.
            yield Fact(evidence=replace(by, time=span.start), event=event)


def _on_material(arn: str, relative: Timeline[KeyState], facts: Iterable[Fact]) -> Iterator[Fact]:
    """Yield what is done to the material of a primary key and reaches its replicas."""
    for fact in facts:
        event, before = fact.event, relative.before(fact.evidence.time)
        if fact.has_failed or before is None or not before.is_primary:
            continue
        if isinstance(event, KeyRotated):
            yield replace(fact, event=RelativeRotated(key=arn))
        elif isinstance(event, KeyMaterialDeleted | KeyMaterialExpired):
            waiting = {one.id for one in before.materials if one.is_pending}
            if event.material in waiting:
                yield replace(fact, event=RelativeForgot(key=arn, material=event.material))


def with_relatives(
    key: Timeline[KeyState], relatives: Sequence[Timeline[KeyState]]
) -> Timeline[KeyState]:
    """Return a key's states with what its relatives mean for them."""
    if not relatives:
        return key
    moments = sorted({*key.starts, *(start for one in relatives for start in one.starts)})
    changes: list[tuple[Moment, KeyState]] = []
    for at in moments:
        state = key.at(at)
        if state is None:
            continue
        others = (one.at(at) for one in relatives)
        related = _related(state, [one for one in others if one is not None])
        if not changes or changes[-1][1] != related:
            changes.append((at, related))
    return Timeline(changes)


def _related(state: KeyState, others: Sequence[KeyState]) -> KeyState:
    living = [one for one in others if one.status not in _ABSENT]
    family = living if state.status in _ABSENT else [state, *living]
    dues = [one.deletion_date or _after_replicas(one, family) for one in living]
    dates = [due for due in dues if due is not None]
    deaths = [one.death for one in (state, *others) if one.death is not None]
    return replace(
        state,
        last_death=max(deaths, key=lambda one: one.since.at) if deaths and not living else None,
        after_replicas=_after_replicas(state, family),
        spared=len(dates) < len(living),
        relatives_until=max(dates, default=None),
        relatives_need=max((needed(one.materials) for one in living), key=len, default=()),
    )


def _after_replicas(key: KeyState, family: Sequence[KeyState]) -> Moment | None:
    """Return when a primary key that waits for its replicas is gone, if each of them has a date.

    Its own waiting period begins when the last of them is deleted (deleting-keys.html).
    """
    dates = [one.deletion_date for one in family if one.arn != key.arn]
    known = [date for date in dates if date is not None]
    if key.status is not KeyStatus.PENDING_REPLICA_DELETION or len(known) < len(dates):
        return None
    days = DEFAULT_WINDOW_DAYS if key.window_days is None else key.window_days
    return max(known) + days * DAY if known else None
