"""Survey: what rules ask of a scope again and again: what lies under which key, and its names."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property

from analyzer.answers.shape import Scope
from analyzer.evidence import Evidence
from analyzer.history.signs import arn_of
from analyzer.moment import Moment
from analyzer.policy.changes import Change, Standing, changes, standing
from analyzer.policy.effects import Kind
from analyzer.recovery.copies import Copy, CopyState
from analyzer.recovery.copies import Kind as CopyKind
from analyzer.recovery.database import DatabaseState
from analyzer.recovery.held import Held
from analyzer.resource import Fact
from analyzer.resources.kms_grant import GrantEvent
from analyzer.resources.kms_key.events import KeyEvent
from analyzer.resources.kms_key.store import StoreEvent
from analyzer.resources.rds_backup import BackupEvent
from analyzer.resources.rds_database.events import DatabaseEvent
from analyzer.resources.rds_sharing import SnapshotShared
from analyzer.resources.rds_snapshot import SnapshotEvent
from analyzer.resources.trail import TrailCall
from analyzer.timeline import DAWN, Span, Timeline, stretches
from analyzer.wording import named, short


class Survey:
    """A scope and what follows from it for every rule; worked out when asked for, and kept."""

    def __init__(self, scope: Scope) -> None:
        """Take the scope; nothing is worked out yet."""
        self.scope = scope
        self.history = scope.history
        self.at = scope.at
        self._held: dict[str, Timeline[tuple[CopyState, ...]]] = {}

    @cached_property
    def facts(self) -> tuple[Fact, ...]:
        """The facts up to the moment asked about, in time order."""
        facts = self.history.groups.facts
        return tuple(fact for fact in facts if fact.evidence.time <= self.at)

    @cached_property
    def databases(self) -> tuple[str, ...]:
        """The identities of all databases, sorted."""
        return tuple(sorted(self.history.groups.database_facts))

    @cached_property
    def copies_under(self) -> dict[str, list[tuple[str, Copy]]]:
        """By key ARN: each copy that ever lay under it, with its database's identity."""
        found: dict[str, list[tuple[str, Copy]]] = defaultdict(list)
        for identity in self.databases:
            for copy in self.history.copies(identity):
                for key in {state.key for state in copy.values if state.key is not None}:
                    found[key].append((identity, copy))
        return dict(found)

    def dependants(self, key: str, at: Moment) -> tuple[str, ...]:
        """Return the databases of which some data lies under a key at a moment, sorted.

        An export does not count: no database is restored from one. Copies that are dead count: it
        is the key that killed them.
        """
        found = {
            identity
            for identity, copy in self.copies_under.get(key, ())
            if (state := copy.at(at)) is not None
            and state.kind is not CopyKind.EXPORT
            and state.condition.value != "gone"
        }
        return tuple(sorted(found))

    def dependants_within(self, key: str, start: Moment, end: Moment | None) -> tuple[str, ...]:
        """Return what lay under a key when a stretch began or as it ended, or lies there now."""
        last = self.at if end is None else min(self.at, end - 1)
        found = {*self.dependants(key, start), *self.dependants(key, max(start, last))}
        return tuple(sorted(found))

    @cached_property
    def policies(self) -> dict[str, tuple[Change, ...]]:
        """By key ARN: the policies that it ever had, as far as records tell."""
        return {arn: changes(arn, facts) for arn, facts in self.history.groups.key_facts.items()}

    def effects(self, *kinds: Kind) -> Iterator[tuple[str, Standing]]:
        """Yield the effects of these kinds that changes of policy had, with the key's ARN."""
        return ((arn, one) for arn, one in self._effects if one.effect.kind in kinds)

    @cached_property
    def _effects(self) -> tuple[tuple[str, Standing], ...]:
        return tuple(
            (arn, one) for arn, held in self.policies.items() for one in standing(arn, held)
        )

    def names(self, identities: tuple[str, ...], at: Moment) -> str:
        """Spell databases by their names, the first few of many."""
        return named(sorted(self.name(identity, at) for identity in identities))

    def name(self, identity: str, at: Moment) -> str:
        """Return the name of a database at a moment, or the nearest known one."""
        return short(self.arn(identity, at)).partition(":")[2] or identity

    def arn(self, identity: str, at: Moment) -> str:
        """Return the ARN of a database at a moment, or the nearest known one."""
        states = self.history.database(identity)
        state = states.at(at) or states.last
        if state is not None:
            return state.traits.arn
        return arn_of(identity, self.history.groups.database_facts.get(identity, ()))

    def key_name(self, arn: str, at: Moment) -> str:
        """Return how people called a key at a moment: by an alias, else by its id."""
        pointing = (name for name, targets in self._aliases.get(arn, ()) if targets.at(at) == arn)
        return next(pointing, arn.rpartition("/")[2])

    @cached_property
    def _aliases(self) -> dict[str, list[tuple[str, Timeline[str | None]]]]:
        """By key ARN: the aliases that ever pointed at it, and at what they pointed when."""
        found: dict[str, list[tuple[str, Timeline[str | None]]]] = defaultdict(list)
        for alias, targets in sorted(self.history.groups.aliases.items()):
            for key in {target for target in targets.values if target is not None}:
                found[key].append((short(alias), targets))
        return dict(found)

    @cached_property
    def _owners(self) -> dict[str, str]:
        """The database whose data each snapshot holds."""
        return {
            one.arn: identity for identity, held in self.history.snapshots.items() for one in held
        }

    def owner(self, snapshot: str) -> str | None:
        """Return the database whose data a snapshot holds, None where no record tells."""
        return self._owners.get(snapshot)

    def is_aws_managed(self, key: str | None, at: Moment) -> bool:
        """Whether a key is AWS's own in the account, as far as records tell by then."""
        state = self.history.key(key).at(at) if key is not None else None
        return state is not None and state.manager == "AWS"

    def anchor(self, resource: str, at: Moment) -> str:
        """Return what ties findings together: a key, else the database or account itself."""
        if ":key/" in resource:
            return resource
        identity = self._owners.get(resource)
        if identity is None and ":rds:" in resource:
            identity = self.history.groups.identities.at(resource, at)
        if identity is None:
            return (resource.split(":") + [""] * 5)[4] or resource
        return self.history.key_of(identity) or identity

    def resource_of(self, fact: Fact) -> str:
        """Return what a fact is about: an ARN, or a trail's or store's name."""
        event = fact.event
        if isinstance(event, DatabaseEvent | SnapshotEvent):
            return event.seen.arn
        if isinstance(event, BackupEvent):
            return event.database_arn or event.database_id or ""
        if isinstance(event, StoreEvent):
            return event.store
        if isinstance(event, TrailCall):
            return fact.evidence.account or event.trail
        if isinstance(event, SnapshotShared):
            return event.snapshot
        return event.key if isinstance(event, KeyEvent | GrantEvent) else ""

    def key_of_snapshot(self, snapshot: str) -> str | None:
        """Return the key under which a snapshot lies, None where no record tells."""
        identity = self.owner(snapshot)
        held = self.history.snapshots.get(identity or "", ())
        own = next((one.key for one in held if one.arn == snapshot and one.key is not None), None)
        return own or (self.history.key_of(identity) if identity is not None else None)

    def first_record(self, identity: str) -> Evidence:
        """Return the record by which a database is first heard of."""
        return self.history.groups.database_facts[identity][0].evidence

    def stretches_of_copies(
        self, identity: str, holds: Callable[[Sequence[CopyState]], bool]
    ) -> Iterator[Span[tuple[CopyState, ...]]]:
        """Yield the stretches in which a living database's restorable copies satisfy *holds*."""
        if identity not in self._held:
            copies, states = self.history.copies(identity), self.history.database(identity)
            moments = sorted({*states.starts, *(start for one in copies for start in one.starts)})
            self._held[identity] = Timeline(_left(states, Held(copies), moments))
        return stretches(self._held[identity], lambda found: bool(found) and holds(found))

    def died(self, identity: str) -> Moment | None:
        """Return when a database was deleted, None where it lives."""
        spans = self.history.database(identity).spans()
        return next((span.start for span in spans if span.value.deleted_by is not None), None)

    def born(self, identity: str) -> Moment:
        """Return when a database is first heard of."""
        starts = self.history.database(identity).starts
        return starts[0] if starts else DAWN


def _left(
    states: Timeline[DatabaseState], held: Held, moments: Iterable[Moment]
) -> Iterator[tuple[Moment, tuple[CopyState, ...]]]:
    """Yield what could be restored of a living database; nothing of a deleted one."""
    for at in moments:
        held.move_to(at)
        state = states.at(at)
        is_there = state is not None and state.deleted_by is None
        yield at, tuple(held.living) if is_there else ()
