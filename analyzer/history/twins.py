"""Twins: the records in which the trails of several accounts tell of one call."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from analyzer.evidence import Evidence
from analyzer.frozen import replace
from analyzer.resource import Fact


def twins_joined(ordered: Iterable[Fact]) -> Iterator[Fact]:
    """Join the records in which several accounts' trails tell of one call: one fact, two evidences.

    Source: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/
    cloudtrail-event-reference-record-contents.html (sharedEventID).
    """
    held: dict[tuple[str, str], Fact] = {}
    kept: list[Fact | tuple[str, str]] = []
    for fact in ordered:
        shared = fact.evidence.shared_id
        if shared is None:
            kept.append(fact)
            continue
        name = (shared, fact.evidence.event_name)
        first = held.get(name)
        if first is None:
            kept.append(name)
            held[name] = fact
        else:
            held[name] = replace(first, evidence=_joined(first.evidence, fact.evidence))
    return (held[one] if isinstance(one, tuple) else one for one in kept)


def _joined(first: Evidence, other: Evidence) -> Evidence:
    accounts = {*first.twin_accounts, *other.twin_accounts, other.account or ""}
    return replace(
        first,
        twins=tuple(sorted({*first.twins, *other.twins, other.entry})),
        twin_accounts=tuple(sorted(accounts)),
    )
