"""Kinship: which databases belong to one global database, and from when until when.

Source: https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-global-database.html.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from analyzer.evidence import Evidence
from analyzer.frozen import Frozen
from analyzer.moment import Moment
from analyzer.resource import Fact
from analyzer.resources.rds_database.events import (
    DatabaseCreated,
    DatabaseDeleted,
    GlobalJoined,
    GlobalLeft,
    GlobalRenamed,
    GlobalSwitched,
    GlobalSwitchUndone,
)
from analyzer.timeline import Timeline

Membership = tuple[str, Moment, Moment | None]
"""Identity of a member, when it joined, and when it left; None while it belongs."""


Rename = tuple[Moment, str, str]
"""When a global cluster was renamed, its old name and its new one."""


def renames_of(facts: Iterable[Fact]) -> list[Rename]:
    """Return when global clusters were renamed, in time order."""
    return [
        (fact.evidence.time, fact.event.old, fact.event.new)
        for fact in facts
        if isinstance(fact.event, GlobalRenamed) and not fact.has_failed
    ]


def global_members(
    groups: Mapping[str, Sequence[Fact]], renames: Sequence[Rename] = ()
) -> dict[str, list[Membership]]:
    """Return, by the first name of each global cluster, its members.

    Args:
        groups: facts by database identity, in time order.
        renames: of global clusters, in time order.
    """
    joined: dict[str, dict[str, tuple[Moment, Moment | None]]] = defaultdict(dict)
    for identity, facts in groups.items():
        of_this: list[dict[str, tuple[Moment, Moment | None]]] = []
        for fact in facts:
            at, event = fact.evidence.time, fact.event
            if fact.has_failed:
                continue
            name = _global_name(event)
            if name is not None:
                held = joined[_first_name(name.lower(), at, renames)]
                first, _ = held.get(identity, (at, None))
                held[identity] = (first, None)
                of_this.append(held)
            if isinstance(event, GlobalLeft | DatabaseDeleted):
                for held in of_this:
                    if held[identity][1] is None:
                        held[identity] = (held[identity][0], at)
    return {
        name: [(identity, *span) for identity, span in held.items()]
        for name, held in joined.items()
    }


class Takeover(Frozen, frozen=True, kw_only=True):
    """A member of a global database that writes from a call on.

    Attributes:
        arn: of the member.
        by: the call.
        may_lose: whether the call did not wait for what was written before to arrive there.
    """

    arn: str
    by: Evidence
    may_lose: bool


def writers_of(facts: Iterable[Fact], renames: Sequence[Rename]) -> dict[str, Timeline[Takeover]]:
    """Return, by the first name of each global cluster, the member that writes.

    Before the first switchover no record tells; then it is the cluster that it was made of.
    """
    found: dict[str, list[Takeover]] = defaultdict(list)
    for fact in facts:
        event, by = fact.event, fact.evidence
        if isinstance(event, GlobalSwitched) and not fact.has_failed:
            name = _first_name(event.global_cluster, by.time, renames)
            found[name].append(Takeover(arn=event.arn, by=by, may_lose=event.may_lose))
        elif isinstance(event, GlobalSwitchUndone):
            for held in found.values():
                if held and held[-1].arn.lower() == event.arn.lower():
                    held.pop()
    return {name: Timeline((one.by.time, one) for one in held) for name, held in found.items()}


def overlap(one: Membership, other: Membership) -> tuple[Moment, Moment | None] | None:
    """Return from when until when two members belonged together; None if they never did."""
    ends = [left for _, _, left in (one, other) if left is not None]
    begin, end = max(one[1], other[1]), min(ends, default=None)
    return None if end is not None and end <= begin else (begin, end)


def lossy_takeovers(
    identity: str,
    members: Mapping[str, Sequence[Membership]],
    writers: Mapping[str, Timeline[Takeover]],
) -> list[Takeover]:
    """Return the failovers that may have lost what was written last, oldest first.

    Args:
        identity: of a member at that time.
        members: of each global cluster.
        writers: the same for who writes.
    """
    found = [
        takeover
        for name, held in members.items()
        for one, joined, left in held
        if one == identity and name in writers
        for takeover in writers[name].values
        if takeover.may_lose and joined <= takeover.by.time and _is_before(takeover.by.time, left)
    ]
    return sorted(found, key=lambda one: one.by.order)


def _is_before(at: Moment, end: Moment | None) -> bool:
    return end is None or at <= end


def _first_name(name: str, at: Moment, renames: Sequence[Rename]) -> str:
    for when, old, new in reversed(renames):
        if when <= at and new == name:
            name = old
    return name


def _global_name(event: object) -> str | None:
    if isinstance(event, GlobalJoined):
        return event.global_cluster
    return event.seen.global_cluster if isinstance(event, DatabaseCreated) else None
