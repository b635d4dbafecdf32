"""Pointers: the names under which a call may mean a key: aliases, and vaults of AWS Backup."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from analyzer.moment import Moment
from analyzer.resource import Fact
from analyzer.resources.kms_alias import AliasPointed
from analyzer.timeline import Timeline


class Pointers:
    """At which key names point, and when.

    Attributes:
        aliases: for each alias ARN the key it pointed at, None once it was deleted.
        of_key: for each key the aliases that ever pointed at it.
    """

    def __init__(self, aliases: Iterable[Fact], vaults: Iterable[Fact]) -> None:
        """Take the facts about either, in time order; failed ones are passed over."""
        changes: dict[str, list[tuple[Moment, str | None]]] = defaultdict(list)
        self.of_key: dict[str, set[str]] = defaultdict(set)
        for fact in aliases:
            event = fact.event
            if fact.has_failed:
                continue
            target = event.key if isinstance(event, AliasPointed) else None
            changes[event.alias].append((fact.evidence.time, target))
            if target is not None:
                self.of_key[target].add(event.alias)
        self.aliases = {alias: Timeline(pointed) for alias, pointed in changes.items()}
        self._vaults: dict[str, str] = {
            fact.event.vault: fact.event.key for fact in vaults if not fact.has_failed
        }

    def key(self, name: str, at: Moment) -> str:
        """Return the key behind an alias as it pointed then, or a vault; a key as it is."""
        named = self._vaults.get(name, name)
        pointed = self.aliases.get(named)
        return (pointed.at(at) if pointed is not None else None) or named
