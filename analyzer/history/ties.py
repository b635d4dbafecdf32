"""Ties: by which names records hang together, so that what hangs together can be replayed apart.

A resource depends on its own records and on those of what they name, near or far. Two records that
share no name, directly or through others, never bear on one row of any table. To tie too much costs
nothing but size, so that every text of an event counts as a name unless it is known to be none.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from enum import Enum
from heapq import heapify, heapreplace
from typing import Any, Final

from analyzer.frozen import Frozen
from analyzer.resource import Fact
from analyzer.resources.rds_blue_green import OLD

_NO_NAMES: Final = frozenset({
    "added", "encryption_type", "engine", "engine_mode", "grantee", "kind", "manager", "material",
    "materials", "message", "operations", "origin", "policy", "region", "removed", "spec",
    "status", "usage", "what",
})  # fmt: skip
"""Members of events whose texts name no resource."""

_OF_AWS = re.compile(r"(?:[a-z]+-[A-Z0-9]{16,}|(?:key/)?(?:mrk-)?[0-9a-f-]{32,36})\Z", re.ASCII)
"""Ids that AWS gives, no two alike: resource ids of databases, ids of keys."""


def ties(fact: Fact) -> frozenset[str]:
    """Return the names by which a fact hangs together with others.

    What a person named is told apart by account, and no further: an ARN and a bare name of one
    thing are one tie. Names are written in any case. A database that a switchover renamed hangs
    together with the name that it had, whether or not a record says so.
    """
    said = fact.evidence
    texts = set(_texts(fact.event))
    accounts = {said.account or "", *(one.split(":")[4] for one in texts if _is_arn(one))}
    names = {spelled for text in texts for spelled in _spelled(text, accounts)}
    earlier = {name.removesuffix(OLD) for name in names}
    return frozenset(names | earlier | {one for one in (said.event_id, said.shared_id) if one})


def _texts(value: Any, name: str = "") -> Iterator[str]:
    match value:
        case Enum():
            return
        case str():
            if value and name not in _NO_NAMES:
                yield value
        case tuple():
            for one in value:
                yield from _texts(one, name)
        case Frozen():
            for member in value.__struct_fields__:
                yield from _texts(getattr(value, member), member)
        case _:
            return


def _spelled(text: str, accounts: Iterable[str]) -> Iterator[str]:
    last = text.rpartition(":")[2]
    if _OF_AWS.match(last):
        yield last.removeprefix("key/")
    elif _is_arn(text):
        yield f"{text.split(':')[4]}/{last}".lower()
    else:
        yield from (f"{account}/{last}".lower() for account in accounts)


def _is_arn(text: str) -> bool:
    return text.startswith("arn:") and text.count(":") > 4  # noqa: PLR2004 - an ARN has six parts


def components(tied: Iterable[Iterable[int]]) -> list[int]:
    """Return for each of some things the number of the component that it belongs to.

    Args:
        tied: for each thing, its ties; two things with a tie in common are of one component.
    """
    above: dict[int, int] = {}

    def root(one: int) -> int:
        while (up := above.setdefault(one, one)) != one:
            above[one] = one = above[up]
        return one

    firsts: list[int] = []
    for of_one in tied:
        roots = {root(tie) for tie in of_one}
        first = min(roots, default=0)
        above |= dict.fromkeys(roots, first)
        firsts.append(first)
    return [root(first) for first in firsts]


def parts(found: Sequence[int], count: int) -> list[int]:
    """Return for each of some things the part that it goes to, parts being alike in size.

    Args:
        found: the component of each; a component stays in one part.
        count: how many parts there may be.
    """
    sizes: dict[int, int] = {}
    for one in found:
        sizes[one] = sizes.get(one, 0) + 1
    loads = [(0, part) for part in range(count)]
    heapify(loads)
    place: dict[int, int] = {}
    for one in sorted(sizes, key=lambda one: (-sizes[one], one)):
        load, part = loads[0]
        place[one] = part
        heapreplace(loads, (load + sizes[one], part))
    return [place[one] for one in found]
