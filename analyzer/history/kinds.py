"""Kinds: facts of some kinds of events, or of some entries, without a look at all the others."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import chain
from types import UnionType
from typing import get_args

from analyzer.resource import Fact


class Kinds:
    """Facts by what they are about. Most kinds are rare, and most questions are about one."""

    def __init__(self, facts: Sequence[Fact]) -> None:
        """Take facts in order."""
        self._facts = facts
        self._places: dict[type, list[int]] = defaultdict(list)
        for place, fact in enumerate(facts):
            self._places[type(fact.event)].append(place)
        self._by_entry: dict[int, int] = {}

    def of(self, *kinds: type | UnionType) -> list[Fact]:
        """Return the facts of some kinds of events, or of unions of them, in order."""
        asked = dict.fromkeys(one for kind in kinds for one in get_args(kind) or (kind,))
        found = [self._places[kind] for kind in asked if kind in self._places]
        places = found[0] if len(found) == 1 else sorted(chain.from_iterable(found))
        return [self._facts[place] for place in places]

    def at_entries(self, entries: Iterable[int]) -> list[Fact]:
        """Return the facts that some entries of the ledger state, in order."""
        if not self._by_entry:
            self._by_entry = {fact.evidence.entry: at for at, fact in enumerate(self._facts)}
        places = (self._by_entry[entry] for entry in entries if entry in self._by_entry)
        return [self._facts[place] for place in sorted(places)]
