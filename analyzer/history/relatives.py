"""Relatives: multi-Region keys that share an id and material, one in each Region.

Source: https://docs.aws.amazon.com/kms/latest/developerguide/multi-region-keys-overview.html and
.../deleting-keys.html: the waiting period of a primary key begins when its last replica is deleted,
and a replica that was deleted can be made again from a relative that lives.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from analyzer.history.replay import replay_key
from analyzer.moment import Moment
from analyzer.resource import Fact
from analyzer.resources.kms_key.events import KeyStatus, RelativeDeleted
from analyzer.resources.kms_key.state import KeyState
from analyzer.timeline import Timeline

_ABSENT = frozenset({KeyStatus.DELETED, KeyStatus.UNKNOWN})


def relatives_of(arn: str, arns: Iterable[str]) -> list[str]:
    """Return the other ARNs with the id of a multi-Region key, sorted; none for any other key."""
    key_id = arn.rpartition("/")[2]
    if not key_id.startswith("mrk-"):
        return []
    return sorted(other for other in arns if other != arn and other.rpartition("/")[2] == key_id)


def deletions_of_relatives(
    arn: str, relatives: Sequence[str], groups: Mapping[str, Sequence[Fact]]
) -> list[Fact]:
    """Return a fact for each deletion of a relative of the multi-Region key *arn*.

    Which of them is the primary may change (UpdatePrimaryRegion), so that every relative counts:
    only a primary key waits for the others.

    Args:
        arn: a multi-Region key.
        relatives: the ARNs of the others with its id.
        groups: facts by key ARN.
    """
    lives = {one: replay_key(one, groups.get(one, ()))[0] for one in relatives}
    found: list[Fact] = []
    for one, states in lives.items():
        for span in states.spans():
            by = span.value.cause
            if span.value.status is not KeyStatus.DELETED or by is None:
                continue
            left = (other.at(span.start) for name, other in lives.items() if name != one)
            is_last = all(state is None or state.status in _ABSENT for state in left)
            event = RelativeDeleted(key=arn, replica=one, is_last=is_last)
            # An inferred deletion has its own moment, later than the record it rests on.
            found.append(Fact(evidence=replace(by, time=span.start), event=event))
    return found


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
        living = [
            other
            for one in relatives
            if (other := one.at(at)) is not None and other.status not in _ABSENT
        ]
        dates = [other.deletion_date for other in living if other.deletion_date is not None]
        related = replace(
            state,
            spared=len(dates) < len(living),
            relatives_until=max(dates, default=None),
        )
        if not changes or changes[-1][1] != related:
            changes.append((at, related))
    return Timeline(changes)
