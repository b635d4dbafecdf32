"""Subjects: which key and database each record is about; and aliases and gaps, as rows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from analyzer.history.history import History
from analyzer.resource import Fact
from analyzer.resources.kms_alias import AliasEvent, AliasPointed
from analyzer.resources.kms_key.events import KeyServed
from analyzer.resources.kms_key.store import StoreEvent

Cells = tuple[Any, ...]


def subjects(history: History) -> Iterator[Cells]:
    """Yield the rows of `subjects`: of a call that several accounts tell of, one for each record.

    A record about a custom key store speaks of many keys and is left out.
    """
    groups = history.groups
    keys: dict[int, str] = {}
    served: dict[int, str] = {}
    for arn, facts in groups.key_facts.items():
        for fact in facts:
            if not isinstance(fact.event, StoreEvent):
                held = served if isinstance(fact.event, KeyServed) else keys
                held |= dict.fromkeys(_entries(fact), arn)
    of: dict[int, str] = {}
    for identity, facts in groups.database_facts.items():
        for fact in facts:
            of |= dict.fromkeys(_entries(fact), identity)
    for identity, snapshots in history.snapshots.items():
        for snapshot in snapshots:
            for fact in groups.snapshot_facts.get(snapshot.arn, ()):
                for entry in _entries(fact):
                    of.setdefault(entry, identity)
    for entry in sorted({*keys, *served, *of}):
        yield entry, keys.get(entry) or served.get(entry), of.get(entry)


def aliases(history: History) -> Iterator[Cells]:
    """Yield the rows of `aliases`."""
    moves: dict[str, list[Fact]] = {}
    for fact in history.groups.facts:
        if isinstance(fact.event, AliasEvent) and not fact.has_failed:
            moves.setdefault(fact.event.alias, []).append(fact)
    for alias, facts in sorted(moves.items()):
        ends = [*(fact.evidence.time for fact in facts[1:]), None]
        for fact, end in zip(facts, ends, strict=True):
            said = fact.evidence
            if end == said.time:
                continue
            key = fact.event.key if isinstance(fact.event, AliasPointed) else None
            name = "alias/" + alias.partition(":alias/")[2]
            yield alias, name, key, said.time, end, said.actor, said.entry


def gaps(history: History) -> Iterator[Cells]:
    """Yield the rows of `gaps`."""
    for gap in history.gaps:
        cause = gap.cause
        yield gap.account, gap.start, gap.end, gap.is_of_kms, cause.actor, cause.entry


def _entries(fact: Fact) -> tuple[int, ...]:
    return (fact.evidence.entry, *fact.evidence.twins)
