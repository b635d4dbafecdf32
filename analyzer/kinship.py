"""Kinship: which databases belong to one global database, and from when until when.

Source: https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-global-database.html.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from analyzer.moment import Moment
from analyzer.resource import Fact
from analyzer.resources.rds_database.events import (
    DatabaseCreated,
    DatabaseDeleted,
    GlobalJoined,
    GlobalLeft,
)

Membership = tuple[str, Moment, Moment | None]
"""Identity of a member, when it joined, and when it left; None while it belongs."""


def global_members(groups: Mapping[str, Sequence[Fact]]) -> dict[str, list[Membership]]:
    """Return, by the name of each global cluster, its members.

    Args:
        groups: facts by database identity, in time order.
    """
    joined: dict[str, dict[str, tuple[Moment, Moment | None]]] = defaultdict(dict)
    for identity, facts in groups.items():
        for fact in facts:
            at, event = fact.evidence.time, fact.event
            if fact.has_failed:
                continue
            name = _global_name(event)
            if name is not None:
                joined[name].setdefault(identity, (at, None))
            if isinstance(event, GlobalLeft | DatabaseDeleted):
                for held in joined.values():
                    if identity in held and held[identity][1] is None:
                        held[identity] = (held[identity][0], at)
    return {
        name: [(identity, *span) for identity, span in held.items()]
        for name, held in joined.items()
    }


def _global_name(event: object) -> str | None:
    if isinstance(event, GlobalJoined):
        return event.global_cluster
    return event.seen.global_cluster if isinstance(event, DatabaseCreated) else None
