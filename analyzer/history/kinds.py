"""Kinds: the facts of some kinds of events, found without looking at all the others."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
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

    def of(self, *kinds: type | UnionType) -> list[Fact]:
        """Return the facts of some kinds of events, or of unions of them, in order."""
        asked = dict.fromkeys(one for kind in kinds for one in get_args(kind) or (kind,))
        found = [self._places[kind] for kind in asked if kind in self._places]
        places = found[0] if len(found) == 1 else sorted(chain.from_iterable(found))
        return [self._facts[place] for place in places]
