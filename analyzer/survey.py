"""Survey: what rules ask of a scope again and again: what lies under which key, and its names."""

from __future__ import annotations

from collections import defaultdict
from functools import cached_property

from analyzer.answers.shape import Scope
from analyzer.groups import arn_of
from analyzer.moment import Moment
from analyzer.recovery.copies import Copy, Kind
from analyzer.resource import Fact
from analyzer.timeline import DAWN, Timeline
from analyzer.wording import named, short


class Survey:
    """A scope and what follows from it for every rule; worked out when asked for, and kept."""

    def __init__(self, scope: Scope) -> None:
        """Take the scope; nothing is worked out yet."""
        self.scope = scope
        self.history = scope.history
        self.at = scope.at

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
            and state.kind is not Kind.EXPORT
            and state.condition.value != "gone"
        }
        return tuple(sorted(found))

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

    def born(self, identity: str) -> Moment:
        """Return when a database is first heard of."""
        starts = self.history.database(identity).starts
        return starts[0] if starts else DAWN
