"""Happenings: the control events in order, each with what it touched and what it did."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from analyzer.answers.shape import Scope
from analyzer.answers.timeline import database_effect, key_effect
from analyzer.evidence import Evidence
from analyzer.moment import Moment
from analyzer.playback.mark import Gravity, Mark
from analyzer.resource import Fact
from analyzer.resources.kms_alias import AliasEvent, AliasPointed
from analyzer.resources.kms_grant import GrantEvent
from analyzer.resources.kms_key.events import KeyEvent, KeyServed
from analyzer.resources.kms_key.store import StoreEvent
from analyzer.resources.trail import TrailEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """One control event.

    Attributes:
        evidence: its record.
        service: `kms`, `rds` or `cloudtrail`.
        tracks: ids of the keys and databases that it speaks of.
        effect: what it did, in a few words; empty for nothing.
        mark: the gravest mark that it made.
        words: everything a filter looks at, in lower case.
        removed: why it does not count in a counterfactual: `crossed out`, or `follows` from one
            that is; empty where it counts.
    """

    evidence: Evidence
    service: str
    tracks: tuple[str, ...]
    effect: str
    mark: Mark | None
    words: str
    removed: str = ""

    @property
    def at(self) -> Moment:
        """When it happened."""
        return self.evidence.time

    @property
    def gravity(self) -> Gravity | None:
        """How much it matters; None for an event that marks nothing."""
        return self.mark.gravity if self.mark is not None else None


def happenings_of(
    scope: Scope, marks: Iterable[Mark], names: Mapping[str, str]
) -> tuple[Happening, ...]:
    """Return every control event in time order.

    Args:
        scope: the history that they are told by.
        marks: what they brought about.
        names: how each track is called.
    """
    touched = _touched(scope)
    gravest: dict[tuple[int, Moment], Mark] = {}
    for mark in sorted(marks, key=lambda one: one.gravity):
        if mark.entry is not None:
            gravest[mark.entry, mark.at] = mark
    return tuple(
        _happening(
            scope, fact, touched.get(fact.evidence.entry, ()), names,
            # Where a clock that the event started ran out later, that moment has no event.
            gravest.get((fact.evidence.entry, fact.evidence.time)),
        )
        for fact in scope.history.groups.facts
    )  # fmt: skip


def crossed_out(happening: Happening, why: str) -> Happening:
    """Return an event as it is shown where it does not count: it did nothing."""
    return replace(happening, effect="", mark=None, removed=why)


def _happening(
    scope: Scope,
    fact: Fact,
    tracks: tuple[str, ...],
    names: Mapping[str, str],
    mark: Mark | None,
) -> Happening:
    by, service = fact.evidence, _service(fact)
    spoken = (
        service, by.event_name, by.event_id, by.actor, by.session, by.source_ip, by.region,
        by.account, by.error, *tracks, *(names.get(one) for one in tracks),
    )  # fmt: skip
    return Happening(
        evidence=by,
        service=service,
        tracks=tracks,
        effect=_effect(scope, fact, tracks, names),
        mark=mark,
        words=" ".join(word for word in spoken if word).lower(),
    )


def _service(fact: Fact) -> str:
    if isinstance(fact.event, KeyEvent | AliasEvent | GrantEvent | StoreEvent):
        return "kms"
    return "cloudtrail" if isinstance(fact.event, TrailEvent) else "rds"


def _effect(scope: Scope, fact: Fact, tracks: tuple[str, ...], names: Mapping[str, str]) -> str:
    """Return the first move among what the event touched."""
    if fact.has_failed:
        return ""
    for track in tracks:
        if track in scope.history.groups.database_facts:
            said = database_effect(scope, track, fact)
        else:
            said = key_effect(scope, track, fact)
        if not said.startswith("none: "):
            return said
    pointed = isinstance(fact.event, AliasPointed) and names.get(fact.event.key)
    return f"points at {pointed}" if pointed else ""


def _touched(scope: Scope) -> dict[int, tuple[str, ...]]:
    """Return for each entry the tracks that it speaks of: databases before keys."""
    groups, found = scope.history.groups, defaultdict[int, dict[str, None]](dict)
    for identity, facts in groups.database_facts.items():
        for fact in facts:
            found[fact.evidence.entry][identity] = None
    for identity, held in scope.history.snapshots.items():
        for snapshot in held:
            for fact in groups.snapshot_facts.get(snapshot.arn, ()):
                found[fact.evidence.entry][identity] = None
    for arn, facts in groups.key_facts.items():
        for fact in facts:
            if not isinstance(fact.event, KeyServed):
                found[fact.evidence.entry][arn] = None
    for fact in groups.facts:
        if isinstance(fact.event, AliasEvent):
            target = groups.aliases.get(fact.event.alias)
            pointed = target.at(fact.evidence.time) if target is not None else None
            if isinstance(fact.event, AliasPointed):
                pointed = fact.event.key
            if pointed is not None:
                found[fact.evidence.entry][pointed] = None
    return {entry: tuple(tracks) for entry, tracks in found.items()}
