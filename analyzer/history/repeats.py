"""Repeats: records that several ledgers hold, each taken once as if one ledger held them all."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from analyzer.cloudtrail.record import content
from analyzer.evidence import Evidence
from analyzer.resource import Fact

Facts = Sequence[Fact]
Identity = tuple[str, str]
IsSame = Callable[[Evidence, Evidence], bool]
"""Whether two records of one identity say the same, white space and order of members aside."""


def identity(said: Evidence) -> Identity:
    """Return what makes two records the same one, whatever they say, as it does in a ledger."""
    return (said.event_id or said.digest, said.account or "")


def is_alike(one: bytes | None, other: bytes | None) -> bool:
    """Whether two payloads say the same; of one that was erased nobody knows what it said."""
    return one is not None and other is not None and content(one) == content(other)


def once(parts: Sequence[Facts], is_same: IsSame) -> tuple[tuple[Fact, ...], tuple[Evidence, ...]]:
    """Take each record once.

    What the first ledger says stands, as what is sealed first does in one.

    Args:
        parts: the facts of each ledger; within one none is repeated.
        is_same: asked only of records of one identity with other bytes.

    Returns:
        The facts, and the records that contradict one of them.
    """
    if len(parts) == 1:
        return tuple(parts[0]), ()
    first: dict[Identity, Evidence] = {}
    facts: list[Fact] = []
    contradictions: list[Evidence] = []
    for part in parts:
        for fact in part:
            said = fact.evidence
            known = first.setdefault(identity(said), said)
            if known is said:
                facts.append(fact)
            elif known.digest != said.digest and not is_same(known, said):
                contradictions.append(said)
    return tuple(facts), tuple(contradictions)
